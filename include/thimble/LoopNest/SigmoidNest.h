//===- SigmoidNest.h - Integer logistic and tanh ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Logistic and tanh of one int16 element by a table with straight lines between
// its entries.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_SIGMOIDNEST_H
#define THIMBLE_LOOPNEST_SIGMOIDNEST_H

#include "thimble/LoopNest/StepBuilder.h"
#include "thimble/Support/Int16Parameters.h"

namespace thimble {

/// The table `sigmoid`, the first of the step's.
ConstantTable sigmoidConstants();

/// From an i32 in the range of int16 to the i32 that is stored.
/// @{
mlir::Value buildInt16Logistic(StepBuilder &b, mlir::Value x,
                               SigmoidParameters parameters);
mlir::Value buildInt16Tanh(StepBuilder &b, mlir::Value x,
                           SigmoidParameters parameters);
/// @}

} // namespace thimble

#endif // THIMBLE_LOOPNEST_SIGMOIDNEST_H

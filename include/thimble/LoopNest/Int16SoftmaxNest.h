//===- Int16SoftmaxNest.h - Softmax loops for int16 -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax over groups of int16 with tables of straight lines.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_INT16SOFTMAXNEST_H
#define THIMBLE_LOOPNEST_INT16SOFTMAXNEST_H

#include "thimble/LoopNest/StepBuilder.h"
#include "thimble/Support/Int16Parameters.h"

namespace thimble {

/// The tables `exponentials` and `reciprocals`, the first of the step's.
llvm::SmallVector<ConstantTable> softmaxInt16Tables();

/// `b.pixels` groups of `size` int16 elements, in place if the caller wants:
/// the output holds the exponentials on the way.
void buildInt16Softmax(StepBuilder &b, int64_t size,
                       QuantizedMultiplier inputMultiplier);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_INT16SOFTMAXNEST_H

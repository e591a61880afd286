//===- SparseScheme.h - Schemes that do not store zeros ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface of such schemes, generated.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_SPARSESCHEME_H
#define THIMBLE_DIALECT_THIMBLE_IR_SPARSESCHEME_H

#include "mlir/IR/Attributes.h"
#include "thimble/LoopNest/SparseBlocks.h"

#include "thimble/Dialect/Thimble/IR/ThimbleSparseInterface.h.inc"

#endif // THIMBLE_DIALECT_THIMBLE_IR_SPARSESCHEME_H

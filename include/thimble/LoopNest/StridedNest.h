//===- StridedNest.h - Loops over strided tensors ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops over an index space in which every operand has a stride a dimension:
// broadcasts, reductions, transposes, slices. Dimensions that are contiguous
// for all operands become one.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_STRIDEDNEST_H
#define THIMBLE_LOOPNEST_STRIDEDNEST_H

#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// The bytes of an operand that an index of the space reads or writes.
struct StridedOperand {
  mlir::Value base;
  int64_t offset = 0;                 ///< of index 0, in bytes
  llvm::SmallVector<int64_t> strides; ///< bytes, one a dimension, 0 broadcasts
};

/// Runs `body` with every operand's address for each index, last dimension
/// fastest.
void buildStridedLoops(
    StepBuilder &b, llvm::ArrayRef<int64_t> shape,
    llvm::ArrayRef<StridedOperand> operands,
    llvm::function_ref<void(llvm::ArrayRef<mlir::Value> addresses)> body);

/// Copies elements of `elementBytes` from operand `from` to operand `to`,
/// contiguous runs by memcpy.
void buildStridedCopy(StepBuilder &b, llvm::ArrayRef<int64_t> shape,
                      StridedOperand to, StridedOperand from,
                      int64_t elementBytes);

/// Row-major strides of a shape, in bytes.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape,
                                           int64_t elementBytes);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_STRIDEDNEST_H

//===- Binary.h - What add, sub and mul share -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Row steps for equal shapes, strided loops where one operand is broadcast or
// constant.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_BINARY_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_BINARY_H

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/Requantize.h"

namespace thimble {

StepSpec binarySpec(mlir::Operation *op);
RowWindow binaryRowWindow(mlir::Operation *op, unsigned index);

/// Runs `body` on the addresses of both operands' elements; it returns the
/// value to store.
void buildBinaryStep(
    mlir::Operation *op, StepBuilder &b,
    llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> body);

/// What add and sub share. `subtract` says which it is.
/// @{
mlir::LogicalResult verifySum(mlir::Operation *op);
void buildSumStep(mlir::Operation *op, StepBuilder &step, bool subtract);
ChannelRanges sumRanges(mlir::Operation *op,
                        llvm::ArrayRef<ChannelRanges> operands, bool subtract);
/// @}

/// The ranges of a result whose element is `range` of one element of each
/// operand, channels of size 1 being broadcast.
ChannelRanges binaryRanges(
    mlir::Operation *op, llvm::ArrayRef<ChannelRanges> operands,
    llvm::function_ref<ChannelRange(ChannelRange, ChannelRange)> range);

/// The storage range of an integer op's tensors, int8 or int16.
ClampRange storageRange(mlir::Operation *op);
/// The element of an integer operand of `op` at an address, as i32.
mlir::Value loadOperand(mlir::Operation *op, StepBuilder &b,
                        mlir::Value address);
/// An i32 as the integer element of the result.
mlir::Value toResult(mlir::Operation *op, StepBuilder &b, mlir::Value value);

/// Shapes broadcast to the result's; all tensors int8, int16 or float.
mlir::LogicalResult verifyBinary(mlir::Operation *op);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_BINARY_H

//===- Elementwise.h - What element-by-element ops share --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Row steps, tables of 256 entries, and verification.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StepBuilder.h"
#include "thimble/Support/ActivationTables.h"

namespace thimble {

/// The spec of an op that computes each element from the same element of
/// operand 0: rows may be joined, and overwrite their input if elements keep
/// their size. `pixels` are elements.
StepSpec elementwiseSpec(mlir::Operation *op);

/// The spec and the step of an op that is a table for int8 operands, and `body`
/// (from an f32 element to the result's) for others.
/// @{
StepSpec tabulatedSpec(TabulatedOp op);
void buildTabulatedStep(TabulatedOp op, StepBuilder &step,
                        llvm::function_ref<mlir::Value(mlir::Value x)> body);
/// @}

/// Runs `body` on each element: from the address of the input to the value to
/// store.
void buildElementwiseStep(
    StepBuilder &b, int64_t inputBytes, int64_t outputBytes,
    llvm::function_ref<mlir::Value(mlir::Value address)> body);

/// Operand and result have the same shape and are both f32 or both int8.
mlir::LogicalResult verifyUnary(mlir::Operation *op);
/// The same, and the scale of an int8 operand of a logistic or tanh fits.
mlir::LogicalResult verifySigmoid(mlir::Operation *op);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H

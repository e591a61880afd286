//===- Elementwise.h - What element-by-element ops share --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Row steps, tables of 256 entries, and verification.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/Requantize.h"
#include "thimble/Support/ActivationTables.h"

namespace thimble {

/// The spec of an op that computes each element from the same element of
/// operand 0: rows may be joined, and overwrite their input if elements keep
/// their size. `pixels` are elements.
StepSpec elementwiseSpec(mlir::Operation *op);

/// The spec and the step of an op that is a table for int8, `floatBody` (from
/// an f32 element to the result's) for f32 operands, and `integerBody` (from an
/// i32 to the i32 that is stored, in the result's range) for other integers.
/// @{
using ElementBody = llvm::function_ref<mlir::Value(mlir::Value x)>;
StepSpec tabulatedSpec(TabulatedOp op);
void buildTabulatedStep(TabulatedOp op, StepBuilder &step,
                        ElementBody floatBody, ElementBody integerBody = {});
/// @}
/// `factor` times the operand's scale over the result's.
QuantizedMultiplier rescaling(mlir::Operation *op, double factor = 1.0);
/// The element of `value`, an int8 or int16, at an address as i32.
mlir::Value loadInteger(StepBuilder &b, mlir::Value value, mlir::Value address);
/// clamp(x * multiplier + zero point of `output`) for |x| <= `bound`, in the
/// range of int8 or int16 `output`, and not below `low`.
mlir::Value buildRescale(StepBuilder &b, mlir::Value x,
                         QuantizedMultiplier multiplier, mlir::Value output,
                         int64_t bound, int32_t low);

/// Runs `body` on each element: from the address of the input to the value to
/// store.
void buildElementwiseStep(
    StepBuilder &b, int64_t inputBytes, int64_t outputBytes,
    llvm::function_ref<mlir::Value(mlir::Value address)> body);

/// Operand and result have the same shape and are of one kind (see
/// verifySameKind).
mlir::LogicalResult verifyUnary(mlir::Operation *op);
/// The same, and the scale of an int8 operand of a logistic or tanh fits.
mlir::LogicalResult verifySigmoid(mlir::Operation *op);
/// For an op with scales that int16 logistic or tanh does not take.
mlir::LogicalResult emitInt16ScaleError(mlir::Operation *op);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H

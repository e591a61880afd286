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

/// The spec of an int8 op whose result is a table's entry.
StepSpec tableSpec(mlir::Operation *op, const ActivationTable &table);
void buildTableStep(StepBuilder &b);

/// Runs `body` on each element: from the address of the input to the value to
/// store.
void buildElementwiseStep(
    StepBuilder &b, int64_t inputBytes, int64_t outputBytes,
    llvm::function_ref<mlir::Value(mlir::Value address)> body);

/// Operand and result have the same shape and are both f32 or both int8.
mlir::LogicalResult verifyUnary(mlir::Operation *op);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_ELEMENTWISE_H

//===- IdentityFold.h - Ops that change nothing -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where an op that keeps every element in place may give way to its operand.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_IDENTITYFOLD_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_IDENTITYFOLD_H

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

namespace thimble {

/// Folds an op that copies operand 0 to that operand if the types are equal;
/// otherwise folds nothing. A model's result stays the result of an op of its
/// own (the GRAPH contract), and an op's activation operand no constant.
mlir::OpFoldResult foldToOperand(mlir::Operation *op);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_IDENTITYFOLD_H

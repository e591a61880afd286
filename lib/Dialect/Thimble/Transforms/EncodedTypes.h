//===- EncodedTypes.h - Where a tensor may be encoded -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Upstream passes drop or copy the encoding of a tensor type without a word;
// the verifiers of the stages say where it is legal.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_ENCODEDTYPES_H
#define THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_ENCODEDTYPES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace thimble {

/// Encoded tensors are results of thimble.constant, operands and arguments of
/// thimble.kernel, weight operands, and operands of thimble.decode, and nothing
/// else. Otherwise emits an error.
mlir::LogicalResult verifyEncodedTypes(mlir::func::FuncOp function);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_ENCODEDTYPES_H

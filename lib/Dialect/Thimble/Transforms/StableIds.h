//===- StableIds.h - Names that ops keep from source to object --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A layer is counted, sized and profiled by the id of its source op: the
// verifiers of all stages look after it.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_STABLEIDS_H
#define THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_STABLEIDS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace thimble {

/// Every graph op in the body of `model` has an id, and every kernel; no two
/// have the same. Otherwise emits an error.
mlir::LogicalResult verifyStableIds(mlir::func::FuncOp model);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_STABLEIDS_H

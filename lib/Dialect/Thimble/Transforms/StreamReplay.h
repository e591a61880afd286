//===- StreamReplay.h - Checks plans with streams byte by byte --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: the replay of a function in which layers are computed
// row by row.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_STREAMREPLAY_H
#define THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_STREAMREPLAY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace thimble {

/// Runs the function's layers and streams in an arena of `arenaBytes` bytes
/// that know which row they belong to. An error if a row is read that is not
/// where it should be, or written over what the same step reads.
mlir::LogicalResult replayStreams(mlir::func::FuncOp model, int64_t arenaBytes);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_STREAMREPLAY_H

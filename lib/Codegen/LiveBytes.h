//===- LiveBytes.h - Room in the arena while a layer runs -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An estimate of the arena before it is planned, for choices that cost scratch.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_LIVEBYTES_H
#define THIMBLE_LIB_CODEGEN_LIVEBYTES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "llvm/ADT/DenseMap.h"

namespace thimble {

/// Bytes of tensors and scratch that are live in each kernel of a function, in
/// the order as it is; the planner finds no worse one.
class LiveBytes {
public:
  explicit LiveBytes(mlir::func::FuncOp model);

  /// Bytes of scratch that `op` may use beyond what it has: up to `maxRam`, or,
  /// if that is negative, up to the largest need of any layer. Not negative.
  /// An op that works in several tiles cannot overwrite its input.
  int64_t room(KernelOp op, int64_t maxRam, bool hasTiles) const;

private:
  struct Need {
    int64_t bytes = 0;
    int64_t saved = 0; ///< bytes of the result that lie over a dying input
  };
  llvm::DenseMap<mlir::Operation *, Need> needs;
  int64_t peak = 0;
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_LIVEBYTES_H

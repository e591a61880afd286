//===- ChannelAnalysis.h - Channels that need not be there ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which channels of which tensors may go without changing a bit of a function's
// results: those that are constant and that all readers can account for, and
// those that nothing reads.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_CHANNELANALYSIS_H
#define THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_CHANNELANALYSIS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "llvm/ADT/MapVector.h"

namespace thimble {

/// The result of the analysis of one function, a single block of ops. The flow
/// of each op that channels can be told of is in program order.
class ChannelAnalysis {
public:
  explicit ChannelAnalysis(mlir::func::FuncOp function);

  /// Null for an op that needs all channels.
  const ChannelFlow *flowOf(mlir::Operation *op) const;

private:
  /// Ranges forwards, from operands to results.
  void inferRanges(mlir::Block &block);
  const ChannelRanges &rangesOf(mlir::Value value);
  /// What must stay whatever else does: arguments, results, and what ops read
  /// that channels cannot be told of.
  void keepFixed(mlir::Block &block);
  void keepAll(mlir::Value value);
  llvm::BitVector &keptOf(mlir::Value value);
  /// Adds to what stays of a value. True if that is more than before.
  bool add(mlir::Value value, const llvm::BitVector &channels);
  /// Asks one op. True if something was added.
  bool update(mlir::Operation *op, ChannelFlow &flow);
  /// Asks ops until none adds anything.
  void solve();
  /// Keeps a channel of the last operand that would lose all of its channels
  /// and may not. False if there is none.
  bool keepOneOfEmptied();

  llvm::MapVector<mlir::Operation *, ChannelFlow> flows;
  llvm::DenseMap<mlir::Value, ChannelRanges> ranges;
  llvm::DenseMap<mlir::Value, llvm::BitVector> kept;
};

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_CHANNELANALYSIS_H

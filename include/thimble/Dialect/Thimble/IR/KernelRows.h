//===- KernelRows.h - How rows flow through a kernel ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the planner of memory, its verifier and the choice of encodings know of
// the row steps of a thimble.kernel, from the WindowedOp interface of its root
// and from what the selector recorded.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_KERNELROWS_H
#define THIMBLE_DIALECT_THIMBLE_IR_KERNELROWS_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/LoopNest/RowTable.h"

namespace thimble {

/// One activation that a kernel reads.
struct KernelOperandRows {
  unsigned input;   ///< of the kernel; constants are left out
  int64_t rowBytes; ///< pitch between rows
  RowTable table;
  bool overwritten; ///< the result may begin where it begins
};

/// The row steps of a kernel of one result.
struct KernelRows {
  /// 1 if an operand is read whole or the weights are decoded a tile of
  /// channels at a time: then all of the result is written in this step.
  int64_t steps = 1;
  int64_t resultRowBytes = 0; ///< that one step writes
  /// By how many rows the last reading of an operand's row may be late if all
  /// steps are run by one call: rows of pointwise layers are computed as one
  /// long row, in blocks of at most one row's pixels that need not begin where
  /// a row begins.
  int64_t lag = 0;
  /// Whether one call may compute the rows from the last to the first. No if
  /// they are computed as one long row, or several operands are read.
  bool mayDescend = false;
  llvm::SmallVector<KernelOperandRows, 2> operands;

  /// The last result row that is computed from row `row` of operand `operand`
  /// in one call for all steps; -1 if none is.
  int64_t lastReader(unsigned operand, int64_t row) const {
    int64_t last = operands[operand].table.last[row];
    return last < 0 ? -1 : std::min(last + lag, steps - 1);
  }
  /// The same where rows are computed in descending order: the lowest row.
  int64_t firstReader(unsigned operand, int64_t row) const {
    return operands[operand].table.first[row];
  }
};

/// The rows of a call for all steps. None if the kernel has several results.
std::optional<KernelRows> kernelRows(KernelOp op);

/// The steps of a stream: one for each row that is absorbed, if the kernel
/// absorbs. None without `row_step`.
std::optional<KernelRows> streamRows(KernelOp op);

/// Whether the first result may lie at byte `difference` from where `operand`
/// (of `rows`) begins, if one call computes it all and the operand is not read
/// afterwards: no result row is written over a row that is still needed.
bool mayLieOver(const KernelRows &rows, unsigned operand, int64_t difference,
                bool descending);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_KERNELROWS_H

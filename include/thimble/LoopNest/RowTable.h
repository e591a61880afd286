//===- RowTable.h - Which rows a step needs, and when rows die --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The window of an operand, written out step by step and row by row: all that
// a planner of memory asks about how rows flow through an op.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_ROWTABLE_H
#define THIMBLE_LOOPNEST_ROWTABLE_H

#include "thimble/LoopNest/StepSpec.h"

namespace thimble {

/// How the rows of one operand serve the steps of an op.
struct RowTable {
  /// By step: how many rows of the operand, counted from its first, must have
  /// been written before. Never falls from one step to the next.
  llvm::SmallVector<int64_t> need;
  /// By row: the last step that reads it, or -1 if none does.
  llvm::SmallVector<int64_t> last;
  /// By row: the first step that reads it, or -1 if none does.
  llvm::SmallVector<int64_t> first;
  /// By step: whether it reads a row outside of the image.
  llvm::SmallVector<bool> readsPadding;
};

/// The table of an op of `steps` steps in all, one output row each, whose
/// operand has `images` images of `height` rows, each with its own padding and
/// its equal share of the steps. A window that is `whole` reads all rows in
/// every step.
RowTable makeRowTable(const RowWindow &window, int64_t steps, int64_t height,
                      int64_t images = 1);

/// The table of an op that reads both operands, which are the same rows.
RowTable mergeRowTables(const RowTable &a, const RowTable &b);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_ROWTABLE_H

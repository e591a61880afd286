//===- Schedule.h - The order of ops with the lowest peak -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the topological order of a graph in which the fewest bytes are live at
// once. Liveness is a submodular function of the set of finished ops (a buffer
// is live from the set that contains its writer to the set that contains all of
// its readers), which gives the search its rule of dominance: an op that fits
// below the peak reached so far and leaves no more bytes live than there were
// may be run at once, without trying anything else.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_SCHEDULE_H
#define THIMBLE_MEMORY_SCHEDULE_H

#include "thimble/Memory/OpGraph.h"

namespace thimble {

/// Limits are counts of work, so that results are reproducible.
struct ScheduleOptions {
  /// Limit of the sets of finished ops that the exact search visits (a set of
  /// more than 64 ops, or with many ops ready, counts several times). Beyond it
  /// a piece of the graph gets the best of its given order, greedy ones and a
  /// beam search; with 0 the beam search is left out too.
  uint64_t searchStates = 50000;
};

/// A result that overwrites an operand, in one op.
struct InPlacePair {
  unsigned op;
  unsigned operand;
  unsigned result;
};

/// An order of the ops of a graph.
struct Schedule {
  llvm::SmallVector<unsigned> order; ///< numbers of ops
  /// Most live bytes at a step: buffers, scratch, less what is overwritten or
  /// free while the step's rows are computed.
  int64_t peakBytes = 0;
  /// Step (position in `order`) of the peak: -1 if it is before the first op.
  int64_t peakStep = -1;
  /// No order has a lower peak.
  int64_t lowerBound = 0;
  /// For each op the overwriting that saves the most bytes in its step.
  llvm::SmallVector<InPlacePair> inPlace;
  /// All overwriting that is possible in this order, for the placement.
  llvm::SmallVector<InPlacePair> inPlaceOptions;
  /// The same of results that may lie partly over an operand (RowOverlap).
  llvm::SmallVector<InPlacePair> overlapOptions;
  uint64_t statesVisited = 0; ///< work done by the exact search

  bool isProvenOptimal() const { return peakBytes == lowerBound; }
};

/// Finds the order of the lowest peak. Among equally good orders it prefers the
/// given one. The work is linear in chains.
Schedule scheduleOps(const OpGraph &graph, const ScheduleOptions &options = {});

/// Describes a given order: peak, overwriting; the lower bound is that of the
/// single ops.
Schedule evaluateOrder(const OpGraph &graph, llvm::ArrayRef<unsigned> order);

} // namespace thimble

#endif // THIMBLE_MEMORY_SCHEDULE_H

//===- ArenaPlan.h - Order and offsets of a whole network -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts the parts together: order of ops, lifetimes, overwriting, scratch and
// placement in one arena. All sizes and offsets are bytes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_ARENAPLAN_H
#define THIMBLE_MEMORY_ARENAPLAN_H

#include "thimble/Memory/Lifetimes.h"
#include "thimble/Memory/Placement.h"
#include "thimble/Memory/Schedule.h"

namespace thimble {

/// Where everything is. Buffers and ops are numbered as in the graph.
struct ArenaPlan {
  Schedule schedule;
  /// One for each buffer of the graph; -1 for a buffer that is never live.
  llvm::SmallVector<int64_t> offsets;
  /// One for each op; -1 for an op without scratch.
  llvm::SmallVector<int64_t> scratchOffsets;
  /// Ops that must compute their rows from the last to the first.
  llvm::SmallVector<bool> descending;
  /// One for each buffer, in steps of the schedule.
  llvm::SmallVector<Lifetime> lifetimes;
  int64_t arenaBytes = 0;
  int64_t arenaAlignment = 1; ///< the largest of all alignments
  /// No placement for this order needs fewer bytes.
  int64_t lowerBound = 0;
  uint64_t buffersPlaced = 0; ///< work of the placement's heuristic
  uint64_t nodesSearched = 0; ///< work of the placement's exact search

  bool isProvenOptimal() const { return arenaBytes == lowerBound; }
  /// Whether the result of the pair lies where its operand lay.
  bool isInPlace(const InPlacePair &pair) const {
    return offsets[pair.operand] == offsets[pair.result];
  }
};

/// Plans the arena of a graph for the order of lowest peak.
ArenaPlan planArena(const OpGraph &graph,
                    const ScheduleOptions &scheduleOptions = {},
                    const PlacementOptions &placementOptions = {});

/// Plans the arena for a given order of ops.
ArenaPlan planArena(const OpGraph &graph, Schedule schedule,
                    const PlacementOptions &placementOptions = {});

/// A step at which two things that are live share bytes without being allowed
/// to, or a misaligned offset; for verifiers, independent of the planner.
struct ArenaConflict {
  int64_t step;
  unsigned first;  ///< buffer, or number of buffers + op for its scratch
  unsigned second; ///< the same as `first` if it is misaligned
};

/// Replays the plan step by step.
std::optional<ArenaConflict> findConflict(const OpGraph &graph,
                                          const ArenaPlan &plan);

} // namespace thimble

#endif // THIMBLE_MEMORY_ARENAPLAN_H

//===- PlacementSolvers.h - The two solvers of a placement ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library. Both solvers are given a connected problem.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_PLACEMENTSOLVERS_H
#define THIMBLE_LIB_MEMORY_PLACEMENTSOLVERS_H

#include "thimble/Memory/Placement.h"

namespace thimble::detail {

using Offsets = llvm::SmallVector<int64_t>;

/// Buffers of which no two share a byte. All offsets are multiples of the
/// smallest alignment, hence so are the distances between their starts, and
/// sizes may be rounded up to it.
struct Clique {
  llvm::SmallVector<unsigned> buffers;
  int64_t alignment;
};

/// The highest end of a buffer.
int64_t getArenaBytes(const PlacementProblem &problem,
                      llvm::ArrayRef<int64_t> offsets);

/// First fit in several orders, from one or from both ends of the arena, then
/// randomised rounds in which buffers that end too high move to the front.
/// Stops at `goal` bytes or when the options' budget is used up, against which
/// `placed` counts; the deterministic rounds always run.
Offsets placeHeuristically(const PlacementProblem &problem, int64_t goal,
                           const PlacementOptions &options, uint64_t &placed);

/// Branch and bound. Improves the valid `offsets` until their arena is at most
/// `goal`, proven optimal, or `nodes` reaches the options' limit. Returns what
/// is proven: no placement of the problem needs fewer bytes (0 if nothing new
/// is proven).
int64_t searchExactly(const PlacementProblem &problem,
                      llvm::ArrayRef<Clique> cliques, int64_t goal,
                      const PlacementOptions &options, uint64_t &nodes,
                      Offsets &offsets);

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_PLACEMENTSOLVERS_H

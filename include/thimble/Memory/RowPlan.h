//===- RowPlan.h - Addresses of rows, and when they are written -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From segments to an arena. Inside a stream a tensor is a line buffer: its
// newest row, whose bytes all layers share in time, and a ring of the rows that
// are needed again. Sizes and offsets are bytes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_ROWPLAN_H
#define THIMBLE_MEMORY_ROWPLAN_H

#include "thimble/Memory/OpGraph.h"
#include "thimble/Memory/Placement.h"
#include "thimble/Memory/RowBound.h"
#include "thimble/Memory/RowSchedule.h"

namespace thimble {

/// What happens next in a stream.
struct StreamEvent {
  enum class Kind {
    Step, ///< the op's next step; its row is written to the newest row's place
    Direct, ///< the same; its row is written to its own place
    Hold,   ///< the op's newest row is copied to its own place
  };
  unsigned op;
  Kind kind = Kind::Step;

  bool operator==(const StreamEvent &other) const {
    return op == other.op && kind == other.kind;
  }
};

/// Where a tensor is: row r at `offset` + (r mod `rows`) rows, or r rows if
/// `rows` is 0; rows that are written by a Step event are first at `newest`.
struct RowPlace {
  int64_t offset = -1;
  int64_t rows = 0;
  int64_t newest = -1;
};

struct RowPlan {
  RowSchedule schedule;
  /// By segment, empty for a whole call.
  llvm::SmallVector<llvm::SmallVector<StreamEvent, 0>, 0> events;
  llvm::SmallVector<RowPlace> places;        ///< by tensor
  llvm::SmallVector<int64_t> scratchOffsets; ///< by op, -1 for none
  llvm::SmallVector<int64_t> keptOffsets;    ///< by op, -1 for none
  llvm::SmallVector<bool> descending;        ///< by op: see ArenaPlan
  int64_t arenaBytes = 0;
  int64_t movedBytes = 0; ///< copied by all Hold events
};

/// A network whose ops may be called as a whole or streamed. Buffers and ops of
/// both graphs have the same numbers; ops run in the order of the graphs.
struct StreamProblem {
  OpGraph graph; ///< what holds where ops are called as a whole
  RowGraph rows; ///< what holds in streams
  StreamCosts costs;
  int64_t scratchAlignment = 8;

  /// Fills in the peaks of whole calls of `costs`, and `leastDescending`.
  void measureWholeCalls();
  /// By op: see findRowBound.
  llvm::SmallVector<int64_t> leastDescending;
};

/// How the rows of streams are laid out.
enum class LineLayout {
  Hold, ///< newest row shared, a ring of the others where that is smaller
  Ring, ///< all rows in a ring
};

/// Events and addresses for a schedule of the problem's graph.
RowPlan placeRows(const StreamProblem &problem, const RowSchedule &schedule,
                  LineLayout layout, const PlacementOptions &options = {});

/// What no plan needs fewer bytes than, whatever its streams.
RowBound findStreamBound(const StreamProblem &problem);

/// What came of a budget.
struct StreamOutcome {
  /// No plan needs fewer bytes, and the op that needs them (see RowBound).
  RowBound bound;
  /// The fastest plan found within the budget; if there is none the smallest
  /// one, or none at all if the bound is above the budget.
  std::optional<RowPlan> plan;
};

/// The fastest plan whose arena has at most `budget` bytes.
StreamOutcome planStreams(const StreamProblem &problem, int64_t budget);

} // namespace thimble

#endif // THIMBLE_MEMORY_ROWPLAN_H

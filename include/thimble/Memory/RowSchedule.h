//===- RowSchedule.h - Which layers are streamed ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts a network at barriers into segments: a single op that is called as a
// whole, or a stream of several ops whose steps are interleaved.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_ROWSCHEDULE_H
#define THIMBLE_MEMORY_ROWSCHEDULE_H

#include "thimble/Memory/RowGraph.h"
#include <limits>

namespace thimble {

/// In which order the steps of a stream run.
enum class StreamPolicy {
  Eager,  ///< the last op that finds its rows
  Lazy,   ///< what the last op waits for; of several reads the latest op's
  Lazier, ///< the same; of several reads the earliest op's
};

/// Ops `begin` to `end - 1`, which run after all before and before all behind.
struct RowSegment {
  unsigned begin = 0;
  unsigned end = 0;
  StreamPolicy policy = StreamPolicy::Eager;
  int64_t peak = 0;    ///< live bytes
  unsigned peakOp = 0; ///< the first op that has so many

  bool isStream() const { return end - begin > 1; }
};

/// Steps of a segment: numbers of ops, each as often as it has steps.
struct StepOrder {
  llvm::SmallVector<unsigned, 0> ops;
  int64_t peak = 0;
  unsigned peakOp = 0; ///< the first op whose step has the peak
};

/// The order of a stream.
StepOrder orderSteps(const RowGraph &graph, RowSegment segment);

/// What calling ops as a whole and streaming them costs.
struct StreamCosts {
  /// By op: live bytes while it is called as a whole, all ops before it having
  /// finished.
  llvm::SmallVector<int64_t> wholePeak;
  /// By op: more cycles in a stream than as a whole.
  llvm::SmallVector<double> streamCycles;
  /// Of a stream as such.
  double cyclesPerStream = 0;
  /// Ops of a stream at most.
  unsigned maxOps = 16;
};

/// Barriers, and what they cost.
struct RowSchedule {
  llvm::SmallVector<RowSegment, 0> segments;
  int64_t peak = 0;    ///< live bytes
  unsigned peakOp = 0; ///< the first op that has the peak
  double cycles = 0;   ///< more than with all ops called as a whole

  bool hasStreams() const {
    for (const RowSegment &segment : segments)
      if (segment.isStream())
        return true;
    return false;
  }
};

/// The steps of all segments, one after the other.
StepOrder orderSteps(const RowGraph &graph, const RowSchedule &schedule);

/// Segments that streams can be made of, each with the policy of least peak.
/// Computed once for a graph; then schedules for many budgets are cheap.
class StreamSearch {
public:
  StreamSearch(const RowGraph &graph, StreamCosts costs);

  /// The fewest cycles within `budget` live bytes; of those the least peak. If
  /// there is none, the least peak.
  RowSchedule find(int64_t budget) const;
  /// The least peak.
  RowSchedule findSmallest() const {
    return find(std::numeric_limits<int64_t>::min());
  }

private:
  void addStreams();

  const RowGraph &graph;
  StreamCosts costs;
  /// By end: segments that end there.
  llvm::SmallVector<llvm::SmallVector<RowSegment, 4>, 0> ending;
};

} // namespace thimble

#endif // THIMBLE_MEMORY_ROWSCHEDULE_H

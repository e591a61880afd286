//===- RowSchedule.cpp - Which layers are streamed ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// At a barrier all ops before it have finished, so that segments are
// independent of each other and dynamic programming over the last segment is
// exact for the orders that are considered.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/RowSchedule.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>
#include <optional>
#include <tuple>

using namespace thimble;
using llvm::SmallVector;

/// The op whose step runs next, or -1 at the end.
static int chooseOp(const RowState &state, RowSegment segment, int &goal) {
  int begin = segment.begin;
  if (segment.policy == StreamPolicy::Eager) {
    for (int op = int(segment.end) - 1; op >= begin; --op)
      if (state.isEnabled(op))
        return op;
    return -1;
  }
  while (goal >= begin && state.isFinished(goal))
    --goal;
  if (goal < begin)
    return -1;
  int op = goal;
  bool latest = segment.policy == StreamPolicy::Lazy;
  for (int missing; (missing = state.findMissing(op, latest)) >= 0;)
    op = missing;
  return op;
}

StepOrder thimble::orderSteps(const RowGraph &graph, RowSegment segment) {
  RowState state(graph, segment.begin);
  StepOrder order;
  order.peak = state.getLiveBytes();
  order.peakOp = segment.begin;
  int goal = int(segment.end) - 1;
  for (int op; (op = chooseOp(state, segment, goal)) >= 0;) {
    order.ops.push_back(op);
    int64_t live = state.run(op);
    if (live <= order.peak)
      continue;
    order.peak = live;
    order.peakOp = op;
  }
  return order;
}

StepOrder thimble::orderSteps(const RowGraph &graph,
                              const RowSchedule &schedule) {
  StepOrder all;
  for (const RowSegment &segment : schedule.segments) {
    StepOrder order = orderSteps(graph, segment);
    all.ops.append(order.ops.begin(), order.ops.end());
    if (order.peak > all.peak) {
      all.peak = order.peak;
      all.peakOp = order.peakOp;
    }
  }
  return all;
}

StreamSearch::StreamSearch(const RowGraph &graph, StreamCosts costs)
    : graph(graph), costs(std::move(costs)), ending(graph.getNumOps() + 1) {
  for (unsigned op = 0; op < graph.getNumOps(); ++op)
    ending[op + 1].push_back(
        {op, op + 1, StreamPolicy::Eager, this->costs.wholePeak[op], op});
  addStreams();
}

void StreamSearch::addStreams() {
  for (unsigned begin = 0; begin < graph.getNumOps(); ++begin)
    for (unsigned end = begin + 1;
         end <= graph.getNumOps() && end - begin <= costs.maxOps &&
         graph.getOp(end - 1).mayStream;
         ++end) {
      if (end - begin < 2)
        continue;
      std::optional<RowSegment> best;
      for (StreamPolicy policy :
           {StreamPolicy::Eager, StreamPolicy::Lazy, StreamPolicy::Lazier}) {
        RowSegment segment{begin, end, policy};
        StepOrder order = orderSteps(graph, segment);
        segment.peak = order.peak;
        segment.peakOp = order.peakOp;
        if (!best || segment.peak < best->peak)
          best = segment;
      }
      ending[end].push_back(*best);
    }
}

RowSchedule StreamSearch::find(int64_t budget) const {
  /// What is known of the ops before a barrier.
  struct Prefix {
    int64_t peak = 0;
    double cycles = 0;
    RowSegment last;
  };
  // Peaks within the budget are all the same, so that cycles decide.
  auto keyOf = [&](const Prefix &prefix) {
    return std::tuple(std::max(prefix.peak, budget), prefix.cycles,
                      prefix.peak);
  };
  SmallVector<Prefix> best(graph.getNumOps() + 1);
  for (unsigned end = 1; end <= graph.getNumOps(); ++end) {
    std::optional<Prefix> chosen;
    for (const RowSegment &segment : ending[end]) {
      Prefix prefix = best[segment.begin];
      prefix.peak = std::max(prefix.peak, segment.peak);
      prefix.last = segment;
      if (segment.isStream()) {
        prefix.cycles += costs.cyclesPerStream;
        for (unsigned op = segment.begin; op < segment.end; ++op)
          prefix.cycles += costs.streamCycles[op];
      }
      if (!chosen || keyOf(prefix) < keyOf(*chosen))
        chosen = prefix;
    }
    best[end] = *chosen;
  }
  RowSchedule schedule;
  schedule.peak = best.back().peak;
  schedule.cycles = best.back().cycles;
  for (unsigned end = graph.getNumOps(); end > 0; end = best[end].last.begin) {
    schedule.segments.push_back(best[end].last);
    if (best[end].last.peak == schedule.peak)
      schedule.peakOp = best[end].last.peakOp;
  }
  std::reverse(schedule.segments.begin(), schedule.segments.end());
  return schedule;
}

//===- Schedule.cpp - The order of ops with the lowest peak ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts the graph where every order agrees (an op that all others come before or
// after), and searches only those pieces whose order matters for the peak. In a
// chain every op is such a cut, so nothing is left to search.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/Schedule.h"
#include "LiveModel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <limits>

using namespace thimble;
using namespace thimble::detail;
using llvm::ArrayRef;
using llvm::SmallVector;

/// Segments of the graph's order. Op i is a cut if it is the only op of 0..i
/// without a reader in 0..i (then all of them lead to it), and the only op of
/// i.. without a writer in i.. (then it leads to all of them).
static SmallVector<Segment> findSegments(const LiveModel &model) {
  unsigned numOps = model.getNumOps();
  constexpr int64_t never = std::numeric_limits<int64_t>::max();
  SmallVector<bool> isCut(numOps, true);
  int64_t latestFirstReader = -1;
  for (unsigned op = 0; op < numOps; ++op) {
    isCut[op] = latestFirstReader <= op;
    ArrayRef<unsigned> readers = model.getSuccessors(op);
    latestFirstReader = std::max<int64_t>(
        latestFirstReader, readers.empty() ? never : readers.front());
  }
  int64_t earliestLastWriter = never;
  for (unsigned op = numOps; op-- > 0;) {
    isCut[op] = isCut[op] && earliestLastWriter >= op;
    ArrayRef<unsigned> writers = model.getPredecessors(op);
    earliestLastWriter =
        writers.empty() ? -1
                        : std::min<int64_t>(earliestLastWriter, writers.back());
  }
  SmallVector<Segment> segments;
  for (unsigned op = 0; op < numOps; ++op) {
    if (!segments.empty() && !isCut[op] && !isCut[op - 1])
      segments.back().end = op + 1;
    else
      segments.push_back({op, op + 1});
  }
  return segments;
}

/// Runs, of the ops that are ready, the one that leaves the fewest bytes live;
/// or, if `isPeakFirst`, needs the fewest. Ties go to the graph's order.
static SmallVector<unsigned> getGreedyOrder(const LiveModel &model,
                                            Segment segment, Replay replay,
                                            bool isPeakFirst) {
  SmallVector<unsigned> order, ready;
  for (unsigned op : llvm::seq(segment.begin, segment.end))
    if (replay.isReady(op))
      ready.push_back(op);
  while (!ready.empty()) {
    auto getKey = [&](unsigned op) {
      LiveModel::Cost cost = replay.getCost(op);
      return isPeakFirst ? std::tuple(cost.during, cost.after, op)
                         : std::tuple(cost.after, cost.during, op);
    };
    auto *best = ready.begin();
    auto bestKey = getKey(*best);
    for (auto *it = ready.begin() + 1; it != ready.end(); ++it)
      if (auto key = getKey(*it); key < bestKey) {
        best = it;
        bestKey = key;
      }
    unsigned op = *best;
    ready.erase(best);
    order.push_back(op);
    replay.run(op);
    for (unsigned successor : model.getSuccessors(op))
      if (successor < segment.end && replay.isReady(successor))
        ready.push_back(successor);
  }
  return order;
}

/// The bytes that running `order` takes at most, from the state of `replay`.
static int64_t getPeak(Replay replay, ArrayRef<unsigned> order) {
  int64_t peak = 0;
  for (unsigned op : order)
    peak = std::max(peak, replay.run(op));
  return peak;
}

namespace {
/// A segment of which the order may matter.
struct Candidate {
  Segment segment;
  int64_t liveBefore; ///< bytes
  int64_t peak;       ///< of the graph's order
};
} // namespace

/// The best of the graph's order, two greedy ones and a beam search.
static SegmentResult findHeuristically(const LiveModel &model,
                                       const Candidate &candidate, int64_t goal,
                                       const ScheduleOptions &options) {
  Segment segment = candidate.segment;
  Replay before(model, segment.begin, candidate.liveBefore);
  auto given = llvm::seq(segment.begin, segment.end);
  SegmentResult best;
  best.order.assign(given.begin(), given.end());
  best.peak = candidate.peak;
  auto consider = [&](ArrayRef<unsigned> order) {
    int64_t peak = getPeak(before, order);
    if (peak >= best.peak)
      return;
    best.peak = peak;
    best.order.assign(order.begin(), order.end());
  };
  for (bool isPeakFirst : {false, true})
    consider(getGreedyOrder(model, segment, before, isPeakFirst));
  if (options.searchStates > 0)
    consider(searchBeam(model, segment, candidate.liveBefore, goal,
                        options.searchStates / 4)
                 .order);
  return best;
}

/// Bytes that every order needs: those of inputs, of outputs, of single ops.
static int64_t getSimpleBound(const LiveModel &model) {
  int64_t outputBytes = 0;
  for (const GraphBuffer &buffer : model.getGraph().buffers)
    outputBytes += buffer.isOutput ? buffer.size : 0;
  int64_t bound = std::max(outputBytes, model.getInputBytes());
  for (unsigned op = 0; op < model.getNumOps(); ++op)
    bound = std::max(bound, model.getLowerBound(op));
  return bound;
}

/// Fills in everything but the bound and the work.
static Schedule describe(const LiveModel &model, ArrayRef<unsigned> order) {
  Schedule schedule;
  schedule.order.assign(order.begin(), order.end());
  schedule.peakBytes = model.getInputBytes();
  Replay replay(model);
  for (auto [step, op] : llvm::enumerate(order)) {
    SmallVector<InPlaceOption> options;
    auto isLastUse = [&](unsigned buffer) { return replay.isLastUse(buffer); };
    auto chosen = model.chooseInPlace(op, isLastUse, &options);
    for (const RowOverlap &overlap : model.getGraph().ops[op].overlaps)
      if (model.mayOverlap(overlap, isLastUse))
        schedule.overlapOptions.push_back(
            {unsigned(op), overlap.operand, overlap.result});
    for (InPlaceOption pair : chosen)
      schedule.inPlace.push_back({op, pair.operand, pair.result});
    for (InPlaceOption pair : options)
      schedule.inPlaceOptions.push_back({op, pair.operand, pair.result});
    int64_t bytes = replay.run(op);
    if (bytes > schedule.peakBytes) {
      schedule.peakBytes = bytes;
      schedule.peakStep = step;
    }
  }
  return schedule;
}

Schedule thimble::evaluateOrder(const OpGraph &graph,
                                ArrayRef<unsigned> order) {
  LiveModel model(graph);
  Schedule schedule = describe(model, order);
  schedule.lowerBound = getSimpleBound(model);
  return schedule;
}

Schedule thimble::scheduleOps(const OpGraph &graph,
                              const ScheduleOptions &options) {
  LiveModel model(graph);
  auto range = llvm::seq(0u, model.getNumOps());
  SmallVector<unsigned> order(range.begin(), range.end());
  int64_t bound = getSimpleBound(model);
  uint64_t visited = 0;

  // What the one op of a cut needs is the same in every order.
  Replay replay(model);
  SmallVector<Candidate> wide;
  for (Segment segment : findSegments(model)) {
    int64_t peak = 0, liveBefore = replay.getLiveBytes();
    for (unsigned op = segment.begin; op < segment.end; ++op)
      peak = std::max(peak, replay.run(op));
    if (segment.end - segment.begin == 1)
      bound = std::max(bound, peak);
    else
      wide.push_back({segment, liveBefore, peak});
  }
  // The segment of the highest peak first: the others need not be better.
  llvm::sort(wide, [](const Candidate &a, const Candidate &b) {
    return a.peak != b.peak ? a.peak > b.peak
                            : a.segment.begin < b.segment.begin;
  });
  int64_t reached = bound;
  for (const Candidate &candidate : wide) {
    if (candidate.peak <= reached)
      break;
    Segment segment = candidate.segment;
    SegmentResult result =
        searchSegment(model, segment, candidate.liveBefore, reached,
                      options.searchStates, visited);
    bound = std::max(bound, result.lowerBound);
    if (result.order.empty())
      result = findHeuristically(model, candidate, reached, options);
    reached = std::max(reached, std::min(result.peak, candidate.peak));
    if (result.peak < candidate.peak)
      llvm::copy(result.order, order.begin() + segment.begin);
  }
  Schedule schedule = describe(model, order);
  schedule.lowerBound = bound;
  schedule.statesVisited = visited;
  return schedule;
}

//===- RowPlan.cpp - Addresses of rows ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two pieces may share bytes that are never live at the same moment. Where a
// call or a step reads the one and writes the other, the order of rows decides.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/RowPlan.h"
#include "LineBuffers.h"
#include "OverlapDifferences.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;

namespace {
/// An op that reads one piece and writes another one.
struct Handover {
  int64_t moment;
  /// Of a whole call: how its rows follow each other; else null.
  const RowOverlap *overlap;
  bool inPlace; ///< the result may take exactly the bytes of the operand
};

class RowPlacer {
public:
  RowPlacer(const StreamProblem &problem, LineBuffers &buffers)
      : problem(problem), buffers(buffers) {}

  Placement place(const PlacementOptions &options);

private:
  using Pair = std::pair<unsigned, unsigned>;

  void addHandovers(unsigned op);
  void addHandover(unsigned operand, unsigned result, Handover handover);
  void forbidPair(unsigned a, unsigned b);
  /// Both are live at some moment.
  void forbidMeeting(Pair pair, const LiveBytes &first,
                     const LiveBytes &second);

  const StreamProblem &problem;
  LineBuffers &buffers;
  PlacementProblem placement;
  /// By operand's and result's piece.
  llvm::DenseMap<Pair, SmallVector<Handover, 1>> handovers;
};
} // namespace

void RowPlacer::addHandover(unsigned operand, unsigned result,
                            Handover handover) {
  const TensorPieces &from = buffers.tensors[operand];
  const TensorPieces &to = buffers.tensors[result];
  for (int read : {from.body, from.newest})
    for (int written : {to.body, to.newest})
      if (read >= 0 && written >= 0)
        handovers[{unsigned(read), unsigned(written)}].push_back(handover);
}

void RowPlacer::addHandovers(unsigned number) {
  const GraphOp &whole = problem.graph.ops[number];
  const RowOp &op = problem.rows.getOp(number);
  const auto &steps = buffers.time.steps[number];
  if (buffers.time.isStreamed(number)) {
    for (unsigned read : op.overwrites)
      for (int64_t step : steps)
        addHandover(op.reads[read].tensor, op.result,
                    {2 * step, nullptr, true});
    return;
  }
  for (const RowOverlap &overlap : whole.overlaps)
    addHandover(overlap.operand, overlap.result,
                {2 * steps[0], &overlap, false});
  for (InPlaceOption option : whole.inPlace)
    addHandover(option.operand, option.result, {2 * steps[0], nullptr, true});
}

/// Forbids all differences but one.
static void forbidExcept(PlacementProblem &placement, unsigned a, unsigned b,
                         OpenInterval interval, int64_t allowed) {
  placement.forbid(a, b, {interval.low, std::min(allowed, interval.high)});
  placement.forbid(a, b, {std::max(allowed, interval.low), interval.high});
}

void RowPlacer::forbidMeeting(Pair pair, const LiveBytes &first,
                              const LiveBytes &second) {
  // base(second) - base(first) at which the bytes overlap.
  OpenInterval interval{first.offset - second.offset - second.size,
                        first.offset + first.size - second.offset};
  for (bool swapped : {false, true}) {
    const LiveBytes &read = swapped ? second : first;
    const LiveBytes &written = swapped ? first : second;
    if (read.end != written.start)
      continue;
    auto found = handovers.find(swapped ? Pair(pair.second, pair.first) : pair);
    if (found == handovers.end())
      continue;
    bool isHandover = false, inPlace = false, hasRows = false;
    for (const Handover &handover : found->second) {
      if (handover.moment != written.start)
        continue;
      isHandover = true;
      inPlace |= handover.inPlace;
      hasRows |= handover.overlap != nullptr;
    }
    if (!isHandover)
      continue;
    if (hasRows)
      return; // forbidPair adds what the order of rows forbids
    if (inPlace && read.size == written.size)
      return forbidExcept(placement, pair.first, pair.second, interval,
                          first.offset - second.offset);
  }
  placement.forbid(pair.first, pair.second, interval);
}

void RowPlacer::forbidPair(unsigned a, unsigned b) {
  const Piece &first = buffers.pieces[a], &second = buffers.pieces[b];
  size_t begin = 0;
  for (const LiveBytes &x : first.live) {
    // Ends of a piece's bytes need not ascend: only those that all later ones
    // are beyond are skipped for good.
    while (begin < second.live.size() && second.live[begin].end < x.start &&
           (begin + 1 == second.live.size() ||
            second.live[begin].end <= second.live[begin + 1].end))
      ++begin;
    for (size_t i = begin;
         i < second.live.size() && second.live[i].start <= x.end; ++i)
      if (second.live[i].end >= x.start)
        forbidMeeting({a, b}, x, second.live[i]);
  }
  for (bool swapped : {false, true}) {
    auto found = handovers.find(swapped ? Pair(b, a) : Pair(a, b));
    if (found == handovers.end())
      continue;
    for (const Handover &handover : found->second) {
      if (!handover.overlap)
        continue;
      int64_t size = buffers.pieces[swapped ? a : b].size;
      DifferenceSet forbidden = findForbidden(*handover.overlap, size);
      bool inPlace = llvm::any_of(found->second, [&](const Handover &other) {
        return other.inPlace && other.moment == handover.moment;
      });
      if (inPlace)
        forbidden.erase(0);
      for (OpenInterval interval : forbidden.getIntervals())
        placement.forbid(swapped ? b : a, swapped ? a : b, interval);
    }
  }
}

Placement RowPlacer::place(const PlacementOptions &options) {
  for (const Piece &piece : buffers.pieces)
    placement.addBuffer(piece.size, piece.alignment);
  for (unsigned op = 0; op < problem.rows.getNumOps(); ++op)
    addHandovers(op);
  SmallVector<std::pair<int64_t, int64_t>> spans;
  for (const Piece &piece : buffers.pieces) {
    int64_t end = piece.live.front().end;
    for (const LiveBytes &bytes : piece.live)
      end = std::max(end, bytes.end);
    spans.emplace_back(piece.live.front().start, end);
  }
  for (unsigned a = 0; a < spans.size(); ++a)
    for (unsigned b = a + 1; b < spans.size(); ++b)
      if (spans[a].first <= spans[b].second &&
          spans[b].first <= spans[a].second)
        forbidPair(a, b);
  return placeBuffers(placement, options);
}

RowPlan thimble::placeRows(const StreamProblem &problem,
                           const RowSchedule &schedule, LineLayout layout,
                           const PlacementOptions &options) {
  LineBuffers buffers = layOutRows(problem, schedule, layout);
  Placement placement = RowPlacer(problem, buffers).place(options);
  RowPlan plan;
  plan.schedule = schedule;
  plan.arenaBytes = placement.arenaBytes;
  plan.movedBytes = buffers.movedBytes;
  plan.events = std::move(buffers.events);
  auto offsetOf = [&](int piece) {
    return piece < 0 ? -1 : placement.offsets[piece];
  };
  SmallVector<int64_t> offsets;
  for (const TensorPieces &pieces : buffers.tensors) {
    RowPlace place{offsetOf(pieces.body), pieces.rows, offsetOf(pieces.newest)};
    if (pieces.body < 0)
      place.offset = place.newest; // no row is ever in the ring
    plan.places.push_back(place);
    offsets.push_back(place.offset);
  }
  for (unsigned op = 0; op < problem.rows.getNumOps(); ++op) {
    plan.scratchOffsets.push_back(offsetOf(buffers.scratch[op]));
    plan.keptOffsets.push_back(offsetOf(buffers.kept[op]));
    plan.descending.push_back(
        !buffers.time.isStreamed(op) &&
        needsDescent(problem.graph, problem.graph.ops[op], offsets));
  }
  return plan;
}

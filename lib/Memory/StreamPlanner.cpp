//===- StreamPlanner.cpp - The fastest plan within a budget ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A schedule promises live bytes, its arena may be larger: where it is, a
// schedule of fewer live bytes is tried.
//
//===----------------------------------------------------------------------===//

#include "LiveModel.h"
#include "thimble/Memory/RowPlan.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;
using namespace thimble::detail;

/// Budgets of live bytes that are tried at most.
static constexpr unsigned maxTries = 8;
/// Line buffers forbid so many differences that the exact search proves little,
/// and rounds of the heuristic are cheap.
static constexpr unsigned restarts = 1000;
static constexpr uint64_t searchNodes = 500;
/// How much more is done of both if no arena fits, at first and at last.
static constexpr unsigned moreRounds = 20;
static constexpr unsigned moreNodes = 60;

void StreamProblem::measureWholeCalls() {
  LiveModel model(graph);
  Replay replay(model);
  costs.wholePeak.clear();
  leastDescending.clear();
  for (unsigned op = 0; op < graph.ops.size(); ++op) {
    costs.wholePeak.push_back(replay.run(op));
    bool mayDescend =
        llvm::any_of(graph.ops[op].overlaps, [](const RowOverlap &overlap) {
          return overlap.mayDescend();
        });
    leastDescending.push_back(mayDescend ? model.getLowerBound(op)
                                         : std::numeric_limits<int64_t>::max());
  }
}

/// The better of the layouts.
static RowPlan placeBest(const StreamProblem &problem,
                         const RowSchedule &schedule,
                         const PlacementOptions &options) {
  RowPlan plan = placeRows(problem, schedule, LineLayout::Hold, options);
  if (plan.movedBytes == 0)
    return plan;
  RowPlan rings = placeRows(problem, schedule, LineLayout::Ring, options);
  return rings.arenaBytes <= plan.arenaBytes ? rings : plan;
}

/// The bound, from the best orders at hand.
static RowBound findBound(const StreamProblem &problem,
                          const RowSchedule &smallest) {
  RowSchedule whole;
  for (unsigned op = 0; op < problem.rows.getNumOps(); ++op)
    whole.segments.push_back({op, op + 1, StreamPolicy::Eager, 0});
  return findRowBound(
      problem.rows,
      {orderSteps(problem.rows, smallest), orderSteps(problem.rows, whole)},
      problem.leastDescending);
}

RowBound thimble::findStreamBound(const StreamProblem &problem) {
  StreamSearch search(problem.rows, problem.costs);
  return findBound(problem, search.findSmallest());
}

StreamOutcome thimble::planStreams(const StreamProblem &problem,
                                   int64_t budget) {
  PlacementOptions options;
  options.restarts = restarts;
  options.searchNodes = searchNodes;
  StreamSearch search(problem.rows, problem.costs);
  RowSchedule smallest = search.findSmallest();
  StreamOutcome outcome;
  outcome.bound = findBound(problem, smallest);
  if (outcome.bound.bytes > budget)
    return outcome;
  int64_t live = budget;
  for (unsigned i = 0; i < maxTries; ++i) {
    RowSchedule schedule = search.find(live);
    RowPlan plan = placeBest(problem, schedule, options);
    if (!outcome.plan || plan.arenaBytes < outcome.plan->arenaBytes)
      outcome.plan = std::move(plan);
    if (outcome.plan->arenaBytes <= budget || schedule.peak <= smallest.peak)
      break;
    int64_t excess = outcome.plan->arenaBytes - budget;
    live = std::min(live, schedule.peak) - std::max<int64_t>(excess / 2, 1);
    if (i + 2 == maxTries)
      live = smallest.peak;
  }
  // Nothing fits: with more work the arena comes closer to the live bytes.
  options.restarts *= moreRounds;
  options.heuristicBudget *= moreRounds;
  for (uint64_t nodes : {searchNodes, searchNodes * moreNodes}) {
    if (outcome.plan->arenaBytes <= budget)
      break;
    options.searchNodes = nodes;
    RowPlan plan = placeBest(problem, smallest, options);
    if (plan.arenaBytes < outcome.plan->arenaBytes)
      outcome.plan = std::move(plan);
  }
  return outcome;
}

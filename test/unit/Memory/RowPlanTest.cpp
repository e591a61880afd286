//===- RowPlanTest.cpp - Tests of row streams -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Known networks with the figures they must reach; random ones under random
// budgets, executed in an arena that knows its bytes; damaged plans.
//
//===----------------------------------------------------------------------===//

#include "RowNetwork.h"
#include "gtest/gtest.h"

using namespace thimble;

namespace {

/// Keyword spotting: 49x10 features, five convolutions of 25x5x64, four of them
/// behind a depthwise one, a pool and a matrix product.
RowNetwork makeKeywordSpotting(int64_t scratch) {
  RowNetwork network;
  unsigned x = network.addInput(49, 10);
  x = network.addWindow(x, {10, 2, 4, 5, 1}, 320, scratch);
  for (int i = 0; i < 4; ++i) {
    x = network.addWindow(x, {3, 1, 1, 1, 1}, 320, scratch);
    x = network.addWindow(x, {}, 320);
  }
  x = network.addPool(x, 64, 128);
  x = network.addWhole({x}, 1, 12);
  network.finish(x);
  return network;
}

TEST(RowPlanTest, KeywordSpottingRunsInAFifth) {
  RowNetwork network = makeKeywordSpotting(0);
  StreamOutcome outcome = planStreams(network.problem, 3800);
  EXPECT_GE(outcome.bound.bytes, 3700);
  ASSERT_TRUE(outcome.plan);
  EXPECT_FALSE(network.replay(*outcome.plan));
  EXPECT_LE(outcome.plan->arenaBytes, 3800);
  EXPECT_LE(outcome.bound.bytes, outcome.plan->arenaBytes);
}

TEST(RowPlanTest, ScratchIsPlacedWhereRowsAreFree) {
  RowNetwork network = makeKeywordSpotting(160);
  StreamOutcome outcome = planStreams(network.problem, 4200);
  ASSERT_TRUE(outcome.plan);
  EXPECT_FALSE(network.replay(*outcome.plan));
  EXPECT_LE(outcome.plan->arenaBytes, 4200);
}

TEST(RowPlanTest, LargeBudgetsNeedNoStream) {
  RowNetwork network = makeKeywordSpotting(160);
  StreamOutcome outcome = planStreams(network.problem, 9000);
  ASSERT_TRUE(outcome.plan);
  EXPECT_FALSE(outcome.plan->schedule.hasStreams());
  EXPECT_EQ(outcome.plan->schedule.cycles, 0);
  EXPECT_LE(outcome.plan->arenaBytes, 8800);
}

TEST(RowPlanTest, BudgetsBelowTheBoundFailAtOnce) {
  RowNetwork network = makeKeywordSpotting(0);
  StreamOutcome outcome = planStreams(network.problem, 3000);
  EXPECT_FALSE(outcome.plan);
  EXPECT_GT(outcome.bound.bytes, 3000);
  EXPECT_GE(outcome.bound.op, 0);
}

/// What the report says of a plan: its bound and the layer of its peak.
void checkFigures(const StreamProblem &problem, const StreamOutcome &outcome) {
  const RowSchedule &schedule = outcome.plan->schedule;
  // Before the first op inputs are live that none reads.
  if (outcome.bound.op >= 0)
    EXPECT_LE(outcome.bound.bytes, schedule.peak);
  if (schedule.segments.empty())
    return;
  const auto *found =
      llvm::find_if(schedule.segments, [&](const RowSegment &segment) {
        return segment.begin <= schedule.peakOp &&
               schedule.peakOp < segment.end;
      });
  ASSERT_NE(found, schedule.segments.end());
  if (!found->isStream()) {
    EXPECT_EQ(problem.costs.wholePeak[schedule.peakOp], schedule.peak);
    return;
  }
  RowState state(problem.rows, found->begin);
  int64_t most = 0;
  for (unsigned op : orderSteps(problem.rows, *found).ops)
    if (int64_t live = state.run(op); op == schedule.peakOp)
      most = std::max(most, live);
  EXPECT_EQ(most, schedule.peak);
}

TEST(RowPlanTest, RandomPlansRunByteByByte) {
  unsigned numStreams = 0, numDescending = 0, numHeld = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    RowNetwork network = makeRandomNetwork(seed, 4 + seed % 9);
    int64_t most = 0;
    for (int64_t peak : network.problem.costs.wholePeak)
      most = std::max(most, peak);
    for (int64_t percent : {0, 40, 70, 100}) {
      // From the bound on.
      int64_t least = findStreamBound(network.problem).bytes;
      int64_t budget = least + (most - least) * percent / 100;
      StreamOutcome outcome = planStreams(network.problem, budget);
      if (!outcome.plan)
        continue;
      auto error = network.replay(*outcome.plan);
      ASSERT_FALSE(error) << "seed " << seed << " budget " << budget
                          << " layer " << error->layer << " step "
                          << error->step << " tensor " << error->tensor
                          << " row " << error->row << " kind "
                          << int(error->kind);
      ASSERT_EQ(outcome.bound.bytes, least);
      ASSERT_GE(outcome.plan->arenaBytes, outcome.bound.bytes)
          << "seed " << seed << " op " << outcome.bound.op << " step "
          << outcome.bound.step;
      checkFigures(network.problem, outcome);
      numStreams += outcome.plan->schedule.hasStreams();
      numDescending += llvm::is_contained(outcome.plan->descending, true);
      numHeld += outcome.plan->movedBytes > 0;
    }
  }
  EXPECT_GT(numStreams, 150u);
  EXPECT_GT(numDescending, 10u);
  EXPECT_GT(numHeld, 20u);
}

TEST(RowPlanTest, DamagedPlansAreFound) {
  unsigned numFound = 0, numDamaged = 0;
  RowNetwork network = makeKeywordSpotting(160);
  StreamOutcome outcome = planStreams(network.problem, 4200);
  ASSERT_TRUE(outcome.plan);
  for (unsigned seed = 1; seed <= 100; ++seed) {
    RowPlan plan = *outcome.plan;
    if (seed % 2) {
      plan.places[seed / 2 % 10 + 1].offset += seed % 3 ? 64 : -64;
    } else {
      auto &events = plan.events.front();
      std::swap(events[seed * 7 % (events.size() - 1)],
                events[seed * 7 % (events.size() - 1) + 1]);
    }
    ++numDamaged;
    numFound += network.replay(plan).has_value();
  }
  // Some rows move to bytes that are free, some steps are independent.
  EXPECT_GT(numFound, numDamaged / 2);
}

} // namespace

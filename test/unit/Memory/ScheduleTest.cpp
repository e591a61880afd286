//===- ScheduleTest.cpp - Tests of lifetimes and of the order of ops ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares peaks with all topological orders of small graphs, and lifetimes
// with a replay from their definition.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/Schedule.h"
#include "RandomGraph.h"
#include "thimble/Memory/Lifetimes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "gtest/gtest.h"
#include <set>

using namespace thimble;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

//===----------------------------------------------------------------------===//
// Brute force
//===----------------------------------------------------------------------===//

/// Most bytes that overwriting saves: every subset of the options is tried.
int64_t findSaving(const OpGraph &graph, const GraphOp &op,
                   const std::set<unsigned> &dying) {
  int64_t best = 0;
  for (unsigned subset = 0; subset < 1u << op.inPlace.size(); ++subset) {
    std::set<unsigned> operands, results;
    int64_t saving = 0;
    bool isValid = true;
    for (auto [index, option] : llvm::enumerate(op.inPlace)) {
      if (!(subset >> index & 1))
        continue;
      isValid &= dying.count(option.operand) == 1 &&
                 operands.insert(option.operand).second &&
                 results.insert(option.result).second;
      saving += std::min(graph.buffers[option.operand].size,
                         graph.buffers[option.result].size);
    }
    if (isValid)
      best = std::max(best, saving);
  }
  return best;
}

/// Live bytes at a step, from the definition: written (or input) by then, and
/// read (or output) then or later.
int64_t getLiveBytes(const OpGraph &graph, ArrayRef<unsigned> order,
                     int64_t step) {
  int64_t bytes = 0;
  std::set<unsigned> dying;
  for (auto [number, buffer] : llvm::enumerate(graph.buffers)) {
    unsigned name = number;
    bool isWritten = buffer.isInput, isNeeded = buffer.isOutput;
    bool isNeededLater = buffer.isOutput, isWrittenNow = false;
    for (auto [position, op] : llvm::enumerate(order)) {
      int64_t at = position;
      bool writes = llvm::is_contained(graph.ops[op].results, name);
      bool reads = llvm::is_contained(graph.ops[op].operands, name);
      isWritten |= writes && at <= step;
      isWrittenNow |= writes && at == step;
      isNeeded |= reads && at >= step;
      isNeededLater |= reads && at > step;
    }
    isNeeded |= buffer.isInput && step == -1;
    if (isWritten && (isNeeded || isWrittenNow))
      bytes += buffer.size;
    if (!isNeededLater)
      dying.insert(name);
  }
  if (step < 0)
    return bytes;
  const GraphOp &op = graph.ops[order[step]];
  return bytes + op.scratchBytes - findSaving(graph, op, dying);
}

int64_t getPeak(const OpGraph &graph, ArrayRef<unsigned> order) {
  int64_t peak = 0;
  for (int64_t step = -1, end = order.size(); step < end; ++step)
    peak = std::max(peak, getLiveBytes(graph, order, step));
  return peak;
}

bool isTopological(const OpGraph &graph, ArrayRef<unsigned> order) {
  std::set<unsigned> written, seen;
  for (auto [number, buffer] : llvm::enumerate(graph.buffers))
    if (buffer.isInput)
      written.insert(number);
  for (unsigned op : order) {
    if (!seen.insert(op).second)
      return false;
    for (unsigned operand : graph.ops[op].operands)
      if (!written.count(operand))
        return false;
    written.insert(graph.ops[op].results.begin(), graph.ops[op].results.end());
  }
  return seen.size() == graph.ops.size();
}

/// The lowest peak of all permutations that are topological orders.
int64_t findOptimum(const OpGraph &graph) {
  auto range = llvm::seq<unsigned>(0, graph.ops.size());
  SmallVector<unsigned> order(range.begin(), range.end());
  int64_t best = getPeak(graph, order);
  while (std::next_permutation(order.begin(), order.end()))
    if (isTopological(graph, order))
      best = std::min(best, getPeak(graph, order));
  return best;
}

void expectOptimal(const GraphShape &shape, unsigned count, unsigned seed) {
  GraphGenerator generator(seed);
  for (unsigned i = 0; i < count; ++i) {
    OpGraph graph = generator.make(shape);
    Schedule schedule = scheduleOps(graph);
    ASSERT_TRUE(isTopological(graph, schedule.order)) << "graph " << i;
    ASSERT_EQ(schedule.peakBytes, getPeak(graph, schedule.order))
        << "graph " << i;
    ASSERT_EQ(schedule.peakBytes, findOptimum(graph)) << "graph " << i;
    ASSERT_TRUE(schedule.isProvenOptimal()) << "graph " << i;
    ASSERT_EQ(getLiveBytes(graph, schedule.order, schedule.peakStep),
              schedule.peakBytes)
        << "graph " << i;
  }
}

TEST(ScheduleBruteForceTest, Plain) { expectOptimal({6, 2, 9}, 1000, 1); }

TEST(ScheduleBruteForceTest, Wide) {
  GraphShape shape{6, 3, 9};
  shape.reach = 12;
  expectOptimal(shape, 1000, 2);
}

TEST(ScheduleBruteForceTest, InPlaceAndScratch) {
  GraphShape shape{6, 2, 9};
  shape.hasInPlace = shape.hasScratch = true;
  expectOptimal(shape, 1000, 3);
}

TEST(ScheduleBruteForceTest, SeveralResultsAndOutputs) {
  GraphShape shape{5, 3, 9};
  shape.hasInPlace = shape.hasScratch = shape.hasSecondResults = true;
  shape.hasInnerOutputs = true;
  expectOptimal(shape, 1000, 4);
}

TEST(ScheduleBruteForceTest, LimitedSearchIsValidAndBounded) {
  GraphShape shape{6, 2, 9};
  shape.hasInPlace = shape.hasScratch = true;
  GraphGenerator generator(5);
  unsigned numUnproven = 0;
  for (unsigned i = 0; i < 1000; ++i) {
    OpGraph graph = generator.make(shape);
    ScheduleOptions options;
    options.searchStates = i % 4;
    Schedule schedule = scheduleOps(graph, options);
    ASSERT_TRUE(isTopological(graph, schedule.order));
    ASSERT_LE(schedule.statesVisited, options.searchStates);
    int64_t optimum = findOptimum(graph);
    ASSERT_LE(schedule.lowerBound, optimum) << "graph " << i;
    ASSERT_GE(schedule.peakBytes, optimum) << "graph " << i;
    auto range = llvm::seq<unsigned>(0, graph.ops.size());
    SmallVector<unsigned> given(range.begin(), range.end());
    ASSERT_LE(schedule.peakBytes, getPeak(graph, given)) << "graph " << i;
    numUnproven += !schedule.isProvenOptimal();
  }
  EXPECT_GT(numUnproven, 0u);
}

//===----------------------------------------------------------------------===//
// In-place pairs and evaluation
//===----------------------------------------------------------------------===//

TEST(ScheduleTest, EvaluateOrderKeepsTheOrder) {
  GraphGenerator generator(6);
  GraphShape shape{8, 2, 50};
  shape.hasInPlace = shape.hasScratch = true;
  for (unsigned i = 0; i < 200; ++i) {
    OpGraph graph = generator.make(shape);
    auto range = llvm::seq<unsigned>(0, graph.ops.size());
    SmallVector<unsigned> given(range.begin(), range.end());
    Schedule schedule = evaluateOrder(graph, given);
    ASSERT_EQ(schedule.order, given);
    ASSERT_EQ(schedule.peakBytes, getPeak(graph, given));
    ASSERT_LE(schedule.lowerBound, scheduleOps(graph).peakBytes);
  }
}

TEST(ScheduleTest, InPlaceOnlyAtTheLastUse) {
  // x is read by both ops: only the second may overwrite it.
  OpGraph graph;
  unsigned x = graph.addInput(10), y = graph.addBuffer(10);
  unsigned z = graph.addBuffer(10);
  graph.addOp({x}, {y}).inPlace = {{x, y}};
  graph.addOp({x, y}, {z}).inPlace = {{x, z}, {y, z}};
  graph.buffers[z].isOutput = true;
  Schedule schedule = scheduleOps(graph);
  EXPECT_EQ(schedule.peakBytes, 20);
  ASSERT_EQ(schedule.inPlace.size(), 1u);
  EXPECT_EQ(schedule.inPlace[0].op, 1u);
  EXPECT_EQ(schedule.inPlaceOptions.size(), 2u);
}

TEST(ScheduleTest, OutputsAreNotOverwritten) {
  OpGraph graph;
  unsigned x = graph.addInput(10), y = graph.addBuffer(10);
  graph.addOp({x}, {y}).inPlace = {{x, y}};
  graph.buffers[x].isOutput = graph.buffers[y].isOutput = true;
  Schedule schedule = scheduleOps(graph);
  EXPECT_EQ(schedule.peakBytes, 20);
  EXPECT_TRUE(schedule.inPlaceOptions.empty());
}

TEST(ScheduleTest, GivenOrderIsPreferred) {
  // Four equal branches: every order is as good.
  OpGraph graph;
  unsigned x = graph.addInput(4);
  SmallVector<unsigned> branches;
  for (unsigned i = 0; i < 4; ++i) {
    branches.push_back(graph.addBuffer(4));
    graph.addOp({x}, {branches.back()});
  }
  unsigned y = graph.addBuffer(16);
  graph.addOp(branches, {y});
  graph.buffers[y].isOutput = true;
  SmallVector<unsigned> expected = {0, 1, 2, 3, 4};
  EXPECT_EQ(scheduleOps(graph).order, expected);
}

TEST(ScheduleTest, ReordersTwoBranches) {
  // x -> a (100) -> b (1), x -> c (100) -> d (1): one branch after the other.
  OpGraph graph;
  unsigned x = graph.addInput(10), a = graph.addBuffer(100);
  unsigned c = graph.addBuffer(100), b = graph.addBuffer(1);
  unsigned d = graph.addBuffer(1), y = graph.addBuffer(1);
  graph.addOp({x}, {a});
  graph.addOp({x}, {c});
  graph.addOp({a}, {b});
  graph.addOp({c}, {d});
  graph.addOp({b, d}, {y});
  graph.buffers[y].isOutput = true;
  EXPECT_EQ(evaluateOrder(graph, {0, 1, 2, 3, 4}).peakBytes, 210);
  Schedule schedule = scheduleOps(graph);
  EXPECT_EQ(schedule.peakBytes, 111);
  EXPECT_TRUE(schedule.isProvenOptimal());
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

TEST(ScheduleTest, ChainsNeedNoSearch) {
  for (unsigned length : {500u, 2000u}) {
    OpGraph graph = GraphGenerator(length).makeChain(length);
    Schedule schedule = scheduleOps(graph);
    EXPECT_TRUE(schedule.isProvenOptimal());
    EXPECT_EQ(schedule.statesVisited, 0u);
    EXPECT_TRUE(llvm::equal(schedule.order, llvm::seq(0u, length)));
  }
}

TEST(ScheduleTest, BlocksAreSearchedOneByOne) {
  // 250 blocks of two branches of two ops, the order of the file being bad.
  OpGraph graph;
  unsigned x = graph.addInput(10);
  for (unsigned i = 0; i < 250; ++i) {
    unsigned a = graph.addBuffer(100 + i), c = graph.addBuffer(100 + i);
    unsigned b = graph.addBuffer(1), d = graph.addBuffer(1);
    graph.addOp({x}, {a});
    graph.addOp({x}, {c});
    graph.addOp({a}, {b});
    graph.addOp({c}, {d});
    x = graph.addBuffer(10);
    graph.addOp({b, d}, {x});
  }
  graph.buffers[x].isOutput = true;
  Schedule schedule = scheduleOps(graph);
  EXPECT_EQ(schedule.peakBytes, 10 + 349 + 1);
  EXPECT_TRUE(schedule.isProvenOptimal());
  EXPECT_LE(schedule.statesVisited, 250u * 10);
}

TEST(ScheduleTest, SideOutputDoesNotBlowUpTheSearch) {
  // The last op may run at any time after the first: no op is a cut.
  OpGraph graph = GraphGenerator(7).makeChain(400);
  unsigned side = graph.addBuffer(50000);
  graph.addOp({graph.ops[0].results[0]}, {side});
  graph.buffers[side].isOutput = true;
  Schedule schedule = scheduleOps(graph);
  EXPECT_TRUE(schedule.isProvenOptimal());
  EXPECT_LE(schedule.statesVisited, 400u * 2 * 7);
}

TEST(ScheduleTest, BeamImprovesWhereTheSearchGivesUp) {
  GraphShape shape{100, 2, 4000};
  shape.reach = 40;
  unsigned numBetter = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    OpGraph graph = GraphGenerator(seed).make(shape);
    ScheduleOptions none, few;
    none.searchStates = 0;
    few.searchStates = 8000;
    Schedule without = scheduleOps(graph, none), with = scheduleOps(graph, few);
    EXPECT_EQ(without.statesVisited, 0u);
    EXPECT_FALSE(with.isProvenOptimal());
    EXPECT_TRUE(isTopological(graph, with.order));
    EXPECT_LE(with.peakBytes, without.peakBytes);
    EXPECT_GE(with.peakBytes, with.lowerBound);
    numBetter += with.peakBytes < without.peakBytes;
  }
  EXPECT_GE(numBetter, 4u);
}

//===----------------------------------------------------------------------===//
// Lifetimes
//===----------------------------------------------------------------------===//

TEST(LifetimesTest, InputsOutputsAndUnused) {
  OpGraph graph;
  unsigned x = graph.addInput(1), unusedInput = graph.addInput(1);
  unsigned y = graph.addBuffer(1), unusedResult = graph.addBuffer(1);
  unsigned z = graph.addBuffer(1), never = graph.addBuffer(1);
  graph.addOp({x}, {y, unusedResult});
  graph.addOp({y}, {z});
  graph.buffers[y].isOutput = true;
  graph.buffers[z].isOutput = true;
  auto lifetimes = computeLifetimes(graph, {0, 1});
  auto expectLive = [&](unsigned buffer, int64_t first, int64_t last) {
    EXPECT_EQ(lifetimes[buffer].first, first) << "buffer " << buffer;
    EXPECT_EQ(lifetimes[buffer].last, last) << "buffer " << buffer;
  };
  expectLive(x, -1, 0);
  expectLive(unusedInput, -1, -1);
  expectLive(y, 0, 2);
  expectLive(unusedResult, 0, 0);
  expectLive(z, 1, 2);
  EXPECT_TRUE(lifetimes[never].isEmpty());
}

TEST(LifetimesTest, PeakAndMeetingsAgainstDefinition) {
  GraphGenerator generator(8);
  for (unsigned i = 0; i < 500; ++i) {
    OpGraph graph = generator.make({10, 2, 50});
    auto range = llvm::seq<unsigned>(0, graph.ops.size());
    SmallVector<unsigned> order(range.begin(), range.end());
    auto lifetimes = computeLifetimes(graph, order);
    SmallVector<int64_t> sizes;
    for (const GraphBuffer &buffer : graph.buffers)
      sizes.push_back(buffer.size);
    LivePeak peak = findLivePeak(lifetimes, sizes);
    ASSERT_EQ(peak.bytes, getPeak(graph, order));
    ASSERT_EQ(peak.bytes, getLiveBytes(graph, order, peak.step));
    std::set<std::pair<unsigned, unsigned>> meetings, expected;
    forEachMeeting(lifetimes, [&](unsigned a, unsigned b) {
      EXPECT_TRUE(a < b && meetings.insert({a, b}).second);
    });
    for (unsigned a = 0; a < lifetimes.size(); ++a)
      for (unsigned b = a + 1; b < lifetimes.size(); ++b)
        if (lifetimes[a].meets(lifetimes[b]))
          expected.insert({a, b});
    ASSERT_EQ(meetings, expected);
  }
}

TEST(LifetimesTest, SharedBytesAreTakenOff) {
  SmallVector<Lifetime> lifetimes = {{-1, 0}, {0, 1}, {1, 2}};
  LivePeak peak = findLivePeak(lifetimes, {10, 20, 30});
  EXPECT_EQ(peak.bytes, 50);
  EXPECT_EQ(peak.step, 1);
  peak = findLivePeak(lifetimes, {10, 20, 30}, {0, 25});
  EXPECT_EQ(peak.bytes, 30);
  EXPECT_EQ(peak.step, 0);
}

} // namespace

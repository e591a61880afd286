//===- ArenaPlanTest.cpp - Tests of whole arena plans ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shapes of known networks with the figures they must reach, random graphs
// checked by replay, and the amount of work for long networks.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/ArenaPlan.h"
#include "RandomGraph.h"
#include "gtest/gtest.h"

using namespace thimble;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

/// A chain of buffers, the first an input and the last an output.
OpGraph makeChain(ArrayRef<int64_t> sizes) {
  OpGraph graph;
  unsigned last = graph.addInput(sizes.front());
  for (int64_t size : sizes.drop_front()) {
    unsigned next = graph.addBuffer(size);
    graph.addOp({last}, {next});
    last = next;
  }
  graph.buffers[last].isOutput = true;
  return graph;
}

void expectArena(const OpGraph &graph, int64_t bytes) {
  ArenaPlan plan = planArena(graph);
  EXPECT_FALSE(findConflict(graph, plan));
  EXPECT_EQ(plan.arenaBytes, bytes);
  EXPECT_TRUE(plan.isProvenOptimal());
  EXPECT_EQ(plan.nodesSearched, 0u);
}

//===----------------------------------------------------------------------===//
// Known networks
//===----------------------------------------------------------------------===//

TEST(KnownNetworksTest, KeywordSpotting) {
  // Depthwise-separable chain of equal tensors behind a small input.
  expectArena(makeChain({490, 8000, 8000, 8000, 8000, 8000, 8000, 8000, 8000,
                         8000, 64, 12, 12}),
              16000);
}

TEST(KnownNetworksTest, VisualWakeWords) {
  // 96x96x3, 48x48x8, 48x48x16, 24x24x16, ...: tensors of different sizes.
  expectArena(makeChain({27648, 18432, 18432, 36864, 9216, 18432, 18432,
                         18432, 4608,  9216,  9216,  9216, 2304,  4608,
                         4608,  1152,  2304,  256,   2,    2}),
              55296);
}

TEST(KnownNetworksTest, AutoencoderOfFullyConnectedLayers) {
  expectArena(makeChain({640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640}),
              768);
}

TEST(KnownNetworksTest, ResidualNetwork) {
  // Block input, first and second convolution of 16,384 bytes each, then the
  // sum; the second block halves the size and convolves the skip.
  OpGraph graph;
  unsigned image = graph.addInput(3072);
  unsigned x = graph.addBuffer(16384);
  graph.addOp({image}, {x});
  for (int64_t size : {16384, 8192, 4096}) {
    unsigned a = graph.addBuffer(size), b = graph.addBuffer(size);
    unsigned sum = graph.addBuffer(size), skip = x;
    graph.addOp({x}, {a});
    graph.addOp({a}, {b});
    if (size != 16384) {
      skip = graph.addBuffer(size);
      graph.addOp({x}, {skip});
    }
    graph.addOp({skip, b}, {sum}).inPlace = {{skip, sum}, {b, sum}};
    x = sum;
  }
  unsigned pooled = graph.addBuffer(64), scores = graph.addBuffer(10);
  graph.addOp({x}, {pooled});
  graph.addOp({pooled}, {scores});
  graph.buffers[scores].isOutput = true;
  // The second convolution meets the block's input, so that overwriting in the
  // sum does not lower the peak.
  expectArena(graph, 49152);
  for (GraphOp &op : graph.ops)
    op.inPlace.clear();
  expectArena(graph, 49152);
}

//===----------------------------------------------------------------------===//
// Properties
//===----------------------------------------------------------------------===//

TEST(ArenaPlanTest, RandomGraphsHaveNoConflict) {
  GraphGenerator generator(1);
  unsigned numProven = 0, numInPlace = 0;
  for (unsigned i = 0; i < 600; ++i) {
    GraphShape shape{unsigned(generator.pick(1, 12)), 3, 64};
    shape.hasInPlace = i % 2;
    shape.hasScratch = i / 2 % 2;
    shape.hasSecondResults = i / 4 % 2;
    shape.hasInnerOutputs = i / 8 % 2;
    shape.hasAlignment = i / 16 % 2;
    OpGraph graph = generator.make(shape);
    ArenaPlan plan = planArena(graph);
    ASSERT_FALSE(findConflict(graph, plan)) << "graph " << i;
    ASSERT_GE(plan.arenaBytes, plan.lowerBound) << "graph " << i;
    ASSERT_GE(plan.lowerBound, plan.schedule.peakBytes) << "graph " << i;
    numProven += plan.isProvenOptimal();
    for (const InPlacePair &pair : plan.schedule.inPlace)
      numInPlace += plan.isInPlace(pair);
    if (i % 10 != 0)
      continue;
    ArenaPlan again = planArena(graph);
    ASSERT_EQ(plan.offsets, again.offsets);
    ASSERT_EQ(plan.schedule.order, again.schedule.order);
  }
  // Sizes of any number of bytes among alignments of up to 8 are the hardest.
  EXPECT_GE(numProven, 597u);
  EXPECT_GT(numInPlace, 300u);
}

TEST(ArenaPlanTest, AlignmentOfTheArenaIsTheLargest) {
  OpGraph graph;
  unsigned x = graph.addInput(10, 4), y = graph.addBuffer(10, 2);
  GraphOp &op = graph.addOp({x}, {y});
  op.scratchBytes = 4;
  op.scratchAlignment = 8;
  graph.buffers[y].isOutput = true;
  ArenaPlan plan = planArena(graph);
  EXPECT_EQ(plan.arenaAlignment, 8);
  EXPECT_EQ(plan.scratchOffsets[0] % 8, 0);
  EXPECT_EQ(plan.arenaBytes, 24);
  EXPECT_TRUE(plan.isProvenOptimal());
}

TEST(ArenaPlanTest, ConflictsAreFound) {
  OpGraph graph = makeChain({10, 10, 10});
  graph.ops[1].scratchBytes = 5;
  ArenaPlan plan = planArena(graph);
  ASSERT_FALSE(findConflict(graph, plan));
  ArenaPlan overlap = plan;
  overlap.offsets[1] = overlap.offsets[0];
  auto conflict = findConflict(graph, overlap);
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->step, 0);
  EXPECT_EQ(conflict->first, 0u);
  EXPECT_EQ(conflict->second, 1u);

  // The same is right if the op may overwrite its operand.
  graph.ops[0].inPlace = {{0, 1}};
  overlap = planArena(graph);
  overlap.offsets[1] = overlap.offsets[0];
  conflict = findConflict(graph, overlap);
  EXPECT_TRUE(!conflict || conflict->step != 0);

  ArenaPlan scratch = plan;
  scratch.scratchOffsets[1] = scratch.offsets[2];
  conflict = findConflict(graph, scratch);
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->second, 3u + 1);

  ArenaPlan outside = plan;
  outside.offsets[2] = outside.arenaBytes - 9;
  conflict = findConflict(graph, outside);
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->first, conflict->second);
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

TEST(ArenaPlanTest, LongChainsAreLinear) {
  for (unsigned length : {500u, 2000u}) {
    OpGraph graph = GraphGenerator(length).makeChain(length);
    ArenaPlan plan = planArena(graph);
    EXPECT_FALSE(findConflict(graph, plan));
    EXPECT_TRUE(plan.isProvenOptimal());
    EXPECT_EQ(plan.arenaBytes, plan.schedule.peakBytes);
    EXPECT_EQ(plan.schedule.statesVisited, 0u);
    EXPECT_EQ(plan.buffersPlaced, length + 1);
    EXPECT_EQ(plan.nodesSearched, 0u);
  }
}

TEST(ArenaPlanTest, LongResidualNetworkKeepsToItsBudget) {
  OpGraph graph;
  GraphGenerator generator(3);
  unsigned x = graph.addInput(100);
  for (unsigned i = 0; i < 500; ++i) {
    unsigned a = graph.addBuffer(generator.pick(1, 4000));
    unsigned b = graph.addBuffer(graph.buffers[x].size);
    unsigned sum = graph.addBuffer(graph.buffers[x].size);
    unsigned next = graph.addBuffer(generator.pick(1, 4000));
    graph.addOp({x}, {a}).scratchBytes = generator.pick(0, 500);
    graph.addOp({a}, {b});
    graph.addOp({x, b}, {sum}).inPlace = {{x, sum}, {b, sum}};
    graph.addOp({sum}, {next});
    x = next;
  }
  graph.buffers[x].isOutput = true;
  ArenaPlan plan = planArena(graph);
  EXPECT_FALSE(findConflict(graph, plan));
  EXPECT_EQ(plan.schedule.statesVisited, 0u);
  EXPECT_LE(plan.buffersPlaced, 110000u);
  EXPECT_LE(plan.nodesSearched, PlacementOptions().searchNodes);
  EXPECT_LE(plan.arenaBytes, plan.lowerBound * 105 / 100);
}

TEST(ArenaPlanTest, HundredOpsOfManyBranchesAreSolvedExactly) {
  GraphShape shape{100, 2, 4000};
  shape.reach = 8;
  shape.hasInPlace = shape.hasScratch = true;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    OpGraph graph = GraphGenerator(seed).make(shape);
    for (GraphBuffer &buffer : graph.buffers)
      buffer.size &= ~int64_t(15);
    ArenaPlan plan = planArena(graph);
    EXPECT_FALSE(findConflict(graph, plan)) << "seed " << seed;
    EXPECT_TRUE(plan.schedule.isProvenOptimal()) << "seed " << seed;
    EXPECT_TRUE(plan.isProvenOptimal()) << "seed " << seed;
  }
}

} // namespace

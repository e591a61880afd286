//===- RowOverlapTest.cpp - Tests of results over operands ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plans in which a result's rows follow the rows of its operands, executed byte
// by byte: each read must find the row that was meant.
//
//===----------------------------------------------------------------------===//

#include "RandomGraph.h"
#include "thimble/Memory/ArenaPlan.h"
#include "gtest/gtest.h"

using namespace thimble;
using llvm::SmallVector;

namespace {

/// An arena whose bytes know what was written to them.
class TaggedArena {
public:
  TaggedArena(const OpGraph &graph, const ArenaPlan &plan)
      : graph(graph), plan(plan), tags(plan.arenaBytes, -1) {}

  bool run() {
    for (auto [index, buffer] : llvm::enumerate(graph.buffers))
      if (buffer.isInput)
        write(index, 0, buffer.size);
    for (unsigned op : plan.schedule.order)
      if (!runOp(op))
        return false;
    for (auto [index, buffer] : llvm::enumerate(graph.buffers))
      if (buffer.isOutput && !holds(index, 0, buffer.size))
        return false;
    return true;
  }

private:
  int64_t tag(unsigned buffer, int64_t byte) { return buffer * 1000000 + byte; }
  void write(unsigned buffer, int64_t begin, int64_t end) {
    for (int64_t byte = begin; byte < end; ++byte)
      tags[plan.offsets[buffer] + byte] = tag(buffer, byte);
  }
  bool holds(unsigned buffer, int64_t begin, int64_t end) {
    for (int64_t byte = begin; byte < end; ++byte)
      if (tags[plan.offsets[buffer] + byte] != tag(buffer, byte))
        return false;
    return true;
  }

  bool runOp(unsigned number) {
    const GraphOp &op = graph.ops[number];
    if (op.overlaps.empty()) {
      for (unsigned operand : op.operands)
        if (!holds(operand, 0, graph.buffers[operand].size))
          return false;
      poison(number);
      for (unsigned result : op.results)
        write(result, 0, graph.buffers[result].size);
      return true;
    }
    unsigned result = op.overlaps[0].result;
    int64_t rowBytes = op.overlaps[0].resultRowBytes;
    int64_t steps = graph.buffers[result].size / rowBytes;
    bool descending = plan.descending[number];
    for (unsigned other : op.results)
      if (other != result)
        write(other, 0, graph.buffers[other].size);
    for (int64_t i = 0; i < steps; ++i) {
      int64_t step = descending ? steps - 1 - i : i;
      poison(number);
      for (const RowOverlap &overlap : op.overlaps)
        if (!readRows(overlap, step))
          return false;
      write(result, step * rowBytes, (step + 1) * rowBytes);
    }
    return true;
  }

  bool readRows(const RowOverlap &overlap, int64_t step) {
    for (int64_t row = 0, end = overlap.last.size(); row < end; ++row) {
      int64_t first = overlap.mayDescend() ? overlap.first[row] : 0;
      if (first <= step && step <= overlap.last[row] &&
          !holds(overlap.operand, row * overlap.operandRowBytes,
                 (row + 1) * overlap.operandRowBytes))
        return false;
    }
    return true;
  }

  void poison(unsigned op) {
    for (int64_t byte = 0; byte < graph.ops[op].scratchBytes; ++byte)
      tags[plan.scratchOffsets[op] + byte] = -2;
  }

  const OpGraph &graph;
  const ArenaPlan &plan;
  std::vector<int64_t> tags;
};

/// A chain of convolutions of 25 rows of 320 bytes behind an image.
OpGraph makeConvolutions(bool mayDescend) {
  OpGraph graph;
  unsigned last = graph.addInput(490);
  constexpr int64_t rows = 25, rowBytes = 320;
  for (int64_t layer = 0; layer < 9; ++layer) {
    unsigned next = graph.addBuffer(rows * rowBytes);
    GraphOp &op = graph.addOp({last}, {next});
    if (layer > 0) {
      RowOverlap overlap{last, next, rowBytes, rowBytes, {}, {}};
      for (int64_t row = 0; row < rows; ++row) {
        overlap.last.push_back(std::min(row + 1, rows - 1));
        if (mayDescend && layer % 2 == 0)
          overlap.first.push_back(std::max<int64_t>(row - 1, 0));
      }
      op.overlaps.push_back(overlap);
    }
    last = next;
  }
  graph.buffers[last].isOutput = true;
  return graph;
}

TEST(RowOverlapTest, DescendingRowsKeepAChainInItsPlace) {
  // Every window of three rows moves its result by two rows; without descending
  // layers always to lower addresses.
  ArenaPlan plan = planArena(makeConvolutions(true));
  EXPECT_EQ(plan.arenaBytes, 8000 + 2 * 320);
  EXPECT_TRUE(llvm::is_contained(plan.descending, true));
  plan = planArena(makeConvolutions(false));
  EXPECT_EQ(plan.arenaBytes, 8000 + 8 * 2 * 320);
}

TEST(RowOverlapTest, RowsThatAreNeverReadAreFree) {
  // A window of one row at stride 2 leaves every second row unread: only the
  // first row of the result has no room.
  OpGraph graph;
  unsigned x = graph.addInput(80), y = graph.addBuffer(40);
  GraphOp &op = graph.addOp({x}, {y});
  op.overlaps.push_back({x, y, 10, 10, {0, -1, 1, -1, 2, -1, 3, -1}, {}});
  graph.buffers[y].isOutput = true;
  ArenaPlan plan = planArena(graph);
  EXPECT_EQ(plan.arenaBytes, 90);
  EXPECT_FALSE(findConflict(graph, plan));
  EXPECT_TRUE(TaggedArena(graph, plan).run());
}

TEST(RowOverlapTest, OperandsThatLiveOnAreKept) {
  OpGraph graph = makeConvolutions(true);
  graph.buffers[3].isOutput = true;
  ArenaPlan plan = planArena(graph);
  EXPECT_FALSE(findConflict(graph, plan));
  EXPECT_TRUE(TaggedArena(graph, plan).run());
  EXPECT_GE(plan.arenaBytes, 2 * 8000);
}

TEST(RowOverlapTest, RandomPlansRunByteByByte) {
  GraphGenerator generator(7);
  unsigned numSmaller = 0, numDescending = 0;
  for (unsigned i = 0; i < 300; ++i) {
    GraphShape shape{unsigned(generator.pick(1, 12)), 3, 64};
    shape.hasOverlaps = true;
    shape.hasInPlace = i % 2;
    shape.hasScratch = i / 2 % 2;
    shape.hasSecondResults = i / 4 % 2;
    shape.hasInnerOutputs = i / 8 % 2;
    OpGraph graph = generator.make(shape);
    ArenaPlan plan = planArena(graph);
    ASSERT_FALSE(findConflict(graph, plan)) << "graph " << i;
    ASSERT_TRUE(TaggedArena(graph, plan).run()) << "graph " << i;
    ASSERT_GE(plan.lowerBound, plan.schedule.peakBytes) << "graph " << i;
    ASSERT_GE(plan.arenaBytes, plan.lowerBound) << "graph " << i;
    numDescending += llvm::is_contained(plan.descending, true);
    OpGraph apart = graph;
    for (GraphOp &op : apart.ops)
      op.overlaps.clear();
    int64_t whole = planArena(apart).arenaBytes;
    ASSERT_LE(plan.schedule.lowerBound, whole) << "graph " << i;
    numSmaller += plan.arenaBytes < whole;
  }
  EXPECT_GT(numSmaller, 100u);
  EXPECT_GT(numDescending, 25u);
}

TEST(RowOverlapTest, DamagedPlansAreFound) {
  GraphGenerator generator(8);
  unsigned numDamaged = 0, numFound = 0;
  for (unsigned i = 0; i < 300; ++i) {
    GraphShape shape{unsigned(generator.pick(1, 8)), 2, 64};
    shape.hasOverlaps = true;
    OpGraph graph = generator.make(shape);
    ArenaPlan plan = planArena(graph);
    unsigned buffer = generator.pick(0, graph.buffers.size() - 1);
    if (plan.offsets[buffer] < 0 || graph.buffers[buffer].size == 0)
      continue;
    plan.offsets[buffer] += generator.pick(0, 1) ? 4 : -4;
    if (plan.offsets[buffer] < 0 ||
        plan.offsets[buffer] + graph.buffers[buffer].size > plan.arenaBytes)
      continue;
    bool isFound = findConflict(graph, plan).has_value();
    // Whatever goes wrong when the plan is run is found without running it.
    if (!TaggedArena(graph, plan).run()) {
      ++numDamaged;
      ASSERT_TRUE(isFound) << "graph " << i;
    }
    numFound += isFound;
  }
  EXPECT_GT(numDamaged, 30u);
  EXPECT_GE(numFound, numDamaged);
}

} // namespace

//===- RowBoundTest.cpp - Tests of bounds and tables of rows --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All orders of steps of small networks, and windows against their definition.
//
//===----------------------------------------------------------------------===//

#include "RowNetwork.h"
#include "gtest/gtest.h"
#include <deque>
#include <set>

using namespace thimble;
using llvm::SmallVector;

namespace {

/// Whether some order of all steps never needs more than `budget` bytes.
bool isPossible(const RowGraph &graph, int64_t budget) {
  std::set<std::vector<int64_t>> seen;
  std::deque<RowState> queue;
  auto add = [&](const RowState &state) {
    std::vector<int64_t> key;
    for (unsigned op = 0; op < graph.getNumOps(); ++op)
      key.push_back(state.getStepsDone(op));
    if (seen.insert(key).second)
      queue.push_back(state);
  };
  RowState start(graph);
  if (start.getLiveBytes() > budget)
    return false;
  add(start);
  while (!queue.empty()) {
    RowState state(queue.front());
    queue.pop_front();
    bool isEnd = true;
    for (unsigned op = 0; op < graph.getNumOps(); ++op) {
      isEnd &= state.isFinished(op);
      if (!state.isEnabled(op))
        continue;
      RowState next(state);
      if (next.run(op) <= budget)
        add(next);
    }
    if (isEnd)
      return true;
  }
  return false;
}

TEST(RowBoundTest, NoOrderIsBelowTheBound) {
  unsigned numExact = 0, numTried = 0;
  for (unsigned seed = 1; seed <= 120; ++seed) {
    RowNetwork network = makeRandomNetwork(seed, 3 + seed % 2);
    const RowGraph &graph = network.problem.rows;
    int64_t states = 1;
    for (const RowOp &op : graph.getOps())
      states *= op.steps + 1;
    if (states > 5000 || graph.getNumOps() == 0)
      continue;
    ++numTried;
    StreamSearch search(graph, network.problem.costs);
    RowSchedule smallest = search.findSmallest();
    StepOrder order = orderSteps(graph, smallest);
    SmallVector<int64_t> ascending(graph.getNumOps(),
                                   std::numeric_limits<int64_t>::max());
    RowBound bound = findRowBound(graph, {order}, ascending);
    ASSERT_FALSE(isPossible(graph, bound.bytes - 1)) << "seed " << seed;
    ASSERT_TRUE(isPossible(graph, order.peak)) << "seed " << seed;
    numExact += bound.bytes == order.peak;
  }
  EXPECT_GT(numTried, 30u);
  EXPECT_GT(numExact, numTried / 2);
}

TEST(RowBoundTest, TablesAreWhatWindowsRead) {
  for (int64_t height : {1, 5, 9})
    for (int64_t rows : {1, 2, 3})
      for (int64_t stride : {1, 2, 3})
        for (int64_t dilation : {1, 2})
          for (int64_t pad : {0, 1, 2}) {
            constexpr int64_t steps = 4, images = 2;
            RowTable table = makeRowTable({rows, stride, dilation, pad, false},
                                          steps * images, height, images);
            for (int64_t step = 0; step < steps * images; ++step) {
              bool padding = false;
              for (int64_t k = 0; k < rows; ++k) {
                int64_t y = step % steps * stride - pad + k * dilation;
                int64_t row = step / steps * height + y;
                if (y < 0 || y >= height) {
                  padding = true;
                  continue;
                }
                EXPECT_GT(table.need[step], row);
                EXPECT_LE(table.first[row], step);
                EXPECT_GE(table.last[row], step);
              }
              EXPECT_EQ(table.readsPadding[step], padding);
            }
          }
}

TEST(RowBoundTest, RowsOfStridedWindowsStayUnread) {
  RowTable table = makeRowTable({1, 2, 1, 0, false}, 3, 6);
  EXPECT_EQ(table.last, (SmallVector<int64_t>{0, -1, 1, -1, 2, -1}));
  EXPECT_EQ(table.first, table.last);
  EXPECT_EQ(table.need, (SmallVector<int64_t>{1, 3, 5}));
}

} // namespace

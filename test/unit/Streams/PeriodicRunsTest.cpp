//===- PeriodicRunsTest.cpp - A sequence as repeated pieces ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs are the sequence, keep to the limits, and cost no more than the obvious.
//
//===----------------------------------------------------------------------===//

#include "thimble/Support/PeriodicRuns.h"
#include "gtest/gtest.h"

#include <random>

using namespace thimble;

namespace {

std::vector<int32_t> expand(llvm::ArrayRef<int32_t> symbols,
                            llvm::ArrayRef<PeriodicRun> runs) {
  std::vector<int32_t> result;
  for (PeriodicRun run : runs)
    for (unsigned i = 0; i < run.count; ++i)
      for (int32_t symbol : symbols.slice(run.begin, run.length))
        result.push_back(symbol);
  return result;
}

TEST(PeriodicRuns, FindsThePeriod) {
  std::vector<int32_t> symbols = {9, 8};
  for (int i = 0; i < 20; ++i)
    symbols.insert(symbols.end(), {1, 2, 3});
  symbols.push_back(7);
  std::vector<PeriodicRun> runs = findPeriodicRuns(symbols, {});
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[1].begin, 2u);
  EXPECT_EQ(runs[1].length, 3u);
  EXPECT_EQ(runs[1].count, 20u);
}

TEST(PeriodicRuns, KeepsToTheLimits) {
  std::vector<int32_t> symbols(1000, 7);
  PeriodicRunCost cost;
  cost.maxLength = 3;
  cost.maxCount = 10;
  std::vector<PeriodicRun> runs = findPeriodicRuns(symbols, cost);
  EXPECT_EQ(expand(symbols, runs), symbols);
  for (PeriodicRun run : runs) {
    EXPECT_LE(run.length, 3u);
    EXPECT_LE(run.count, 10u);
  }
}

TEST(PeriodicRuns, IsTheSequence) {
  std::mt19937 random{3};
  for (int round = 0; round < 300; ++round) {
    std::vector<int32_t> symbols(random() % 60);
    for (int32_t &symbol : symbols)
      symbol = int32_t(random() % (1 + round % 4));
    std::vector<PeriodicRun> runs = findPeriodicRuns(symbols, {});
    EXPECT_EQ(expand(symbols, runs), symbols);
    unsigned bytes = 0;
    for (PeriodicRun run : runs)
      bytes += 2 + run.length;
    EXPECT_LE(bytes, symbols.empty() ? 0 : symbols.size() + 2);
  }
}

} // namespace

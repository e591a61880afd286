//===- DifferenceSetTest.cpp - Tests of sets of differences ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares the intervals with a plain set of integers.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/DifferenceSet.h"
#include "gtest/gtest.h"
#include <random>
#include <set>

using namespace thimble;

namespace {

TEST(DifferenceSetTest, OpenIntervalsThatTouchStayApart) {
  DifferenceSet set;
  set.insert({0, 4});
  set.insert({4, 8});
  EXPECT_EQ(set.getIntervals().size(), 2u);
  EXPECT_FALSE(set.contains(4));
  set.insert({3, 5});
  ASSERT_EQ(set.getIntervals().size(), 1u);
  EXPECT_EQ(set.getIntervals()[0], (OpenInterval{0, 8}));
}

TEST(DifferenceSetTest, AdjacentIntegersAreJoined) {
  DifferenceSet set;
  set.insert({0, 4}); // 1, 2, 3
  set.insert({3, 6}); // 4, 5
  ASSERT_EQ(set.getIntervals().size(), 1u);
  EXPECT_TRUE(set.containsAll({0, 6}));
}

TEST(DifferenceSetTest, EmptyIntervalsAreIgnored) {
  DifferenceSet set;
  set.insert({3, 4});
  set.insert({5, 2});
  EXPECT_TRUE(set.empty());
  EXPECT_TRUE(set.containsAll({3, 4}));
}

TEST(DifferenceSetTest, EraseMakesAHole) {
  DifferenceSet set;
  set.insert({-4, 4});
  set.erase(0);
  set.erase(9);
  EXPECT_FALSE(set.contains(0));
  EXPECT_TRUE(set.contains(-1));
  EXPECT_TRUE(set.contains(1));
  EXPECT_FALSE(set.containsAll({-4, 4}));
  EXPECT_TRUE(set.containsAll({0, 4}));
}

TEST(DifferenceSetTest, RandomAgainstSetOfIntegers) {
  std::mt19937_64 engine(1);
  auto pick = [&](int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  };
  for (unsigned round = 0; round < 2000; ++round) {
    DifferenceSet set;
    std::set<int64_t> expected;
    for (unsigned i = 0; i < 8; ++i) {
      if (pick(0, 2) > 0) {
        int64_t low = pick(-12, 10), high = low + pick(-1, 8);
        set.insert({low, high});
        for (int64_t value = low + 1; value < high; ++value)
          expected.insert(value);
      } else {
        int64_t value = pick(-12, 12);
        set.erase(value);
        expected.erase(value);
      }
      for (int64_t value = -20; value <= 20; ++value)
        ASSERT_EQ(set.contains(value), expected.count(value) == 1);
      auto intervals = set.getIntervals();
      for (unsigned k = 0; k < intervals.size(); ++k) {
        ASSERT_FALSE(intervals[k].isEmpty());
        ASSERT_TRUE(k == 0 || intervals[k - 1].high <= intervals[k].low);
      }
    }
  }
}

} // namespace

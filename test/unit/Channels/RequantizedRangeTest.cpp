//===- RequantizedRangeTest.cpp - Bounds of requantized numbers -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whatever accumulator within the bounds is requantized, the result is within
// the range; and the range is no wider than its ends where nothing wraps.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/Channels.h"
#include "thimble/Support/QuantizedElements.h"
#include "gtest/gtest.h"

#include <random>

using namespace thimble;

namespace {

class RequantizedRange : public testing::Test {
protected:
  int64_t draw(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  }

  /// A multiplier as quantization makes them, shifts of all sizes.
  QuantizedMultiplier drawMultiplier() {
    return {static_cast<int32_t>(draw(1 << 30, INT32_MAX)),
            static_cast<int>(draw(-31, 30))};
  }

  std::mt19937_64 random{7};
};

TEST_F(RequantizedRange, HoldsAllResults) {
  for (int round = 0; round < 20000; ++round) {
    // Bounds of all sizes, some of them beyond int32.
    int64_t reach = int64_t(1) << draw(0, 33);
    int64_t low = draw(-reach, reach), high = low + draw(0, reach);
    QuantizedMultiplier multiplier = drawMultiplier();
    int32_t zeroPoint = draw(-128, 127);
    ClampRange clamp{static_cast<int32_t>(draw(-128, 0)),
                     static_cast<int32_t>(draw(0, 127))};
    ChannelRange range =
        requantizedRange(low, high, multiplier, zeroPoint, clamp);
    for (int sample = 0; sample < 50; ++sample) {
      auto accumulator = static_cast<int32_t>(draw(low, high));
      int32_t result =
          requantizeInt8(accumulator, multiplier, zeroPoint, clamp);
      ASSERT_GE(result, range.min) << low << " " << high << " " << accumulator;
      ASSERT_LE(result, range.max) << low << " " << high << " " << accumulator;
    }
  }
}

TEST_F(RequantizedRange, IsAsNarrowAsItsEnds) {
  // One half, no shift: 10 / 2 + 3 and 21 / 2 + 3, rounded up.
  ChannelRange range = requantizedRange(10, 21, {1 << 30, 0}, 3, ClampRange());
  EXPECT_EQ(range.min, 8);
  EXPECT_EQ(range.max, 14);
}

TEST_F(RequantizedRange, OneNumberIsOneNumberThoughItWraps) {
  int64_t sum = (int64_t(1) << 32) + 6;
  ChannelRange range =
      requantizedRange(sum, sum, {1 << 30, 0}, 0, ClampRange());
  EXPECT_TRUE(range.isConstant());
  EXPECT_EQ(range.min, 3);
}

TEST_F(RequantizedRange, WrappingShiftGivesTheClamp) {
  // 2^20 << 12 leaves int32, and nothing is known between the ends.
  ChannelRange range =
      requantizedRange(0, 1 << 20, {1 << 30, 12}, 0, ClampRange{-5, 9});
  EXPECT_EQ(range.min, -5);
  EXPECT_EQ(range.max, 9);
}

} // namespace

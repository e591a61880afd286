//===- FastRequantizeTest.cpp - Cheap forms against the definition --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Wherever fastRequantization says it is valid it must be equal, including at
// the very bound; averages are compared exhaustively.
//===----------------------------------------------------------------------===//

#include "thimble/Support/FastRequantize.h"
#include "thimble/Support/QuantizedElements.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <random>

using namespace thimble;

namespace {

int32_t definition(int32_t acc, QuantizedMultiplier factor, int32_t zero) {
  return multiplyByQuantizedMultiplier(acc, factor) + zero;
}

int32_t randomMantissa(std::mt19937 &random) {
  switch (random() % 4) {
  case 0:
    return 1 << 30; // exact halves occur only with such mantissas
  case 1:
    return static_cast<int32_t>((1u << 30) + ((random() % 64) << 24));
  case 2:
    return static_cast<int32_t>(random() >> 1); // MEAN's are not normalized
  default:
    return static_cast<int32_t>((random() >> 2) | (1u << 30));
  }
}

TEST(FastRequantizeTest, EqualWhereverItIsValid) {
  std::mt19937 random(1);
  int64_t compared = 0;
  for (int i = 0; i < 60000; ++i) {
    QuantizedMultiplier factor{randomMantissa(random),
                               static_cast<int>(random() % 45) - 31};
    auto zero = static_cast<int8_t>(random());
    int64_t bound = (int64_t(1) << (random() % 31)) - 1;
    std::optional<FastRequantization> fast =
        fastRequantization(factor, zero, bound);
    if (!fast)
      continue;
    for (int j = 0; j < 100; ++j) {
      auto acc = static_cast<int32_t>(random() % (2 * bound + 1) - bound);
      if (j == 0)
        acc = static_cast<int32_t>(bound);
      if (j == 1)
        acc = static_cast<int32_t>(-bound);
      if (j >= 50)
        acc >>= random() % 31;
      int32_t expected = definition(acc, factor, zero);
      ASSERT_EQ(fast->apply(acc), expected)
          << acc << " * " << factor.multiplier << " shift " << factor.shift;
      ASSERT_EQ(std::max<int32_t>(fast->applyAboveZeroPoint(acc), zero),
                std::max<int32_t>(expected, zero));
      ++compared;
    }
  }
  EXPECT_GT(compared, 2000000);
}

TEST(FastRequantizeTest, TiesOfBothRoundings) {
  for (int shift = -22; shift <= 0; ++shift)
    for (int zero : {-128, -1, 0, 127}) {
      QuantizedMultiplier factor{1 << 30, shift};
      std::optional<FastRequantization> fast =
          fastRequantization(factor, zero, (int64_t(1) << 30) - 1);
      ASSERT_TRUE(fast);
      for (int32_t k = -255; k <= 255; ++k)
        for (int32_t delta = -2; delta <= 2; ++delta) {
          int32_t acc = k * (1 << -shift) + delta;
          ASSERT_EQ(fast->apply(acc), definition(acc, factor, zero));
        }
    }
}

TEST(FastRequantizeTest, CoversWhatLoweringsRelyOn) {
  // Every |acc| < 2^30, right shifts up to 22, every int8 zero point.
  for (int shift = -22; shift <= 0; ++shift)
    for (int zero = -128; zero <= 127; ++zero)
      ASSERT_TRUE(
          fastRequantization({INT32_MAX, shift}, zero, (int64_t(1) << 30) - 1));
  EXPECT_FALSE(fastRequantization({1 << 30, 0}, 0, int64_t(1) << 30));
  EXPECT_FALSE(fastRequantization({1 << 30, -31}, 0, 1000));
  EXPECT_FALSE(fastRequantization({-(1 << 30), -5}, 0, 1000));
  EXPECT_TRUE(fastRequantization({1 << 30, 8}, 0, (1 << 22) - 1));
  EXPECT_FALSE(fastRequantization({1 << 30, 8}, 0, 1 << 22));
}

TEST(FastRequantizeTest, SplitHighMul) {
  std::mt19937 random(2);
  for (int i = 0; i < 5000000; ++i) {
    auto x = static_cast<int32_t>(random());
    int32_t m = randomMantissa(random);
    if (i % 16 == 0)
      x = (i & 16) ? INT32_MIN : INT32_MAX;
    __int128 exact = static_cast<__int128>(x) * m + (int64_t(1) << 31);
    ASSERT_EQ(roundedHighMulBySplitting(x, m),
              static_cast<int32_t>(exact >> 32))
        << x << " * " << m;
  }
}

TEST(FastRequantizeTest, AverageByMagicIsExhaustive) {
  for (int32_t count = 1; count < 360; ++count) {
    std::optional<uint32_t> magic = averagePoolMagic(count);
    ASSERT_TRUE(magic);
    for (int32_t sum = -128 * count; sum <= 127 * count; ++sum)
      ASSERT_EQ(averageByMagic(sum, count, *magic), averagePoolInt8(sum, count))
          << sum << " / " << count;
  }
  EXPECT_FALSE(averagePoolMagic(0));
  EXPECT_FALSE(averagePoolMagic(360));
}

} // namespace

//===- FixedPointTest.cpp - Multipliers against their definition ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each primitive is compared with a definition written from the sentence in its
// documentation ("nearest integer, halves towards ..."), in 128-bit rationals,
// over ties, extremes and millions of random values.
//===----------------------------------------------------------------------===//

#include "thimble/Support/FixedPoint.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

using namespace thimble;

namespace {

using Wide = __int128;

Wide floorDivide(Wide a, Wide b) {
  Wide quotient = a / b;
  return quotient * b > a ? quotient - 1 : quotient;
}

/// Nearest integer to a / b (b > 0), halves towards plus infinity.
Wide nearestHalfUp(Wide a, Wide b) { return floorDivide(2 * a + b, 2 * b); }

/// Nearest integer to a / b (b > 0), halves away from zero.
Wide nearestHalfAway(Wide a, Wide b) {
  return a >= 0 ? nearestHalfUp(a, b) : -nearestHalfUp(-a, b);
}

int32_t highMulDefinition(int32_t a, int32_t b) {
  Wide result = nearestHalfUp(Wide(a) * b, Wide(1) << 31);
  return result > INT32_MAX ? INT32_MAX : static_cast<int32_t>(result);
}

int32_t multiplyDefinition(int32_t x, QuantizedMultiplier factor) {
  int left = factor.shift > 0 ? factor.shift : 0;
  auto shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  int right = factor.shift > 0 ? 0 : -factor.shift;
  return static_cast<int32_t>(nearestHalfAway(
      highMulDefinition(shifted, factor.multiplier), Wide(1) << right));
}

/// Values at which roundings and saturations go wrong.
std::vector<int32_t> corners() {
  std::vector<int32_t> values = {0, INT32_MIN, INT32_MIN + 1, INT32_MAX};
  for (int bit = 0; bit < 31; ++bit)
    for (int delta = -1; delta <= 1; ++delta)
      for (int sign = -1; sign <= 1; sign += 2)
        values.push_back(sign * ((int32_t(1) << bit) + (bit ? delta : 0)));
  return values;
}

TEST(FixedPointTest, HighMulAtCorners) {
  for (int32_t a : corners())
    for (int32_t b : corners())
      ASSERT_EQ(saturatingRoundingDoublingHighMul(a, b),
                highMulDefinition(a, b))
          << a << " * " << b;
}

TEST(FixedPointTest, HighMulOfRandomValues) {
  std::mt19937 random(1);
  for (int i = 0; i < 3000000; ++i) {
    auto a = static_cast<int32_t>(random());
    auto b = static_cast<int32_t>(random());
    ASSERT_EQ(saturatingRoundingDoublingHighMul(a, b), highMulDefinition(a, b))
        << a << " * " << b;
  }
}

TEST(FixedPointTest, HighMul16IsExhaustiveAlongCorners) {
  for (int32_t a = INT16_MIN; a <= INT16_MAX; ++a)
    for (int32_t b : {-32768, -32767, -16384, -1, 0, 1, 3, 16384, 32767}) {
      Wide nearest = nearestHalfUp(Wide(a) * b, 1 << 15);
      ASSERT_EQ(saturatingRoundingDoublingHighMul16(a, b),
                nearest > INT16_MAX ? INT16_MAX : int(nearest));
    }
}

TEST(FixedPointTest, DivideRoundsHalvesAwayFromZero) {
  EXPECT_EQ(roundingDivideByPowerOfTwo(5, 1), 3);
  EXPECT_EQ(roundingDivideByPowerOfTwo(-5, 1), -3);
  EXPECT_EQ(roundingDivideByPowerOfTwo(INT32_MIN, 31), -1);
  EXPECT_EQ(roundingDivideByPowerOfTwo(INT32_MAX, 31), 1);
  std::mt19937 random(2);
  for (int exponent = 0; exponent <= 31; ++exponent) {
    for (int32_t x : corners())
      ASSERT_EQ(roundingDivideByPowerOfTwo(x, exponent),
                nearestHalfAway(x, Wide(1) << exponent));
    for (int i = 0; i < 50000; ++i) {
      auto x = static_cast<int32_t>(random());
      ASSERT_EQ(roundingDivideByPowerOfTwo(x, exponent),
                nearestHalfAway(x, Wide(1) << exponent));
    }
  }
}

TEST(FixedPointTest, Divide16KeepsTheQuirkOfWideShifts) {
  for (int32_t x = INT16_MIN; x <= INT16_MAX; ++x) {
    for (int exponent = 0; exponent <= 15; ++exponent)
      ASSERT_EQ(roundingDivideByPowerOfTwo16(x, exponent),
                nearestHalfAway(x, 1 << exponent));
    ASSERT_EQ(roundingDivideByPowerOfTwo16(x, 16), x >= 0 ? 1 : -1);
  }
}

TEST(FixedPointTest, MultiplyMatchesItsDefinition) {
  std::mt19937 random(3);
  for (int i = 0; i < 4000000; ++i) {
    QuantizedMultiplier factor;
    factor.multiplier = static_cast<int32_t>((random() >> 2) | (1u << 30));
    factor.shift = static_cast<int>(random() % 63) - 31;
    // All magnitudes of accumulators, not only the largest ones.
    int32_t x = static_cast<int32_t>(random()) >> (random() % 32);
    ASSERT_EQ(multiplyByQuantizedMultiplier(x, factor),
              multiplyDefinition(x, factor))
        << x << " * " << factor.multiplier << " shift " << factor.shift;
  }
}

TEST(FixedPointTest, MultiplyRoundsTiesTwice) {
  // 3 * 0.5 = 1.5 becomes 2 in the first rounding, 2 / 4 = 0.5 becomes 1 in the
  // second, although 3 / 8 is nearest to 0.
  EXPECT_EQ(multiplyByQuantizedMultiplier(3, {1 << 30, -2}), 1);
  // A tie below zero goes up first, then away from zero.
  EXPECT_EQ(multiplyByQuantizedMultiplier(-3, {1 << 30, -1}), -1);
  EXPECT_EQ(multiplyByQuantizedMultiplier(-1, {1 << 30, 0}), 0);
  EXPECT_EQ(multiplyByQuantizedMultiplier(1, {1 << 30, 0}), 1);
}

TEST(FixedPointTest, Int64MultiplyRoundsTheMantissaFirst) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 2000000; ++i) {
    auto multiplier = static_cast<int32_t>(random() & 0x7FFFFFFF);
    int shift = static_cast<int>(random() % 39) - 31;
    int64_t x = static_cast<int64_t>(random()) >> (17 + random() % 40);
    Wide reduced = multiplier >= 0x7FFF0000
                       ? Wide(0x7FFF)
                       : nearestHalfUp(multiplier, 1 << 16);
    Wide expected = nearestHalfUp(x * reduced, Wide(1) << (15 - shift));
    ASSERT_EQ(multiplyByQuantizedMultiplierInt64(x, {multiplier, shift}),
              static_cast<int32_t>(static_cast<uint32_t>(expected)));
  }
}

TEST(FixedPointTest, QuantizeMultiplierIsTheNearestMantissa) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000000; ++i) {
    int exponent = static_cast<int>(random() % 61) - 30;
    double real =
        std::ldexp(1.0 + std::ldexp(double(random() >> 12), -52), exponent);
    if (random() & 1)
      real = -real;
    QuantizedMultiplier factor = quantizeMultiplier(real);
    int32_t magnitude = std::abs(factor.multiplier);
    ASSERT_GE(magnitude, 1 << 30);
    ASSERT_EQ(factor.multiplier < 0, real < 0);
    // Scaled so that the mantissa's unit is 1, the error is at most a half.
    long double scaled =
        std::ldexp(static_cast<long double>(real), 31 - factor.shift);
    ASSERT_LE(std::fabs(scaled - factor.multiplier), 0.5L);
  }
}

TEST(FixedPointTest, QuantizeMultiplierAtTheEdges) {
  EXPECT_EQ(quantizeMultiplier(0.0), (QuantizedMultiplier{0, 0}));
  EXPECT_EQ(quantizeMultiplier(1.0), (QuantizedMultiplier{1 << 30, 1}));
  EXPECT_EQ(quantizeMultiplier(0.5), (QuantizedMultiplier{1 << 30, 0}));
  EXPECT_EQ(quantizeMultiplier(-0.75), (QuantizedMultiplier{-(3 << 29), 0}));
  // Rounds up to 1.0, hence into the next binade.
  EXPECT_EQ(quantizeMultiplier(1.0 - std::ldexp(1.0, -40)),
            (QuantizedMultiplier{1 << 30, 1}));
  // The smallest factor kept, and the largest that becomes zero.
  EXPECT_EQ(quantizeMultiplier(std::ldexp(1.0, -32)),
            (QuantizedMultiplier{1 << 30, -31}));
  EXPECT_EQ(quantizeMultiplier(std::ldexp(1.0, -32) * (1 - 1e-9)),
            (QuantizedMultiplier{0, 0}));
}

TEST(FixedPointTest, SmallerThanOneRefusesWhatTheReferenceRefuses) {
  EXPECT_FALSE(fitsMultiplierSmallerThanOneExp(0.0));
  EXPECT_FALSE(fitsMultiplierSmallerThanOneExp(1.0));
  EXPECT_FALSE(fitsMultiplierSmallerThanOneExp(1.5));
  // Below one, but its mantissa rounds to one.
  EXPECT_FALSE(fitsMultiplierSmallerThanOneExp(1.0 - std::ldexp(1.0, -40)));
  EXPECT_TRUE(fitsMultiplierSmallerThanOneExp(0.999));
}

TEST(FixedPointTest, InputRadius) {
  // 15 * 2^27 / 2^shift and 31 * 2^26 / 2^shift.
  EXPECT_EQ(calculateInputRadius(4, 24), 120);
  EXPECT_EQ(calculateInputRadius(5, 23), 248);
  EXPECT_EQ(calculateInputRadius(4, 31), 0);
  EXPECT_EQ(calculateInputRadius(4, 0), 15 << 27);
}

TEST(FixedPointTest, ShortMultiplierSaturates) {
  EXPECT_EQ(downscaleMultiplierToInt16(INT32_MAX), INT16_MAX);
  EXPECT_EQ(downscaleMultiplierToInt16(1 << 30), 1 << 14);
  EXPECT_EQ(downscaleMultiplierToInt16((1 << 30) + 0x7FFF), 1 << 14);
  EXPECT_EQ(downscaleMultiplierToInt16((1 << 30) + 0x8000), (1 << 14) + 1);
}

} // namespace

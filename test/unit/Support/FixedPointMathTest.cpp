//===- FixedPointMathTest.cpp - Fixed-point exp, logistic, tanh -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two kinds of test: the functions are near the real ones everywhere, and they
// have exactly the bits of the reference at points and in a checksum taken
// once from gemmlowp itself (constants in this file), so that a changed
// constant or rounding cannot hide below the tolerance.
//===----------------------------------------------------------------------===//

#include "thimble/Support/FixedPointMath.h"

#include "gtest/gtest.h"

#include <cmath>
#include <functional>
#include <random>

using namespace thimble;

namespace {

long double toReal(Fixed<0> x) {
  return std::ldexp(static_cast<long double>(x.raw), -31);
}

/// Mixes `count` results of `function` over the arguments of one generator.
uint64_t checksum(const std::function<int32_t(int32_t)> &function,
                  bool onlyNegative, int count = 200000) {
  std::mt19937 random(7);
  uint64_t hash = 0xcbf29ce484222325u;
  for (int i = 0; i < count; ++i) {
    auto raw = static_cast<int32_t>(random());
    raw >>= random() % 20;
    if (onlyNegative && raw > 0)
      raw = -raw;
    hash = (hash ^ static_cast<uint32_t>(function(raw))) * 0x100000001b3u;
  }
  return hash;
}

TEST(FixedPointMathTest, ExpIsNearTheRealOne) {
  for (int64_t raw = 0; raw >= INT32_MIN; raw -= 997) {
    long double x = std::ldexp(static_cast<long double>(raw), -26);
    ASSERT_NEAR(toReal(expOnNegativeValues(Fixed<5>{int32_t(raw)})),
                std::exp(x), 4e-7L)
        << raw;
  }
}

TEST(FixedPointMathTest, LogisticAndTanhAreNearTheRealOnes) {
  for (int64_t raw = INT32_MIN; raw <= INT32_MAX; raw += 4999) {
    long double x = std::ldexp(static_cast<long double>(raw), -27);
    Fixed<4> argument{int32_t(raw)};
    ASSERT_NEAR(toReal(logistic(argument)), 1 / (1 + std::exp(-x)), 2e-7L);
    ASSERT_NEAR(toReal(thimble::tanh(argument)), std::tanh(x), 4e-7L);
  }
}

TEST(FixedPointMathTest, ExactlyTheReferenceBits) {
  EXPECT_EQ(expOnNegativeValues(Fixed<5>{0}).raw, INT32_MAX);
  EXPECT_EQ(
      checksum(
          [](int32_t raw) { return expOnNegativeValues(Fixed<5>{raw}).raw; },
          true),
      0x1a45382f9b2ba683u);
  EXPECT_EQ(
      checksum(
          [](int32_t raw) { return expOnNegativeValues(Fixed<4>{raw}).raw; },
          true),
      0xf62bfcf43922b3bbu);
  EXPECT_EQ(
      checksum([](int32_t raw) { return logistic(Fixed<4>{raw}).raw; }, false),
      0xac6dfd251ec260edu);
  EXPECT_EQ(
      checksum([](int32_t raw) { return thimble::tanh(Fixed<4>{raw}).raw; },
               false),
      0xeb2db9b632190e21u);
  EXPECT_EQ(checksum(
                [](int32_t raw) {
                  return oneOverOnePlusX(Fixed<0>{raw & INT32_MAX}).raw;
                },
                false),
            0x248dad103afa89c9u);
}

TEST(FixedPointMathTest, RescaleSaturatesAndRounds) {
  EXPECT_EQ(rescale<0>(Fixed<2>{INT32_MAX}).raw, INT32_MAX);
  EXPECT_EQ(rescale<0>(Fixed<2>{INT32_MIN}).raw, INT32_MIN);
  EXPECT_EQ(rescale<0>(Fixed<2>{-5}).raw, -20);
  EXPECT_EQ(rescale<12>(Fixed<0>{3 << 11}).raw, 2);
  EXPECT_EQ(rescale<12>(Fixed<0>{-(3 << 11)}).raw, -2);
}

TEST(FixedPointMathTest, ReciprocalIsNearTheRealOne) {
  std::mt19937 random(8);
  for (int i = 0; i < 300000; ++i) {
    auto raw = static_cast<int32_t>((random() >> 1) >> (random() % 30)) | 1;
    Reciprocal result = reciprocal(Fixed<12>{raw});
    long double x = std::ldexp(static_cast<long double>(raw), -19);
    long double value = std::ldexp(toReal(result.value), -result.bitsOverUnit);
    ASSERT_NEAR(value * x, 1.0L, 2e-8L) << raw;
  }
}

} // namespace

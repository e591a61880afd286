//===- QuantizeTest.cpp - Tests of quantize.hpp -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against the definition in the C++ library: std::round rounds halves away from
// zero.
//
//===----------------------------------------------------------------------===//

#include "thimble_rt/quantize.hpp"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace thimble::rt;

namespace {

template <typename Integer>
Integer defined(float value, float scale, int32_t zeroPoint) {
  const double rounded = std::round(value / scale) + double(zeroPoint);
  return static_cast<Integer>(
      std::clamp<double>(rounded, std::numeric_limits<Integer>::min(),
                         std::numeric_limits<Integer>::max()));
}

template <typename Integer>
class QuantizeTest : public testing::Test {
protected:
  static constexpr int32_t lowest = std::numeric_limits<Integer>::min();
  static constexpr int32_t highest = std::numeric_limits<Integer>::max();

  void expectDefined(float value, float scale, int32_t zeroPoint) {
    ASSERT_EQ(quantize<Integer>(value, scale, zeroPoint),
              defined<Integer>(value, scale, zeroPoint))
        << value << " / " << scale << " + " << zeroPoint;
  }
};

using Integers = testing::Types<int8_t, uint8_t, int16_t, uint16_t>;
TYPED_TEST_SUITE(QuantizeTest, Integers, );

TYPED_TEST(QuantizeTest, HalvesAndTheirNeighbours) {
  for (int32_t zeroPoint :
       {this->lowest, this->lowest / 2 + 3, this->highest}) {
    for (int32_t twice = -2 * 65540; twice <= 2 * 65540; ++twice) {
      const float value = 0.5f * float(twice);
      this->expectDefined(value, 1.0f, zeroPoint);
      this->expectDefined(std::nextafter(value, -1e9f), 1.0f, zeroPoint);
      this->expectDefined(std::nextafter(value, 1e9f), 1.0f, zeroPoint);
    }
  }
}

TYPED_TEST(QuantizeTest, RandomBitPatterns) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int32_t> zeroPoint(this->lowest, this->highest);
  for (int i = 0; i < 2000000; ++i) {
    const uint32_t bits = random();
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    if (!std::isnan(value))
      this->expectDefined(value, 0.0078125f, zeroPoint(random));
  }
}

TYPED_TEST(QuantizeTest, RandomScales) {
  std::mt19937 random(2);
  std::uniform_int_distribution<int32_t> zeroPoint(this->lowest, this->highest);
  std::uniform_real_distribution<float> exponent(-20, 10), steps(-70000, 70000);
  for (int i = 0; i < 2000000; ++i) {
    const float scale = std::exp2(exponent(random));
    this->expectDefined(steps(random) * scale, scale, zeroPoint(random));
  }
}

TYPED_TEST(QuantizeTest, Specials) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float tiny = std::numeric_limits<float>::denorm_min();
  const int32_t zero = this->lowest + 5;
  EXPECT_EQ(quantize<TypeParam>(infinity, 0.5f, zero), this->highest);
  EXPECT_EQ(quantize<TypeParam>(-infinity, 0.5f, zero), this->lowest);
  EXPECT_EQ(quantize<TypeParam>(std::nanf(""), 0.5f, zero), zero);
  EXPECT_EQ(quantize<TypeParam>(1e38f, 1e-38f, zero), this->highest);
  EXPECT_EQ(quantize<TypeParam>(-0.0f, 0.5f, zero), zero);
  EXPECT_EQ(quantize<TypeParam>(tiny, 0.5f, zero), zero);
}

TYPED_TEST(QuantizeTest, DequantizeIsExactAndInverse) {
  const float scale = 0.0470588244f;
  for (int32_t zero : {this->lowest, this->lowest + 100, this->highest}) {
    for (int32_t value = this->lowest; value <= this->highest; ++value) {
      const float real = dequantize<TypeParam>(TypeParam(value), scale, zero);
      ASSERT_EQ(real, scale * float(value - zero));
      ASSERT_EQ(quantize<TypeParam>(real, scale, zero), value);
    }
  }
}

TEST(QuantizeConstexpr, AtCompileTime) {
  static_assert(quantize<int8_t>(0.25f, 0.5f, 0) == 1);
  static_assert(quantize<int8_t>(-0.25f, 0.5f, 0) == -1);
  static_assert(quantize<int8_t>(0.49999997f, 1.0f, 0) == 0);
  static_assert(dequantize<int8_t>(-128, 0.5f, -128) == 0.0f);
}

} // namespace

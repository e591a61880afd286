//===- QuantizedElementsTest.cpp - int8 ops against real arithmetic -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every op must be within its documented rounding of the real result, and rows
// or elements recorded from TFLite Micro (tflite-micro 0.dev20261023182759) are
// met exactly.
//===----------------------------------------------------------------------===//

#include "thimble/Support/QuantizedElements.h"

#include "gtest/gtest.h"

#include <cmath>
#include <random>
#include <vector>

using namespace thimble;

namespace {

double clampReal(double x, ClampRange range = {}) {
  return std::min<double>(std::max<double>(x, range.min), range.max);
}

double toReal(int8_t x, TensorQuantization type) {
  return type.scale * (x - type.zeroPoint);
}

struct RandomTypes {
  std::mt19937 random;
  explicit RandomTypes(unsigned seed) : random(seed) {}
  int8_t int8() { return static_cast<int8_t>(random()); }
  TensorQuantization type() {
    double scale = std::exp2(std::uniform_real_distribution<>(-7, -2)(random));
    return {static_cast<float>(scale), int8()};
  }
};

TEST(QuantizedElementsTest, AddAndSubtractAreNearTheRealResult) {
  RandomTypes random(1);
  for (int i = 0; i < 300; ++i) {
    TensorQuantization a = random.type(), b = random.type(), c = random.type();
    std::optional<AdditionParameters> parameters =
        additionParameters(a, b, c, FusedActivation::None);
    ASSERT_TRUE(parameters);
    for (int j = 0; j < 500; ++j) {
      int8_t x = random.int8(), y = random.int8();
      double sum = toReal(x, a) + toReal(y, b);
      double difference = toReal(x, a) - toReal(y, b);
      ASSERT_NEAR(addInt8(*parameters, x, y),
                  clampReal(sum / c.scale + c.zeroPoint), 0.502);
      ASSERT_NEAR(subtractInt8(*parameters, x, y),
                  clampReal(difference / c.scale + c.zeroPoint), 0.502);
    }
  }
}

TEST(QuantizedElementsTest, MultiplyIsNearTheRealResult) {
  RandomTypes random(2);
  for (int i = 0; i < 300; ++i) {
    TensorQuantization a = random.type(), b = random.type(), c = random.type();
    std::optional<MultiplicationParameters> parameters =
        multiplicationParameters(a, b, c, FusedActivation::Relu6);
    ASSERT_TRUE(parameters);
    for (int j = 0; j < 500; ++j) {
      int8_t x = random.int8(), y = random.int8();
      double product = toReal(x, a) * toReal(y, b) / c.scale + c.zeroPoint;
      ASSERT_NEAR(multiplyInt8(*parameters, x, y),
                  clampReal(product, parameters->range), 1.01);
    }
  }
}

TEST(QuantizedElementsTest, AveragePoolRoundsHalvesAwayFromZero) {
  for (int count = 1; count <= 64; ++count)
    for (int sum = -128 * count; sum <= 127 * count; ++sum)
      ASSERT_EQ(averagePoolInt8(sum, count),
                static_cast<int>(std::round(double(sum) / count)));
  EXPECT_EQ(averagePoolInt8(300, 3, {-128, 50}), 50);
}

TEST(QuantizedElementsTest, MeanIsNearTheRealResult) {
  RandomTypes random(3);
  for (int i = 0; i < 3000; ++i) {
    TensorQuantization a = random.type(), c = random.type();
    int64_t count = 1 + random.random() % 3000;
    MeanParameters parameters = meanParameters(a, c, count);
    auto sum = static_cast<int32_t>(count * random.int8() / 2);
    double mean = a.scale * (double(sum) / count - a.zeroPoint);
    ASSERT_NEAR(meanInt8(parameters, sum),
                clampReal(mean / c.scale + c.zeroPoint), 1.01);
  }
}

TEST(QuantizedElementsTest, MeanDividesTheMantissa) {
  // 1/3 of a mantissa of 2^30: one bit is taken up front, the quotient is
  // truncated and no longer normalized.
  MeanParameters parameters = meanParameters({0.5, 4}, {0.5, -7}, 3);
  EXPECT_EQ(parameters.multiplier, (QuantizedMultiplier{715827882, 0}));
  EXPECT_EQ(parameters.sumOffset, 12);
  EXPECT_EQ(meanInt8(parameters, 12 + 30), 3);
}

std::vector<int> softmax(std::vector<int8_t> row, double scale) {
  std::optional<SoftmaxParameters> parameters =
      softmaxParameters(scale, 1.0f, {1.0 / 256, -128});
  if (!parameters)
    return {};
  std::vector<int8_t> output(row.size());
  softmaxInt8(*parameters, row, output);
  return {output.begin(), output.end()};
}

TEST(QuantizedElementsTest, ExactlyTheReferenceSoftmax) {
  std::vector<int8_t> row = {-128, -100, -3, 0, 1, 2, 5, 60, 100, 127};
  EXPECT_EQ(softmax(row, 0.1), (std::vector<int>{-128, -128, -128, -128, -128,
                                                 -128, -128, -128, -112, 112}));
  EXPECT_EQ(softmax(row, 0.02), (std::vector<int>{-127, -127, -120, -119, -119,
                                                  -119, -118, -98, -62, -15}));
  EXPECT_EQ(softmax({7, 7, 7, 7, 7}, 0.1), std::vector<int>(5, -77));
  EXPECT_EQ(softmax({120, 121, 122, 123, 124, 125, 126, 127}, 0.5),
            (std::vector<int>{-125, -123, -120, -114, -105, -90, -66, -25}));
  // A single element is 1.0, which saturates.
  EXPECT_EQ(softmax({-5}, 0.1), (std::vector<int>{127}));
}

TEST(QuantizedElementsTest, SoftmaxIsNearTheRealResult) {
  RandomTypes random(4);
  for (int i = 0; i < 2000; ++i) {
    std::vector<int8_t> row(1 + random.random() % 40);
    for (int8_t &x : row)
      x = random.int8();
    double scale = static_cast<float>(random.type().scale);
    std::vector<int> output = softmax(row, scale);
    double sum = 0;
    for (int8_t x : row)
      sum += std::exp(scale * x);
    for (size_t j = 0; j < row.size(); ++j)
      ASSERT_NEAR(output[j],
                  clampReal(256 * std::exp(scale * row[j]) / sum - 128), 0.51);
  }
}

} // namespace

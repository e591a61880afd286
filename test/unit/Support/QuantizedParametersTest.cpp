//===- QuantizedParametersTest.cpp - Parameters and their refusals --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges, refusals and float conversions at their edges. The multipliers are
// covered by what QuantizedElementsTest computes with them.
//===----------------------------------------------------------------------===//

#include "thimble/Support/QuantizedParameters.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace thimble;

namespace {

TEST(QuantizedParametersTest, ClampRanges) {
  std::optional<ClampRange> range =
      clampRange(FusedActivation::Relu6, {0.05, -100});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->min, -100);
  EXPECT_EQ(range->max, 20);
  range = clampRange(FusedActivation::ReluN1To1, {0.3, 10});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->min, 7);
  EXPECT_EQ(range->max, 13);
  range = clampRange(FusedActivation::Relu, {0.3, 10});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->min, 10);
  EXPECT_EQ(range->max, 127);
  range = clampRange(FusedActivation::Relu6, {0.001, -128}, -32768, 32767);
  ASSERT_TRUE(range);
  EXPECT_EQ(range->max, 6000 - 128);
  EXPECT_FALSE(clampRange(FusedActivation::Relu6, {1e-12, 0}));
  EXPECT_TRUE(clampRange(FusedActivation::None, {1e-12, 0}));
}

TEST(QuantizedParametersTest, ClampBoundIsAFloatQuotient) {
  // 6 / scale is 20.5 in float32, just below it in double: halves go away.
  float scale = 6.0f / 20.5f;
  ASSERT_EQ(6.0f / scale, 20.5f);
  std::optional<ClampRange> range =
      clampRange(FusedActivation::Relu6, {scale, 0});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->max, 21);
}

TEST(QuantizedParametersTest, ConvolutionMultipliersPerChannel) {
  auto multipliers = convolutionMultipliers(0.5, {0.25, 0.75, 0.0}, 2.0);
  ASSERT_EQ(multipliers.size(), 3u);
  EXPECT_EQ(multipliers[0], (QuantizedMultiplier{1 << 30, -3}));
  EXPECT_EQ(multipliers[1], (QuantizedMultiplier{3 << 29, -2}));
  EXPECT_EQ(multipliers[2], (QuantizedMultiplier{0, 0}));
}

TEST(QuantizedParametersTest, ScalesAreRoundedToFloat32) {
  EXPECT_EQ(convolutionMultipliers(0.1, {0.3}, 0.7),
            convolutionMultipliers(0.1f, {0.3f}, 0.7f));
}

TEST(QuantizedParametersTest, AdditionGoesToTwiceTheLargerScale) {
  std::optional<AdditionParameters> parameters =
      additionParameters({1.0, 0}, {0.5, 0}, {1.0, 0}, FusedActivation::None);
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->multiplier1, (QuantizedMultiplier{1 << 30, 0}));
  EXPECT_EQ(parameters->multiplier2, (QuantizedMultiplier{1 << 30, -1}));
  EXPECT_EQ(parameters->outputMultiplier, (QuantizedMultiplier{1 << 30, -18}));
}

TEST(QuantizedParametersTest, MeanNeverShiftsRightByMoreThan31) {
  // The factor 2^-31 leaves room for one more bit, not for log2(8).
  MeanParameters parameters =
      meanParameters({std::ldexp(1.0, -31), 0}, {1.0, 0}, 8);
  EXPECT_EQ(parameters.multiplier, (QuantizedMultiplier{1 << 28, -31}));
}

TEST(QuantizedParametersTest, Refusals) {
  // An output scale of 2^-20 or less makes ADD's last multiplier one or more.
  EXPECT_FALSE(additionParameters({1.0, 0}, {1.0, 0}, {std::ldexp(1.0, -20), 0},
                                  FusedActivation::None));
  EXPECT_TRUE(additionParameters({1.0, 0}, {0.001, 0}, {1.0, 0},
                                 FusedActivation::None));
  EXPECT_FALSE(softmaxParameters(0.1, 1.0f, {1.0 / 256, 0}));
  EXPECT_FALSE(softmaxParameters(0.1, 1.0f, {1.0 / 255, -128}));
  EXPECT_FALSE(softmaxParameters(1e-9, 1.0f, {1.0 / 256, -128}));
  EXPECT_TRUE(isPoolSupported({0.5, 3}, {0.5000005, 3}));
  EXPECT_FALSE(isPoolSupported({0.5, 3}, {0.50001, 3}));
  EXPECT_FALSE(isPoolSupported({0.5, 3}, {0.5, 4}));
  EXPECT_TRUE(isConcatenationSupported({0.1, 3}, {0.1f, 3}));
  EXPECT_FALSE(isConcatenationSupported({0.1, 3}, {0.1000001, 3}));
  EXPECT_TRUE(isFullyConnectedBiasScaleSupported(0.1, 0.1, 0.0101, 1.0));
  EXPECT_FALSE(isFullyConnectedBiasScaleSupported(0.1, 0.1, 0.04, 1.0));
}

TEST(QuantizedParametersTest, SoftmaxTableStopsAtTheMinimum) {
  std::optional<SoftmaxParameters> parameters =
      softmaxParameters(0.5, 1.0f, {1.0 / 256, -128});
  ASSERT_TRUE(parameters);
  // 0.5 * 2^26 = 2^25 has shift 26; 31 * 2^26 >> 26 is 31.
  EXPECT_EQ(parameters->inputMultiplier, (QuantizedMultiplier{1 << 30, 26}));
  EXPECT_EQ(parameters->minDifference, -31);
  std::array<int32_t, 256> table = softmaxExpTable(*parameters);
  EXPECT_EQ(table[0], INT32_MAX);
  EXPECT_GT(table[31], 0);
  EXPECT_EQ(table[32], 0);
  for (int i = 1; i < 256; ++i)
    ASSERT_LE(table[i], table[i - 1]);
}

TEST(QuantizedParametersTest, QuantizeFromFloat) {
  TensorQuantization type{0.5, 10};
  EXPECT_EQ(quantizeToInt8(0.25f, type), 11); // a half goes away from zero
  EXPECT_EQ(quantizeToInt8(-0.25f, type), 9);
  EXPECT_EQ(quantizeToInt8(1e30f, type), 127);
  EXPECT_EQ(quantizeToInt8(-std::numeric_limits<float>::infinity(), type),
            -128);
  EXPECT_EQ(quantizeToInt8(std::nanf(""), type), 10);
}

TEST(QuantizedParametersTest, DequantizeIsOneRounding) {
  for (float scale : {0.1f, 0.0235f, 3.7f})
    for (int zero : {-128, 0, 127})
      for (int x = -128; x <= 127; ++x)
        ASSERT_EQ(dequantize(x, {scale, zero}),
                  scale * static_cast<float>(x - zero));
}

} // namespace

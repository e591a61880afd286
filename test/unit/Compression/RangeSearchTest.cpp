//===- RangeSearchTest.cpp - Ranges of int8 -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The estimate of the error against the error itself, and the choices on
// distributions whose best range is known.
//
//===----------------------------------------------------------------------===//

#include "RangeSearch.h"
#include "ActivationTypes.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace thimble;

static ValueDistribution distributionOf(const std::vector<float> &values,
                                        size_t picks = 4096) {
  ValueDistribution distribution;
  distribution.include(values);
  distribution.count(values);
  for (size_t i = 0; i < picks; ++i)
    distribution.pick(values[i * values.size() / picks]);
  return distribution;
}

/// The squared error itself.
static double errorOf(const std::vector<float> &values, RealRange range) {
  TensorQuantization q = chooseQuantization(range.min, range.max);
  double sum = 0;
  for (float value : values) {
    double stored =
        std::clamp(std::round(value / q.scale) + q.zeroPoint, -128.0, 127.0);
    double difference = q.scale * (stored - q.zeroPoint) - value;
    sum += difference * difference;
  }
  return sum;
}

/// A sum of twelve uniform numbers is nearly normal, the same everywhere.
static std::vector<float> normalNumbers(size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(count);
  for (float &value : values)
    for (int i = 0; i < 12; ++i)
      value += static_cast<float>(engine() / 4294967296.0 - 0.5);
  return values;
}

TEST(RangeSearch, EstimatesTheError) {
  std::vector<float> values = normalNumbers(40000, 1);
  ValueDistribution distribution = distributionOf(values, 20000);
  for (RealRange range :
       {RealRange{-6, 6}, {-3, 3}, {-2, 2.5f}, {-1, 1}, {0, 2}}) {
    double expected = errorOf(values, range);
    EXPECT_NEAR(distribution.getError(range), expected, 0.03 * expected)
        << range.min << " " << range.max;
  }
}

TEST(RangeSearch, KeepsIntegersExact) {
  std::vector<float> values(25600);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i % 256);
  for (RangeMethod method : {RangeMethod::mse, RangeMethod::automatic}) {
    RealRange range = distributionOf(values).choose(method);
    EXPECT_EQ(range.min, 0);
    EXPECT_EQ(range.max, 255);
  }
}

TEST(RangeSearch, CutsOutliersOff) {
  std::vector<float> values = normalNumbers(40000, 2);
  values[7] = 100;
  ValueDistribution distribution = distributionOf(values);
  RealRange everything = distribution.choose(RangeMethod::minmax);
  EXPECT_EQ(everything.max, 100);
  RealRange percentile = distribution.choose(RangeMethod::percentile);
  EXPECT_LT(percentile.max, 8);
  EXPECT_LT(percentile.min, -2.5f);
  RealRange best = distribution.choose(RangeMethod::automatic);
  EXPECT_LE(distribution.getError(best),
            distribution.getError(distribution.choose(RangeMethod::mse)));
  EXPECT_LT(errorOf(values, best), errorOf(values, percentile) * 1.05);
}

TEST(RangeSearch, HandlesConstantTensors) {
  for (float value : {0.0f, 3.0f, -2.0f}) {
    std::vector<float> values(10, value);
    for (RangeMethod method : {RangeMethod::minmax, RangeMethod::percentile,
                               RangeMethod::mse, RangeMethod::automatic}) {
      RealRange range = distributionOf(values).choose(method);
      EXPECT_EQ(range.min, std::min(value, 0.0f));
      EXPECT_EQ(range.max, std::max(value, 0.0f));
    }
  }
}

TEST(RangeSearch, PartsAddUp) {
  std::vector<float> values = normalNumbers(1000, 3);
  llvm::ArrayRef<float> all(values);
  ValueDistribution a, b;
  a.include(all.take_front(400));
  b.include(all.drop_front(400));
  a.includeAll(b);
  b = a;
  a.count(all.take_front(400));
  b.count(all.drop_front(400));
  a.countAll(b);
  EXPECT_EQ(a.getCounts(), distributionOf(values).getCounts());
}

TEST(RangeSearch, NoticesWhatIsNoNumber) {
  ValueDistribution distribution;
  distribution.include({1, 2});
  EXPECT_TRUE(distribution.isFinite());
  distribution.include({1, std::nanf("")});
  EXPECT_FALSE(distribution.isFinite());
}

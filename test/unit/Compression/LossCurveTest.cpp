//===- LossCurveTest.cpp - Tests of smoothing measured losses -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against the curves that noisy losses were drawn around.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/LossCurve.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace thimble;

namespace {

std::vector<double> makeSteps(int count) {
  std::vector<double> steps;
  for (int i = 0; i < count; ++i)
    steps.push_back(0.01 * std::pow(2, 0.5 * i));
  return steps;
}

TEST(LossCurve, KeepsWhatIsSmooth) {
  std::vector<double> steps = makeSteps(8), losses;
  for (double step : steps)
    losses.push_back(30 * step * step);
  std::vector<double> smooth = smoothLosses(steps, losses, 1e-6);
  for (size_t i = 0; i < steps.size(); ++i)
    EXPECT_NEAR(smooth[i], losses[i], 1e-3 * losses[i]);
}

TEST(LossCurve, IsNearerToTheTruthThanTheMeasurements) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  double before = 0, after = 0;
  for (int trial = 0; trial < 50; ++trial) {
    double slope = 2 + 0.3 * normal(random);
    std::vector<double> steps = makeSteps(10), truth, losses;
    for (double step : steps) {
      truth.push_back(10 * std::pow(step, slope) * (1 + step));
      losses.push_back(truth.back() * (1 + 0.2 * normal(random)) +
                       1e-3 * normal(random));
    }
    std::vector<double> smooth = smoothLosses(steps, losses, 1e-3);
    for (size_t i = 0; i < steps.size(); ++i) {
      double unit = std::hypot(1e-3, 0.2 * truth[i]);
      before += std::pow((losses[i] - truth[i]) / unit, 2);
      after += std::pow((smooth[i] - truth[i]) / unit, 2);
    }
  }
  EXPECT_LT(after, 0.5 * before);
}

TEST(LossCurve, GrowsWithTheStep) {
  std::mt19937 random(2);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> steps = makeSteps(7), losses;
    for (double step : steps)
      losses.push_back(20 * step * step * (1 + 0.3 * normal(random)) +
                       5e-4 * normal(random));
    std::vector<double> smooth = smoothLosses(steps, losses, 1e-3);
    for (size_t i = 1; i < steps.size(); ++i)
      EXPECT_GT(smooth[i], smooth[i - 1]);
  }
}

TEST(LossCurve, FewOrStrangeNumbers) {
  EXPECT_TRUE(smoothLosses({}, {}, 1).empty());
  EXPECT_NEAR(smoothLosses({0.5}, {3}, 1e-3)[0], 3, 1e-3);
  for (const std::vector<double> &losses : {std::vector<double>{0, 0, 0},
                                            {-1, -2, -3},
                                            {1e-300, 1, 1e12},
                                            {5, 1e-9, -4}})
    for (double noise : {0.0, 1e-9, 1.0})
      for (double loss : smoothLosses({1, 2, 4}, losses, noise))
        EXPECT_TRUE(std::isfinite(loss) && loss >= 0);
}

} // namespace

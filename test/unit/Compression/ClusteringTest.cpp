//===- ClusteringTest.cpp - Tests of k-means in one dimension -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against all partitions of few values, and against k-means on many.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Clustering.h"
#include "RandomLayers.h"
#include "thimble/Compression/Numerics/WeightRounding.h"
#include "gtest/gtest.h"

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// The least cost of `values` in at most `count` clusters, by assigning each
/// value to each cluster in turn; cluster 0 has center 0 if asked.
double bestOfAll(const std::vector<double> &values,
                 const std::vector<double> &weights, int64_t count,
                 bool includesZero) {
  double best = 1e300;
  int64_t assignments = 1;
  for (size_t i = 0; i < values.size(); ++i)
    assignments *= count;
  for (int64_t number = 0; number < assignments; ++number) {
    std::vector<double> sum(count), first(count), second(count);
    int64_t rest = number;
    for (size_t i = 0; i < values.size(); ++i, rest /= count) {
      sum[rest % count] += weights[i];
      first[rest % count] += weights[i] * values[i];
      second[rest % count] += weights[i] * values[i] * values[i];
    }
    double cost = 0;
    for (int64_t k = 0; k < count; ++k)
      if (sum[k] > 0)
        cost += second[k] -
                (includesZero && k == 0 ? 0 : first[k] * first[k] / sum[k]);
    best = std::min(best, cost);
  }
  return best;
}

double costOf(const std::vector<double> &values,
              const std::vector<double> &weights,
              const std::vector<double> &centers) {
  double cost = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    double least = 1e300;
    for (double center : centers)
      least = std::min(least, std::pow(values[i] - center, 2));
    cost += weights[i] * least;
  }
  return cost;
}

TEST(Clustering, BestOfAllPartitions) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 150; ++trial) {
    int64_t size = randomUpTo(7, random), count = randomUpTo(4, random);
    std::vector<double> values, weights;
    double offset = trial % 3 ? 0 : 100;
    for (int64_t i = 0; i < size; ++i) {
      values.push_back(randomUpTo(12, random) - 6 + offset);
      weights.push_back(double(randomUpTo(4, random)) / 2);
    }
    for (bool includesZero : {false, true}) {
      Clusters found = findClusters(values, weights, count, includesZero);
      double best = bestOfAll(values, weights, count, includesZero);
      EXPECT_NEAR(found.cost, best, 1e-8 * (1 + best)) << trial;
      EXPECT_NEAR(costOf(values, weights, found.centers), found.cost,
                  1e-8 * (1 + best));
      EXPECT_LE(int64_t(found.centers.size()), count);
      for (size_t i = 1; i < found.centers.size(); ++i)
        EXPECT_LT(found.centers[i - 1], found.centers[i]);
      if (includesZero)
        EXPECT_TRUE(std::find(found.centers.begin(), found.centers.end(),
                              0.0) != found.centers.end());
    }
  }
}

TEST(Clustering, NoWorseThanIteration) {
  std::mt19937 random(2);
  for (int64_t count : {2, 5, 16}) {
    std::vector<double> values, weights;
    for (int i = 0; i < 3000; ++i) {
      values.push_back(randomMatrix(1, 1, random)(0, 0));
      weights.push_back(0.1 + std::abs(randomMatrix(1, 1, random)(0, 0)));
    }
    double found = findClusters(values, weights, count).cost;
    std::vector<double> centers;
    for (int64_t k = 0; k < count; ++k)
      centers.push_back(-2 + 4.0 * k / (count - 1));
    for (int pass = 0; pass < 40; ++pass) {
      std::vector<double> sum(count, 1e-9), first(count);
      for (size_t i = 0; i < values.size(); ++i) {
        size_t nearest = 0;
        for (int64_t k = 1; k < count; ++k)
          if (std::abs(values[i] - centers[k]) <
              std::abs(values[i] - centers[nearest]))
            nearest = k;
        sum[nearest] += weights[i], first[nearest] += weights[i] * values[i];
      }
      for (int64_t k = 0; k < count; ++k)
        centers[k] = first[k] / sum[k];
    }
    double iterated = costOf(values, weights, centers);
    EXPECT_LE(found, iterated * (1 + 1e-9));
    EXPECT_GE(found, 0.8 * iterated);
  }
}

TEST(Clustering, FewOrNoValues) {
  EXPECT_EQ(findClusters({}, {}, 4).centers, (std::vector<double>{0}));
  EXPECT_EQ(findClusters({3, 3, 3}, {1, 1, 1}, 4).centers,
            (std::vector<double>{3}));
  EXPECT_EQ(findClusters({3, 3, 3}, {1, 1, 1}, 4, true).centers,
            (std::vector<double>{0, 3}));
  EXPECT_EQ(findClusters({5, 7}, {0, 1}, 2).centers, (std::vector<double>{7}));
  EXPECT_EQ(findClusters({-1, 2}, {1, 1}, 1, true).centers,
            (std::vector<double>{0}));
  EXPECT_EQ(findClusters({0, 0}, {1, 1}, 2, true).cost, 0);
}

TEST(Clustering, PalettesAreSortedDistinctAndUseAllBits) {
  std::mt19937 random(3);
  for (int64_t entries : {1, 2, 4, 16, 64})
    for (bool includesZero : {false, true}) {
      MatrixXd target = randomMatrix(6, 40, random);
      target.row(2).setZero();
      target.row(4).setConstant(-0.3);
      VectorXd weights = randomMatrix(40, 1, random).cwiseAbs();
      PaletteOptions options;
      options.entries = entries, options.includesZero = includesZero;
      for (const WeightGrid &grid :
           {makeTensorPalette(target, weights, options),
            makeRowPalettes(target, weights, options)}) {
        EXPECT_TRUE((grid.scales.array() > 0).all());
        for (size_t i = 0; i < grid.lists.size(); ++i) {
          const std::vector<int8_t> &list = grid.lists[i];
          EXPECT_LE(int64_t(list.size()), entries);
          for (size_t k = 1; k < list.size(); ++k)
            EXPECT_LT(list[k - 1], list[k]);
          bool hasZero = std::count(list.begin(), list.end(), 0);
          EXPECT_TRUE(hasZero || !includesZero);
          if (grid.lists.size() > 1 && i == 2)
            EXPECT_EQ(list, (std::vector<int8_t>{0}));
          else if (!includesZero || entries > 1)
            EXPECT_EQ(std::max(-int(list.front()), int(list.back())), 127);
        }
      }
    }
}

TEST(Clustering, SixteenValuesComeBackExactly) {
  std::mt19937 random(4);
  MatrixXd target(5, 64);
  for (double &value : target.reshaped())
    value = (double(randomUpTo(16, random)) - 8) / 64;
  // All rows have all values, so that one scale fits all.
  for (int64_t row = 0; row < 5; ++row)
    for (int i = 0; i < 64; ++i)
      target(row, i) = (double((i + row) % 16) - 8) / 64;
  PaletteOptions options;
  for (const WeightGrid &grid :
       {makeTensorPalette(target, VectorXd::Ones(64), options),
        makeRowPalettes(target, VectorXd::Zero(64), options)})
    for (int64_t row = 0; row < 5; ++row)
      for (int i = 0; i < 64; ++i)
        EXPECT_NEAR(grid.nearest(target(row, i), row, i) * grid.scales[row],
                    target(row, i), 0.5 / 127 / 8 + 1e-9);
}

TEST(Clustering, MaskedWeightsDoNotCount) {
  std::mt19937 random(5);
  MatrixXd target = randomMatrix(3, 30, random);
  PaletteOptions options;
  options.entries = 4;
  options.kept.setConstant(3, 30, true);
  options.kept.leftCols(20).setConstant(false);
  WeightGrid masked = makeRowPalettes(target, VectorXd::Ones(30), options);
  EXPECT_EQ(masked.nearest(1, 0, 3), 0);
  PaletteOptions rest;
  rest.entries = 4;
  WeightGrid expected =
      makeRowPalettes(target.rightCols(10), VectorXd::Ones(10), rest);
  EXPECT_EQ(masked.lists, expected.lists);
  EXPECT_EQ(masked.scales, expected.scales);
}

TEST(Clustering, PaletteBeatsEquallySpacedCodes) {
  std::mt19937 random(6);
  MatrixXd target = randomMatrix(16, 80, random).array().cube();
  MatrixXd hessian = randomHessian(80, random);
  PaletteOptions options;
  options.entries = 7;
  WeightGrid palette = makeTensorPalette(target, hessian.diagonal(), options);
  EXPECT_LT(
      roundWeights(target, hessian, palette).objective,
      0.8 * roundWeights(target, hessian, WeightGrid::uniform(3)).objective);
}

} // namespace

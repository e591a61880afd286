//===- WeightGridTest.cpp - Tests of codes and scales ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every projection against trying all codes.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/WeightGrid.h"
#include "RandomLayers.h"
#include "gtest/gtest.h"

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

TEST(WeightGrid, TwoBitsAreTernary) {
  EXPECT_EQ(WeightGrid::uniform(2).lists[0], (std::vector<int8_t>{-1, 0, 1}));
  EXPECT_EQ(WeightGrid::uniform(8).lists[0].front(), -127);
  EXPECT_EQ(WeightGrid::uniform(8).lists[0].size(), 255u);
}

TEST(WeightGrid, NearestByHand) {
  WeightGrid grid = WeightGrid::step(0.5, 2, 0, 3);
  EXPECT_EQ(grid.nearest(0.7, 0, 0), 1);
  EXPECT_EQ(grid.nearest(-0.8, 1, 0), -2);
  EXPECT_EQ(grid.nearest(1e9, 1, 0), 3);
  EXPECT_EQ(grid.nearest(-1e9, 1, 0), -3);
  WeightGrid palette =
      WeightGrid::codebook({-100, -3, 0, 50}, VectorXd::Constant(1, 0.01));
  EXPECT_EQ(palette.nearest(0.24, 0, 0), 0);
  EXPECT_EQ(palette.nearest(0.26, 0, 0), 50);
  EXPECT_EQ(palette.nearest(-7, 0, 0), -100);
}

TEST(WeightGrid, MaskedWeightsAreZero) {
  WeightGrid grid = WeightGrid::step(1, 2);
  grid.kept.setConstant(2, 3, true);
  grid.kept(1, 2) = false;
  EXPECT_EQ(grid.nearest(5, 1, 2), 0);
  EXPECT_EQ(grid.nearest(5, 0, 2), 5);
  Eigen::ArrayXd codes(2), values(2);
  values << 5, 5;
  grid.projectColumn(values, 2, 1, {}, codes);
  EXPECT_EQ(codes[0], 5);
  EXPECT_EQ(codes[1], 0);
}

std::vector<WeightGrid> randomGrids(int64_t rows, std::mt19937 &random) {
  std::vector<WeightGrid> grids;
  VectorXd scales =
      randomMatrix(rows, 1, random).cwiseAbs().array() * 0.1 + 0.01;
  grids.push_back(WeightGrid::step(scales, 1, int(randomUpTo(127, random))));
  grids.push_back(WeightGrid::codebook({-128, -90, -5, 0, 3, 127}, scales));
  std::vector<std::vector<int8_t>> lists;
  for (int64_t row = 0; row < rows; ++row)
    lists.push_back(
        {int8_t(-randomUpTo(100, random)), 0, int8_t(randomUpTo(100, random))});
  grids.push_back(WeightGrid::codebooks(lists, scales));
  for (WeightGrid &grid : grids)
    grid.bitPrice = 1;
  return grids;
}

TEST(WeightGrid, CheapestIsThatOfAllCodes) {
  std::mt19937 random(1);
  const int64_t rows = 3;
  for (int trial = 0; trial < 60; ++trial)
    for (const WeightGrid &grid : randomGrids(rows, random)) {
      CodeLengths lengths;
      for (size_t i = 0; i < grid.lists[0].size(); ++i)
        lengths.bits.push_back(randomMatrix(1, 1, random).cwiseAbs()(0, 0) * 4);
      lengths.prices = randomMatrix(rows, 1, random).cwiseAbs() * 0.01;
      bool isFree = trial % 3 == 0;
      if (isFree)
        lengths.prices.setZero();
      double weight = 0.1 + trial % 4;
      for (int64_t row = 0; row < rows; ++row) {
        double value = randomMatrix(1, 1, random)(0, 0);
        auto costOf = [&](int8_t code) {
          double error = value - code * grid.scales[row];
          return weight * error * error +
                 lengths.prices[row] *
                     lengths.bits[grid.getPosition(code, row)];
        };
        double least = 1e300;
        for (int8_t code : grid.getList(row))
          least = std::min(least, costOf(code));
        int8_t chosen = grid.cheapest(value, row, 0, weight, lengths);
        EXPECT_LE(costOf(chosen), least * (1 + 1e-12));
        if (isFree)
          EXPECT_NEAR(costOf(grid.nearest(value, row, 0)), least, 1e-12);
      }
    }
}

TEST(WeightGrid, ColumnIsEachRow) {
  std::mt19937 random(2);
  const int64_t rows = 9;
  for (int trial = 0; trial < 20; ++trial)
    for (const WeightGrid &grid : randomGrids(rows, random)) {
      Eigen::ArrayXd values = randomMatrix(rows, 1, random), codes(rows);
      grid.projectColumn(values, 0, 1, {}, codes);
      for (int64_t row = 0; row < rows; ++row)
        EXPECT_EQ(codes[row], grid.nearest(values[row], row, 0));
    }
}

double getError(const WeightGrid &grid, const MatrixXd &target,
                const VectorXd &weights) {
  double error = 0;
  for (int64_t row = 0; row < target.rows(); ++row)
    for (int64_t i = 0; i < target.cols(); ++i) {
      double difference =
          target(row, i) -
          grid.scales[row] * grid.nearest(target(row, i), row, i);
      error += weights[i] * difference * difference;
    }
  return error;
}

TEST(WeightGrid, FittedScalesAreNearTheBest) {
  std::mt19937 random(3);
  for (int bits = 2; bits <= 8; ++bits) {
    MatrixXd target = randomMatrix(1, 50, random);
    VectorXd weights = randomMatrix(50, 1, random).cwiseAbs();
    WeightGrid grid = WeightGrid::uniform(bits);
    grid.fitScales(target, weights);
    double found = getError(grid, target, weights), best = 1e300;
    double largest = target.cwiseAbs().maxCoeff();
    for (int i = 1; i <= 4000; ++i) {
      grid.scales[0] = 1.2 * largest * i / 4000 / ((1 << (bits - 1)) - 1);
      best = std::min(best, getError(grid, target, weights));
    }
    EXPECT_LE(found, best * 1.15) << bits;
  }
}

TEST(WeightGrid, SharedScaleIsOne) {
  std::mt19937 random(4);
  MatrixXd target = randomMatrix(5, 20, random);
  WeightGrid grid = WeightGrid::uniform(4, /*sharesScale=*/true);
  grid.fitScales(target, VectorXd::Zero(20));
  EXPECT_EQ(grid.scales, VectorXd::Constant(5, grid.scales[0]));
  EXPECT_GT(grid.scales[0], 0);
}

TEST(WeightGrid, RowsOfZerosHaveAScale) {
  MatrixXd target = MatrixXd::Zero(3, 4);
  WeightGrid grid = WeightGrid::uniform(4);
  grid.fitScales(target, VectorXd::Ones(4));
  EXPECT_EQ(grid.scales, VectorXd::Ones(3));
  target.row(1).setConstant(7);
  grid.fitScales(target, VectorXd::Ones(4));
  EXPECT_NEAR(grid.scales[1], 1, 1e-9);
  EXPECT_EQ(grid.scales[0], grid.scales[1]);
}

TEST(WeightGrid, LengthsAndEntropyByHand) {
  CodeMatrix codes(2, 2);
  codes << 0, 0, 1, -1;
  EXPECT_NEAR(getEntropy(codes), 1.5, 1e-12);
  EXPECT_EQ(getEntropy(CodeMatrix::Constant(3, 3, 7)), 0);
  WeightGrid grid = WeightGrid::step(2, 2, 0.5, 1);
  CodeLengths lengths = grid.measureLengths(codes, 10);
  ASSERT_EQ(lengths.bits.size(), 3u);
  EXPECT_NEAR(lengths.bits[1], -std::log2(2.3 / 4.9), 1e-12);
  EXPECT_NEAR(lengths.bits[0], -std::log2(1.3 / 4.9), 1e-12);
  EXPECT_NEAR(lengths.prices[0], 2 * 2 * 0.5 * 10, 1e-12);
  EXPECT_TRUE(WeightGrid::step(2, 2).measureLengths(codes, 1).isEmpty());
}

} // namespace

//===- WeightRoundingTest.cpp - Tests of choosing codes -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against all codes of tiny layers, against rounding to nearest, and against
// error feedback written as the paper has it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/WeightRounding.h"
#include "RandomLayers.h"
#include "thimble/Compression/Numerics/CoordinateDescent.h"
#include "gtest/gtest.h"
#include <Eigen/LU>

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// tr((W-Q) H (W-Q)^T), term by term.
double plainError(const MatrixXd &target, const MatrixXd &rounded,
                  const MatrixXd &hessian) {
  double error = 0;
  for (int64_t row = 0; row < target.rows(); ++row)
    for (int64_t i = 0; i < target.cols(); ++i)
      for (int64_t j = 0; j < target.cols(); ++j)
        error += (target(row, i) - rounded(row, i)) * hessian(i, j) *
                 (target(row, j) - rounded(row, j));
  return error;
}

CodeMatrix nearestCodes(const MatrixXd &target, const WeightGrid &grid) {
  CodeMatrix codes(target.rows(), target.cols());
  for (int64_t row = 0; row < target.rows(); ++row)
    for (int64_t i = 0; i < target.cols(); ++i)
      codes(row, i) = grid.nearest(target(row, i), row, i);
  return codes;
}

/// Keeps the scales and the Hessian that it is given.
RoundingOptions plainOptions() {
  RoundingOptions options;
  options.damping = 0;
  options.refitsGrid = options.triesScales = false;
  return options;
}

TEST(WeightRounding, ObjectiveIsThePlainOne) {
  std::mt19937 random(1);
  for (int bits = 2; bits <= 8; ++bits) {
    MatrixXd target = randomMatrix(5, 12, random);
    MatrixXd hessian = randomHessian(12, random);
    RoundedWeights result =
        roundWeights(target, hessian, WeightGrid::uniform(bits));
    double plain = plainError(target, result.getWeights(), hessian);
    EXPECT_NEAR(result.objective, plain, 1e-9 * plain);
    EXPECT_NEAR(getOutputError(target, result.getWeights(), hessian), plain,
                1e-9 * plain);
    EXPECT_EQ(result.bitsPerWeight, getEntropy(result.codes));
  }
}

TEST(WeightRounding, NearTheBestOfAllCodes) {
  std::mt19937 random(2);
  double sumFound = 0, sumBest = 0, sumNearest = 0;
  for (int trial = 0; trial < 200; ++trial) {
    int64_t size = randomUpTo(4, random);
    MatrixXd target = randomMatrix(1, size, random);
    MatrixXd hessian = randomHessian(size, random);
    WeightGrid grid = WeightGrid::step(0.8, 1, 0, 1);
    double best = 1e300;
    for (int64_t number = 0; number < std::pow(3, size); ++number) {
      MatrixXd rounded(1, size);
      for (int64_t i = 0, rest = number; i < size; ++i, rest /= 3)
        rounded(0, i) = 0.8 * (rest % 3 - 1);
      best = std::min(best, plainError(target, rounded, hessian));
    }
    double found =
        roundWeights(target, hessian, grid, plainOptions()).objective;
    double nearest = plainError(
        target, grid.getWeights(nearestCodes(target, grid)), hessian);
    EXPECT_GE(found, best * (1 - 1e-9));
    EXPECT_LE(found, nearest * (1 + 1e-9));
    sumFound += found, sumBest += best, sumNearest += nearest;
  }
  EXPECT_LE(sumFound, 1.01 * sumBest);
  EXPECT_GT(sumNearest, 1.2 * sumBest);
}

TEST(WeightRounding, FeedbackIsThatOfThePaper) {
  std::mt19937 random(3);
  for (int64_t size : {1, 7, 40, 70}) {
    MatrixXd target = randomMatrix(6, size, random);
    MatrixXd hessian = randomHessian(size, random);
    WeightGrid grid = WeightGrid::step(0.3, 6, 0, 3);
    FeedbackOrder order = makeFeedbackOrder(hessian, 0.02);
    CodeMatrix codes = roundInGptqOrder(target, order, grid);
    // Plainly: after each column the inverse of the rest of the Hessian says
    // where the error goes.
    MatrixXd damped = hessian;
    damped.diagonal().array() += 0.02 * hessian.diagonal().mean();
    std::vector<int64_t> rest = order.order;
    MatrixXd weights = target;
    while (!rest.empty()) {
      int64_t column = rest.front();
      MatrixXd inverse = damped(rest, rest).inverse();
      for (int64_t row = 0; row < 6; ++row) {
        int8_t code = grid.nearest(weights(row, column), row, column);
        ASSERT_EQ(code, codes(row, column)) << size;
        double error = weights(row, column) - code * grid.scales[row];
        for (size_t i = 0; i < rest.size(); ++i)
          weights(row, rest[i]) -= error * inverse(i, 0) / inverse(0, 0);
      }
      rest.erase(rest.begin());
    }
  }
}

TEST(WeightRounding, OrderFallsAndFactorIsOfTheInverse) {
  std::mt19937 random(4);
  MatrixXd hessian = randomHessian(30, random);
  FeedbackOrder order = makeFeedbackOrder(hessian, 0.01);
  for (size_t i = 1; i < order.order.size(); ++i)
    EXPECT_GE(hessian(order.order[i - 1], order.order[i - 1]),
              hessian(order.order[i], order.order[i]));
  MatrixXd permuted = order.hessian(order.order, order.order);
  MatrixXd product = order.factor.transpose() * order.factor * permuted;
  EXPECT_NEAR((product - MatrixXd::Identity(30, 30)).norm(), 0, 1e-8);
  EXPECT_TRUE(order.factor.isUpperTriangular(1e-12));
}

TEST(WeightRounding, EachStageIsBetterThanTheOneBefore) {
  std::mt19937 random(5);
  MatrixXd target = randomMatrix(16, 90, random);
  MatrixXd hessian = randomHessian(90, random);
  WeightGrid grid = WeightGrid::uniform(3);
  grid.fitScales(target, hessian.diagonal());
  double nearest =
      plainError(target, grid.getWeights(nearestCodes(target, grid)), hessian);
  FeedbackOrder order = makeFeedbackOrder(hessian, 0);
  CodeMatrix codes = roundInGptqOrder(target, order, grid);
  double feedback = plainError(target, grid.getWeights(codes), hessian);
  refineByCoordinateDescent(target, order, grid, {}, 10, false, codes);
  double descent = plainError(target, grid.getWeights(codes), hessian);
  EXPECT_GT(refineByCoordinateDescent(target, order, grid, {}, 10, true, codes),
            0);
  double pairs = plainError(target, grid.getWeights(codes), hessian);
  RoundingOptions options;
  options.damping = 0;
  double full =
      roundWeights(target, hessian, WeightGrid::uniform(3), options).objective;
  EXPECT_LT(feedback, 0.7 * nearest);
  EXPECT_LT(descent, feedback);
  EXPECT_LT(pairs, descent);
  EXPECT_LT(full, 0.95 * pairs);
}

TEST(WeightRounding, DescentEndsWhereNoSingleMoveHelps) {
  std::mt19937 random(6);
  MatrixXd target = randomMatrix(4, 30, random);
  MatrixXd hessian = randomHessian(30, random);
  WeightGrid grid = WeightGrid::step(0.4, 4, 0, 7);
  FeedbackOrder order = makeFeedbackOrder(hessian, 0);
  CodeMatrix codes = CodeMatrix::Zero(4, 30);
  refineByCoordinateDescent(target, order, grid, {}, 1000, true, codes);
  double error = plainError(target, grid.getWeights(codes), hessian);
  for (int64_t row = 0; row < 4; ++row)
    for (int64_t i = 0; i < 30; ++i)
      for (int8_t code : grid.lists[0]) {
        CodeMatrix other = codes;
        other(row, i) = code;
        EXPECT_GE(plainError(target, grid.getWeights(other), hessian),
                  error * (1 - 1e-9));
      }
}

TEST(WeightRounding, BitsAreTradedForError) {
  std::mt19937 random(7);
  MatrixXd target = randomMatrix(16, 60, random) * 0.3;
  MatrixXd hessian = randomHessian(60, random);
  double lastBits = 100, lastError = 0;
  for (double price : {0.0, 0.2, 0.8, 4.0}) {
    RoundedWeights result =
        roundWeights(target, hessian, WeightGrid::step(0.1, 16, price));
    EXPECT_LT(result.bitsPerWeight, lastBits) << price;
    EXPECT_GT(result.objective, lastError) << price;
    lastBits = result.bitsPerWeight, lastError = result.objective;
  }
}

TEST(WeightRounding, EntropyAwareBeatsACoarserStep) {
  std::mt19937 random(8);
  MatrixXd target = randomMatrix(32, 100, random) * 0.3;
  MatrixXd hessian = randomHessian(100, random);
  RoundedWeights aware =
      roundWeights(target, hessian, WeightGrid::step(0.25, 32, 0.2));
  double best = 1e300;
  for (double step = 0.2; step < 1; step *= 1.02) {
    RoundedWeights coarse =
        roundWeights(target, hessian, WeightGrid::step(step, 32));
    if (coarse.bitsPerWeight <= aware.bitsPerWeight)
      best = std::min(best, coarse.objective);
  }
  EXPECT_LT(aware.objective, 0.95 * best);
}

TEST(WeightRounding, RefitScalesAreTheMinimum) {
  std::mt19937 random(9);
  MatrixXd target = randomMatrix(3, 10, random);
  MatrixXd hessian = randomHessian(10, random);
  for (bool isShared : {false, true}) {
    WeightGrid grid = WeightGrid::uniform(4, isShared);
    grid.fitScales(target, hessian.diagonal());
    CodeMatrix codes = nearestCodes(target, grid);
    refitScales(target, hessian, codes, grid);
    double least = plainError(target, grid.getWeights(codes), hessian);
    for (double factor : {0.999, 1.001}) {
      WeightGrid other = grid;
      other.scales *= factor;
      EXPECT_GT(plainError(target, other.getWeights(codes), hessian), least);
    }
    if (isShared)
      EXPECT_EQ(grid.scales, VectorXd::Constant(3, grid.scales[0]));
  }
}

TEST(WeightRounding, PalettesAreRefitted) {
  std::mt19937 random(10);
  for (bool isShared : {true, false}) {
    MatrixXd target = randomMatrix(8, 40, random);
    MatrixXd hessian = randomHessian(40, random);
    std::vector<int8_t> list = {-127, -60, 0, 100};
    WeightGrid grid = isShared ? WeightGrid::codebook(list)
                               : WeightGrid::codebooks({8, list});
    grid.fitScales(target, hessian.diagonal());
    CodeMatrix codes = nearestCodes(target, grid);
    double before = plainError(target, grid.getWeights(codes), hessian);
    ASSERT_TRUE(refitLists(target, hessian, codes, grid));
    EXPECT_LT(plainError(target, grid.getWeights(codes), hessian), before);
    for (int64_t row = 0; row < 8; ++row) {
      const std::vector<int8_t> &fitted = grid.getList(row);
      EXPECT_EQ(fitted[2], 0);
      for (int64_t i = 0; i < 40; ++i)
        EXPECT_NE(std::find(fitted.begin(), fitted.end(), codes(row, i)),
                  fitted.end());
    }
    RoundingOptions fixed;
    fixed.refitsGrid = false;
    WeightGrid given = isShared ? WeightGrid::codebook(list)
                                : WeightGrid::codebooks({8, list});
    EXPECT_LT(roundWeights(target, hessian, given).objective,
              roundWeights(target, hessian, given, fixed).objective);
  }
}

TEST(WeightRounding, MaskedWeightsStayZero) {
  std::mt19937 random(11);
  MatrixXd target = randomMatrix(6, 24, random);
  MatrixXd hessian = randomHessian(24, random);
  for (WeightGrid grid : {WeightGrid::uniform(3), WeightGrid::step(0.2, 6, 0.1),
                          WeightGrid::codebook({-127, -30, 40, 127})}) {
    grid.kept = (randomMatrix(6, 24, random).array() > 0).matrix();
    RoundedWeights result = roundWeights(target, hessian, grid);
    int64_t others = 0;
    for (int64_t row = 0; row < 6; ++row)
      for (int64_t i = 0; i < 24; ++i)
        if (grid.kept(row, i))
          others += result.codes(row, i) != 0;
        else
          EXPECT_EQ(result.codes(row, i), 0);
    EXPECT_GT(others, 0);
  }
}

TEST(WeightRounding, RowsWithHessiansOfTheirOwn) {
  std::mt19937 random(12);
  MatrixXd target = randomMatrix(5, 9, random);
  std::vector<MatrixXd> hessians;
  for (int row = 0; row < 5; ++row)
    hessians.push_back(randomHessian(9, random) * (row + 1));
  RoundedWeights all = roundWeights(target, hessians, WeightGrid::uniform(4));
  double sum = 0;
  for (int row = 0; row < 5; ++row) {
    RoundedWeights one =
        roundWeights(target.row(row), hessians[row], WeightGrid::uniform(4));
    // The rounds end by the cost of all rows: the last may differ a little.
    EXPECT_NEAR(
        plainError(target.row(row), all.getWeights().row(row), hessians[row]),
        one.objective, 0.1 * one.objective);
    sum +=
        plainError(target.row(row), all.getWeights().row(row), hessians[row]);
  }
  EXPECT_NEAR(all.objective, sum, 1e-9 * sum);
}

TEST(WeightRounding, DegenerateLayers) {
  std::mt19937 random(13);
  for (const WeightGrid &grid :
       {WeightGrid::uniform(2), WeightGrid::uniform(4, true),
        WeightGrid::uniform(8), WeightGrid::codebook({-127, 0, 127})})
    for (int64_t size : {1, 2, 33}) {
      MatrixXd singular = MatrixXd::Constant(size, size, 2.0);
      MatrixXd noSamples = MatrixXd::Zero(size, size);
      MatrixXd huge = randomHessian(size, random) * 1e20;
      MatrixXd tiny = randomHessian(size, random) * 1e-20;
      for (const MatrixXd &hessian : {singular, noSamples, huge, tiny})
        for (int64_t rows : {1, 3}) {
          MatrixXd target = randomMatrix(rows, size, random);
          target.row(rows - 1).setConstant(rows == 1 ? 1.5 : 0);
          RoundedWeights result = roundWeights(target, hessian, grid);
          EXPECT_TRUE(result.getWeights().allFinite());
          EXPECT_TRUE((result.grid.scales.array() > 0).all());
          EXPECT_TRUE(std::isfinite(result.objective));
          if (rows == 3)
            EXPECT_TRUE((result.codes.row(2).array() == 0).all());
        }
    }
}

TEST(WeightRounding, DeadInputsGetNoWeight) {
  std::mt19937 random(14);
  MatrixXd inputs = randomInputs(50, 10, random);
  inputs.col(3).setZero();
  MatrixXd target = randomMatrix(4, 10, random);
  RoundedWeights result =
      roundWeights(target, momentsOf(inputs), WeightGrid::uniform(8));
  EXPECT_TRUE((result.codes.col(3).array() == 0).all());
  EXPECT_FALSE((result.codes.col(4).array() == 0).all());
}

TEST(WeightRounding, SameTwice) {
  std::mt19937 random(15);
  MatrixXd target = randomMatrix(7, 50, random);
  MatrixXd hessian = randomHessian(50, random);
  WeightGrid grid = WeightGrid::step(0.3, 7, 0.1);
  RoundedWeights first = roundWeights(target, hessian, grid);
  RoundedWeights second = roundWeights(target, hessian, grid);
  EXPECT_EQ(first.codes, second.codes);
  EXPECT_EQ(first.grid.scales, second.grid.scales);
}

} // namespace

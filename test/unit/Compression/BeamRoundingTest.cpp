//===- BeamRoundingTest.cpp - Tests of rounding with options kept ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against error feedback, against all codes of tiny layers, and on a trellis
// against all sequences that it allows.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/BeamRounding.h"
#include "RandomLayers.h"
#include "thimble/Compression/Numerics/CoordinateDescent.h"
#include "thimble/Compression/Numerics/WeightRounding.h"
#include "thimble/Support/Trellis.h"
#include "gtest/gtest.h"
#include <functional>

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

WeightGrid trellisGrid(double step, int64_t rows, double price = 0) {
  WeightGrid grid = WeightGrid::step(step, rows, price);
  grid.followsTrellis = true;
  return grid;
}

double errorOf(const MatrixXd &target, const CodeMatrix &codes,
               const WeightGrid &grid, const FeedbackOrder &order) {
  return getRowErrors(target - grid.getWeights(codes), order.hessian).sum();
}

TEST(BeamRounding, ABeamOfOneIsErrorFeedback) {
  std::mt19937 random(1);
  for (double price : {0.0, 0.3}) {
    MatrixXd target = randomMatrix(8, 40, random);
    FeedbackOrder order = makeFeedbackOrder(randomHessian(40, random));
    WeightGrid grid = WeightGrid::step(0.37, 8, price, 5);
    CodeLengths lengths = grid.measureLengths(
        roundInGptqOrder(target, order, grid), order.meanInnovation);
    EXPECT_EQ(roundByBeam(target, order, grid, lengths, 1),
              roundInGptqOrder(target, order, grid, lengths))
        << price;
  }
}

TEST(BeamRounding, AWideBeamFindsTheBestOfAllCodes) {
  std::mt19937 random(2);
  double sumFeedback = 0, sumBest = 0;
  for (int trial = 0; trial < 100; ++trial) {
    int64_t size = randomUpTo(8, random);
    MatrixXd target = randomMatrix(1, size, random);
    FeedbackOrder order = makeFeedbackOrder(randomHessian(size, random));
    WeightGrid grid = WeightGrid::codebook({-4, 3}, VectorXd::Constant(1, 0.2));
    double best = 1e300;
    CodeMatrix codes(1, size);
    for (int64_t number = 0; number < 1 << size; ++number) {
      for (int64_t i = 0; i < size; ++i)
        codes(0, i) = number >> i & 1 ? 3 : -4;
      best = std::min(best, errorOf(target, codes, grid, order));
    }
    codes = roundByBeam(target, order, grid, {}, 1 << size);
    EXPECT_NEAR(errorOf(target, codes, grid, order), best, 1e-5 * best);
    sumBest += best;
    sumFeedback +=
        errorOf(target, roundInGptqOrder(target, order, grid), grid, order);
  }
  EXPECT_GT(sumFeedback, 1.02 * sumBest);
}

TEST(BeamRounding, TheWiderTheBetter) {
  std::mt19937 random(3);
  MatrixXd target = randomMatrix(16, 60, random);
  FeedbackOrder order = makeFeedbackOrder(randomHessian(60, random));
  WeightGrid grid = WeightGrid::step(0.5, 16);
  double last =
      errorOf(target, roundInGptqOrder(target, order, grid), grid, order);
  for (int width : {4, 16, 64}) {
    double error = errorOf(target, roundByBeam(target, order, grid, {}, width),
                           grid, order);
    EXPECT_LT(error, 0.995 * last) << width;
    last = error;
  }
}

TEST(BeamRounding, WhatIsMaskedOrDeadStaysZero) {
  std::mt19937 random(4);
  MatrixXd target = randomMatrix(4, 20, random).array() + 3;
  MatrixXd hessian = randomHessian(20, random);
  hessian.row(7).setZero();
  hessian.col(7).setZero();
  for (bool isTrellis : {false, true}) {
    FeedbackOrder order = makeFeedbackOrder(hessian, 0.01, isTrellis);
    WeightGrid grid = WeightGrid::step(0.3, 4);
    grid.followsTrellis = isTrellis;
    grid.kept = MaskMatrix::Constant(4, 20, true);
    grid.kept(2, 11) = false;
    CodeMatrix codes = roundByBeam(target, order, grid, {}, 8);
    EXPECT_TRUE((codes.col(7).array() == 0).all());
    EXPECT_EQ(codes(2, 11), 0);
    EXPECT_NE(codes(1, 11), 0);
  }
}

/// The smallest error of all sequences of indices from -3 to 3.
double bestOnTrellis(const MatrixXd &target, const WeightGrid &grid,
                     const FeedbackOrder &order) {
  double best = 1e300;
  CodeMatrix codes(1, target.cols());
  std::function<void(int64_t, Trellis)> go = [&](int64_t i, Trellis trellis) {
    if (i == target.cols()) {
      best = std::min(best, errorOf(target, codes, grid, order));
      return;
    }
    for (int8_t index = -3; index <= 3; ++index) {
      Trellis next = trellis;
      codes(0, i) = next.decode(index);
      go(i + 1, next);
    }
  };
  go(0, Trellis());
  return best;
}

TEST(BeamRounding, FindsTheBestOfATrellis) {
  std::mt19937 random(5);
  double sumFound = 0, sumBest = 0;
  for (int trial = 0; trial < 20; ++trial) {
    int64_t size = randomUpTo(5, random);
    MatrixXd target = randomMatrix(1, size, random);
    FeedbackOrder order =
        makeFeedbackOrder(randomHessian(size, random), 0.01, true);
    WeightGrid grid = trellisGrid(0.8, 1);
    CodeMatrix codes = roundByBeam(target, order, grid, {}, 4096);
    double best = bestOnTrellis(target, grid, order);
    double found = errorOf(target, codes, grid, order);
    EXPECT_GE(found, best * (1 - 1e-5));
    sumFound += found, sumBest += best;
  }
  EXPECT_LE(sumFound, 1.001 * sumBest);
}

TEST(BeamRounding, RowsFollowTheTrellis) {
  std::mt19937 random(6);
  MatrixXd target = randomMatrix(6, 30, random) * 20;
  MatrixXd hessian = randomHessian(30, random);
  WeightGrid grid = trellisGrid(0.5, 6, 0.3);
  // As large as codes may be, and absent columns.
  target(1, 3) = 1000, target(2, 4) = -1000;
  grid.isAbsent.assign(30, false);
  grid.isAbsent[0] = grid.isAbsent[17] = true;
  RoundedWeights rounded = roundWeights(target, hessian, grid);
  for (int64_t row = 0; row < 6; ++row) {
    Trellis trellis;
    for (int64_t column = 0; column < 30; ++column) {
      if (grid.isAbsent[column])
        EXPECT_EQ(rounded.codes(row, column), 0);
      else
        ASSERT_TRUE(trellis.encode(rounded.codes(row, column)))
            << row << ' ' << column;
    }
  }
  EXPECT_GE(std::abs(rounded.codes(1, 3)), 126);
  EXPECT_GE(std::abs(rounded.codes(2, 4)), 126);
}

TEST(BeamRounding, ATrellisBeatsIndependentCodes) {
  std::mt19937 random(7);
  MatrixXd target = randomMatrix(32, 128, random) * 0.3;
  MatrixXd hessian = randomHessian(128, random);
  RoundedWeights plain =
      roundWeights(target, hessian, WeightGrid::step(0.25, 32, 0.2));
  RoundedWeights trellis =
      roundWeights(target, hessian, trellisGrid(0.145, 32, 0.3));
  // A bit more is worth a quarter of the error.
  auto rate = [](const RoundedWeights &weights) {
    return weights.bitsPerWeight + 0.5 * std::log2(weights.objective);
  };
  EXPECT_LT(rate(trellis), rate(plain) - 0.05);
}

} // namespace

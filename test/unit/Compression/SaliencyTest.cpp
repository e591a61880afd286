//===- SaliencyTest.cpp - Tests of pruning --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against elimination with a fresh inverse at each step, against all masks of
// tiny layers, and against pruning by magnitude.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Saliency.h"
#include "RandomLayers.h"
#include "thimble/Compression/Numerics/WeightRounding.h"
#include "gtest/gtest.h"
#include <Eigen/LU>

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Kind = PruningPattern::Kind;

namespace {

PruningOptions withSparsity(double sparsity, double damping = 0) {
  PruningOptions options;
  options.sparsity = sparsity, options.damping = damping;
  return options;
}

int64_t countZeros(const MaskMatrix &kept) {
  return kept.size() - kept.count();
}

TEST(Saliency, OneRowAgainstFreshInverses) {
  std::mt19937 random(1);
  for (int64_t size : {1, 5, 60, 130}) {
    MatrixXd weights = randomMatrix(1, size, random);
    MatrixXd hessian = randomHessian(size, random);
    int64_t gone = size * 6 / 10;
    PrunedWeights result =
        pruneWeights(weights, hessian, {}, withSparsity(double(gone) / size));
    std::vector<int64_t> rest;
    for (int64_t i = 0; i < size; ++i)
      rest.push_back(i);
    MatrixXd left = weights;
    for (int64_t step = 0; step < gone; ++step) {
      MatrixXd inverse = hessian(rest, rest).inverse();
      size_t best = 0;
      for (size_t i = 0; i < rest.size(); ++i)
        if (std::pow(left(0, i), 2) / inverse(i, i) <
            std::pow(left(0, best), 2) / inverse(best, best))
          best = i;
      left -= left(0, best) / inverse(best, best) * inverse.row(best);
      std::vector<int64_t> others;
      for (size_t i = 0; i < rest.size(); ++i)
        if (i != best)
          others.push_back(i);
      left = left(Eigen::all, others).eval();
      EXPECT_FALSE(result.kept(0, rest[best])) << size << " step " << step;
      rest.erase(rest.begin() + best);
    }
    EXPECT_EQ(countZeros(result.kept), gone);
    for (size_t i = 0; i < rest.size(); ++i)
      EXPECT_NEAR(result.weights(0, rest[i]), left(0, i), 1e-6);
  }
}

TEST(Saliency, CompensationIsTheMinimum) {
  std::mt19937 random(2);
  MatrixXd target = randomMatrix(3, 12, random);
  MatrixXd hessian = randomHessian(12, random);
  MaskMatrix kept = (randomMatrix(3, 12, random).array() > 0).matrix();
  kept.row(2).setConstant(false);
  MatrixXd weights = compensate(target, hessian, kept, 0);
  double least = getOutputError(target, weights, hessian);
  for (int64_t row = 0; row < 3; ++row)
    for (int64_t i = 0; i < 12; ++i) {
      if (!kept(row, i)) {
        EXPECT_EQ(weights(row, i), 0);
        continue;
      }
      for (double change : {-1e-3, 1e-3}) {
        MatrixXd other = weights;
        other(row, i) += change;
        EXPECT_GT(getOutputError(target, other, hessian), least);
      }
    }
}

TEST(Saliency, NearTheBestOfAllMasks) {
  std::mt19937 random(3);
  double sumFound = 0, sumBest = 0;
  for (int trial = 0; trial < 40; ++trial) {
    MatrixXd target = randomMatrix(2, 5, random);
    MatrixXd hessian = randomHessian(5, random);
    double best = 1e300;
    for (int mask = 0; mask < 1 << 10; ++mask) {
      MaskMatrix kept(2, 5);
      for (int i = 0; i < 10; ++i)
        kept(i / 5, i % 5) = mask >> i & 1;
      if (countZeros(kept) != 5)
        continue;
      best = std::min(best, getOutputError(target,
                                           compensate(target, hessian, kept, 0),
                                           hessian));
    }
    PrunedWeights result = pruneWeights(target, hessian, {}, withSparsity(0.5));
    EXPECT_EQ(countZeros(result.kept), 5);
    EXPECT_GE(result.objective, best * (1 - 1e-9));
    sumFound += result.objective, sumBest += best;
  }
  EXPECT_LT(sumFound, 1.1 * sumBest);
}

TEST(Saliency, BeatsMagnitude) {
  std::mt19937 random(4);
  MatrixXd target = randomMatrix(16, 100, random);
  MatrixXd hessian = randomHessian(100, random);
  PrunedWeights result = pruneWeights(target, hessian, {}, withSparsity(0.6));
  EXPECT_EQ(countZeros(result.kept), 960);
  VectorXd sizes = target.cwiseAbs().reshaped();
  std::sort(sizes.begin(), sizes.end());
  MaskMatrix large = (target.cwiseAbs().array() >= sizes[960]).matrix();
  MatrixXd refitted = compensate(target, hessian, large, 0);
  EXPECT_LT(result.objective, 0.75 * getOutputError(target, refitted, hessian));
  // What the cheap losses choose is between the two.
  PruningOptions cheap = withSparsity(0.6);
  cheap.exactLimit = 50;
  double approximate = pruneWeights(target, hessian, {}, cheap).objective;
  EXPECT_GT(approximate, result.objective);
  EXPECT_LT(approximate, getOutputError(target, refitted, hessian));
}

TEST(Saliency, NOfMKeepsN) {
  std::mt19937 random(5);
  PruningPattern pattern;
  pattern.kind = Kind::NOfM;
  for (int64_t channels : {0, 10, 4}) {
    pattern.channels = channels;
    MatrixXd target = randomMatrix(5, 30, random);
    MatrixXd hessian = randomHessian(30, random);
    PrunedWeights result = pruneWeights(target, hessian, pattern);
    int64_t tap = channels ? channels : 30;
    for (int64_t row = 0; row < 5; ++row)
      for (int64_t first = 0; first < 30; first += tap)
        for (int64_t i = first; i < std::min<int64_t>(first + tap, 30);
             i += 4) {
          int64_t length = std::min<int64_t>({4, first + tap - i, 30 - i});
          EXPECT_EQ(result.kept.row(row).segment(i, length).count(),
                    std::min<int64_t>(length, 2));
        }
    EXPECT_LT(result.objective, getOutputError(target, 0 * target, hessian));
  }
}

TEST(Saliency, BlocksGoWhole) {
  std::mt19937 random(6);
  PruningPattern pattern;
  pattern.kind = Kind::Blocks;
  pattern.rows = 4, pattern.columns = 2, pattern.channels = 6;
  MatrixXd target = randomMatrix(10, 54, random);
  MatrixXd hessian = randomHessian(54, random);
  PrunedWeights result =
      pruneWeights(target, hessian, pattern, withSparsity(0.5, 0.01));
  for (int64_t row = 0; row < 10; ++row)
    for (int64_t i = 0; i < 54; ++i)
      EXPECT_EQ(result.kept(row, i), result.kept(row / 4 * 4, i / 2 * 2));
  EXPECT_NEAR(double(countZeros(result.kept)), 270, 8);
  EXPECT_GT(
      result.objective,
      pruneWeights(target, hessian, {}, withSparsity(0.5, 0.01)).objective);
}

TEST(Saliency, BlockLossesAreThoseOfTheirWeights) {
  // One row of two blocks, of which one goes: the one whose loss with the other
  // compensated is less.
  std::mt19937 random(7);
  PruningPattern pattern;
  pattern.kind = Kind::Blocks;
  pattern.rows = 2, pattern.columns = 3;
  for (int trial = 0; trial < 30; ++trial) {
    MatrixXd target = randomMatrix(2, 6, random);
    MatrixXd hessian = randomHessian(6, random);
    double best = 1e300;
    for (int gone = 0; gone < 2; ++gone) {
      MaskMatrix kept = MaskMatrix::Constant(2, 6, true);
      kept.middleCols(3 * gone, 3).setConstant(false);
      best = std::min(best, getOutputError(target,
                                           compensate(target, hessian, kept, 0),
                                           hessian));
    }
    EXPECT_NEAR(
        pruneWeights(target, hessian, pattern, withSparsity(0.5)).objective,
        best, 1e-9 * best);
  }
}

TEST(Saliency, ChannelsGoWhole) {
  std::mt19937 random(8);
  PruningPattern pattern;
  pattern.kind = Kind::InputChannels;
  pattern.channels = 8;
  MatrixXd target = randomMatrix(6, 72, random);
  for (int64_t tap = 0; tap < 9; ++tap)
    target.col(tap * 8 + 5) *= 1e-3;
  MatrixXd hessian = randomHessian(72, random);
  PrunedWeights result =
      pruneWeights(target, hessian, pattern, withSparsity(0.25));
  EXPECT_EQ(countZeros(result.kept), 6 * 9 * 2);
  for (int64_t row = 0; row < 6; ++row)
    for (int64_t i = 0; i < 72; ++i)
      EXPECT_EQ(result.kept(row, i), result.kept(0, i % 8));
  EXPECT_FALSE(result.kept(0, 5));
  pattern.kind = Kind::OutputChannels;
  target.row(4) *= 1e-3;
  result = pruneWeights(target, hessian, pattern, withSparsity(1.0 / 6));
  EXPECT_EQ(countZeros(result.kept), 72);
  EXPECT_FALSE(result.kept(4, 0));
  EXPECT_NEAR((result.weights - target).topRows(4).norm(), 0, 1e-6);
}

TEST(Saliency, NothingAndEverything) {
  std::mt19937 random(9);
  MatrixXd target = randomMatrix(3, 9, random);
  MatrixXd hessian = randomHessian(9, random);
  for (Kind kind : {Kind::Unstructured, Kind::Blocks, Kind::InputChannels,
                    Kind::OutputChannels}) {
    PruningPattern pattern;
    pattern.kind = kind;
    PrunedWeights none =
        pruneWeights(target, hessian, pattern, withSparsity(0));
    EXPECT_TRUE(none.kept.all());
    EXPECT_NEAR((none.weights - target).norm(), 0, 1e-9);
    PrunedWeights all = pruneWeights(target, hessian, pattern, withSparsity(1));
    EXPECT_EQ(countZeros(all.kept), 27);
    EXPECT_EQ(all.weights, MatrixXd::Zero(3, 9));
  }
}

TEST(Saliency, DegenerateHessians) {
  std::mt19937 random(10);
  for (int64_t size : {1, 20}) {
    MatrixXd target = randomMatrix(2, size, random);
    MatrixXd dead = randomHessian(size, random);
    dead.row(0).setZero();
    dead.col(0).setZero();
    MatrixXd singular = MatrixXd::Constant(size, size, 3);
    MatrixXd nothing = MatrixXd::Zero(size, size);
    for (const MatrixXd &hessian : {dead, singular, nothing}) {
      PrunedWeights result =
          pruneWeights(target, hessian, {}, withSparsity(0.5, 0.01));
      EXPECT_TRUE(result.weights.allFinite());
      EXPECT_EQ(countZeros(result.kept), size);
    }
  }
}

} // namespace

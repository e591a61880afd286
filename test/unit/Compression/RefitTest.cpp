//===- RefitTest.cpp - Tests of fitting weights to targets ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against outputs computed sample by sample.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Refit.h"
#include "RandomLayers.h"
#include "thimble/Compression/Numerics/WeightRounding.h"
#include "gtest/gtest.h"

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd withOnes(const MatrixXd &inputs) {
  MatrixXd result(inputs.rows(), inputs.cols() + 1);
  result << inputs, VectorXd::Ones(inputs.rows());
  return result;
}

LayerMoments momentsOfLayer(const MatrixXd &inputs, const MatrixXd &targets) {
  MatrixXd all = withOnes(inputs);
  double samples = inputs.rows();
  return {all.transpose() * all / samples, all.transpose() * targets / samples};
}

MatrixXd runLayer(const AffineLayer &layer, const MatrixXd &inputs) {
  return (inputs * layer.weights.transpose()).rowwise() +
         layer.bias.transpose();
}

double meanError(const AffineLayer &layer, const MatrixXd &inputs,
                 const MatrixXd &targets) {
  return (runLayer(layer, inputs) - targets).squaredNorm() / inputs.rows();
}

struct Problem {
  MatrixXd inputs, targets;
  AffineLayer layer;
  LayerMoments moments;
};

/// A layer whose inputs were disturbed; the targets were not.
Problem disturbed(int64_t samples, int64_t rows, int64_t size,
                  std::mt19937 &random) {
  Problem problem;
  problem.layer = {randomMatrix(rows, size, random),
                   randomMatrix(rows, 1, random)};
  MatrixXd clean = randomInputs(samples, size, random).array() + 2;
  problem.targets = runLayer(problem.layer, clean);
  problem.inputs = clean * 0.9 + randomMatrix(samples, size, random) * 0.3;
  problem.moments = momentsOfLayer(problem.inputs, problem.targets);
  return problem;
}

TEST(Refit, IsTheLeastSquares) {
  std::mt19937 random(1);
  Problem p = disturbed(400, 3, 8, random);
  AffineLayer fitted = refitToTargets(p.moments, p.layer, 0);
  double least = meanError(fitted, p.inputs, p.targets);
  EXPECT_LT(least, 0.8 * meanError(p.layer, p.inputs, p.targets));
  for (int trial = 0; trial < 30; ++trial) {
    AffineLayer other = fitted;
    other.weights += 0.01 * randomMatrix(3, 8, random);
    other.bias += 0.01 * randomMatrix(3, 1, random);
    EXPECT_GT(meanError(other, p.inputs, p.targets), least);
  }
}

TEST(Refit, RidgePullsToTheOld) {
  std::mt19937 random(2);
  Problem p = disturbed(100, 2, 6, random);
  double last = 1e300;
  for (double lambda : {1e-4, 1e-2, 1.0, 1e8}) {
    AffineLayer fitted = refitToTargets(p.moments, p.layer, lambda);
    double distance = (fitted.weights - p.layer.weights).norm();
    EXPECT_LT(distance, last);
    last = distance;
  }
  EXPECT_LT(last, 1e-5);
}

TEST(Refit, EliminatedBiasIsTheMetric) {
  std::mt19937 random(3);
  Problem p = disturbed(60, 4, 7, random);
  MatrixXd hessian = eliminateBias(p.moments.inputs);
  MatrixXd centered = p.inputs.rowwise() - p.inputs.colwise().mean().eval();
  EXPECT_NEAR((hessian - momentsOf(centered)).norm(), 0, 1e-10);
  // Other weights with their best bias are worse by just that much.
  AffineLayer fitted = refitToTargets(p.moments, p.layer, 0);
  AffineLayer other{fitted.weights + randomMatrix(4, 7, random), {}};
  other.bias = getOptimalBias(p.moments, other.weights);
  double excess = meanError(other, p.inputs, p.targets) -
                  meanError(fitted, p.inputs, p.targets);
  EXPECT_NEAR(getOutputError(fitted.weights, other.weights, hessian), excess,
              1e-6 * excess);
}

TEST(Refit, OptimalBiasAndErrors) {
  std::mt19937 random(4);
  Problem p = disturbed(50, 3, 5, random);
  AffineLayer layer{randomMatrix(3, 5, random), {}};
  layer.bias = getOptimalBias(p.moments, layer.weights);
  double least = meanError(layer, p.inputs, p.targets);
  double constant = p.targets.squaredNorm() / 50;
  EXPECT_NEAR(getTargetErrors(p.moments, layer).sum() + constant, least,
              1e-9 * constant);
  for (int output = 0; output < 3; ++output)
    for (double change : {-0.01, 0.01}) {
      AffineLayer other = layer;
      other.bias[output] += change;
      EXPECT_GT(meanError(other, p.inputs, p.targets), least);
    }
}

TEST(Refit, ConstantAndRepeatedInputs) {
  std::mt19937 random(5);
  Problem p = disturbed(40, 3, 6, random);
  p.inputs.col(1).setConstant(4.7);
  p.inputs.col(2).setZero();
  p.inputs.col(4) = p.inputs.col(5);
  p.moments = momentsOfLayer(p.inputs, p.targets);
  AffineLayer fitted = refitToTargets(p.moments, p.layer);
  EXPECT_TRUE(fitted.weights.allFinite() && fitted.bias.allFinite());
  EXPECT_EQ(fitted.weights.col(1), p.layer.weights.col(1));
  EXPECT_EQ(fitted.weights.col(2), p.layer.weights.col(2));
  EXPECT_LT((fitted.weights - p.layer.weights).norm(), 100);
  EXPECT_LT(meanError(fitted, p.inputs, p.targets),
            meanError(p.layer, p.inputs, p.targets));
}

TEST(Refit, OneSampleMovesTheBiasOnly) {
  std::mt19937 random(6);
  Problem p = disturbed(1, 3, 6, random);
  AffineLayer fitted = refitToTargets(p.moments, p.layer);
  EXPECT_NEAR((fitted.weights - p.layer.weights).norm(), 0, 1e-6);
  EXPECT_NEAR(meanError(fitted, p.inputs, p.targets), 0, 1e-12);
}

TEST(Refit, FewerSamplesThanInputs) {
  std::mt19937 random(7);
  Problem p = disturbed(10, 4, 60, random);
  AffineLayer fitted = refitToTargets(p.moments, p.layer);
  EXPECT_LT(meanError(fitted, p.inputs, p.targets),
            0.1 * meanError(p.layer, p.inputs, p.targets));
  EXPECT_LT((fitted.weights - p.layer.weights).norm(), p.layer.weights.norm());
}

} // namespace

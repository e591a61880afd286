//===- LowRankTest.cpp - Tests of factorizing layers ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against Eigen's own decomposition, in the plain and in the whitened space.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/LowRank.h"
#include "RandomLayers.h"
#include "thimble/Compression/Numerics/WeightRounding.h"
#include "gtest/gtest.h"
#include <Eigen/Cholesky>
#include <Eigen/SVD>

using namespace thimble;

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

TEST(LowRank, PlainDecompositionWithoutMoments) {
  std::mt19937 random(1);
  for (auto [rows, size] : {std::pair<int, int>{6, 11}, {11, 6}, {1, 5}}) {
    MatrixXd target = randomMatrix(rows, size, random);
    MatrixXd identity = MatrixXd::Identity(size, size);
    LayerSpectrum spectrum(target, identity, 0);
    Eigen::JacobiSVD<MatrixXd> svd(target,
                                   Eigen::ComputeThinU | Eigen::ComputeThinV);
    for (int rank = 1; rank <= std::min(rows, size); ++rank) {
      LowRankFactors factors = spectrum.getFactors(rank);
      EXPECT_EQ(factors.first.rows(), rank);
      MatrixXd plain = svd.matrixU().leftCols(rank) *
                       svd.singularValues().head(rank).asDiagonal() *
                       svd.matrixV().leftCols(rank).transpose();
      EXPECT_NEAR((factors.second * factors.first - plain).norm(), 0, 1e-9);
      EXPECT_NEAR(spectrum.getEnergies()[rank - 1],
                  std::pow(svd.singularValues()[rank - 1], 2), 1e-9);
    }
  }
}

TEST(LowRank, ErrorIsWhatIsDropped) {
  std::mt19937 random(2);
  MatrixXd target = randomMatrix(8, 20, random);
  MatrixXd hessian = randomHessian(20, random);
  MatrixXd whitened = target * MatrixXd(hessian.llt().matrixL());
  VectorXd values = Eigen::JacobiSVD<MatrixXd>(whitened).singularValues();
  LayerSpectrum spectrum(target, hessian, 0);
  for (int rank = 1; rank <= 8; ++rank) {
    LowRankFactors factors = spectrum.getFactors(rank);
    double dropped = values.tail(8 - rank).squaredNorm();
    EXPECT_NEAR(spectrum.getError(rank), dropped, 1e-8);
    EXPECT_NEAR(getOutputError(target, factors.second * factors.first, hessian),
                dropped, 1e-8);
    // Between the layers every value has a second moment of 1.
    MatrixXd between = factors.first * hessian * factors.first.transpose();
    EXPECT_NEAR((between - MatrixXd::Identity(rank, rank)).norm(), 0, 1e-8);
  }
}

TEST(LowRank, BeatsThePlainDecomposition) {
  std::mt19937 random(3);
  MatrixXd target = randomMatrix(16, 40, random);
  MatrixXd hessian = randomHessian(40, random);
  LowRankFactors plain =
      LayerSpectrum(target, MatrixXd::Identity(40, 40), 0).getFactors(6);
  EXPECT_LT(LayerSpectrum(target, hessian, 0).getError(6),
            0.8 * getOutputError(target, plain.second * plain.first, hessian));
}

TEST(LowRank, RankFromShareOfEnergy) {
  MatrixXd target = VectorXd::LinSpaced(4, 4, 1).asDiagonal();
  LayerSpectrum spectrum(target, MatrixXd::Identity(4, 4), 0);
  // 16 + 9 + 4 + 1 = 30.
  EXPECT_EQ(spectrum.getRank(0), 0);
  EXPECT_EQ(spectrum.getRank(0.5), 1);
  EXPECT_EQ(spectrum.getRank(25.0 / 30), 2);
  EXPECT_EQ(spectrum.getRank(0.9), 3);
  EXPECT_EQ(spectrum.getRank(1), 4);
}

TEST(LowRank, DegenerateLayers) {
  std::mt19937 random(4);
  for (const MatrixXd &target :
       {MatrixXd::Zero(3, 5).eval(), MatrixXd::Constant(3, 5, 2.0).eval(),
        randomMatrix(3, 5, random)})
    for (const MatrixXd &hessian :
         {MatrixXd::Zero(5, 5).eval(), MatrixXd::Ones(5, 5).eval()}) {
      LayerSpectrum spectrum(target, hessian);
      LowRankFactors factors = spectrum.getFactors(3);
      EXPECT_TRUE(factors.first.allFinite() && factors.second.allFinite());
      EXPECT_NEAR(getOutputError(target, factors.second * factors.first,
                                 hessian + MatrixXd::Identity(5, 5) * 1e-9),
                  0, 1e-6);
    }
}

TEST(LowRank, SpatialSplitFindsSeparableFilters) {
  std::mt19937 random(5);
  ConvolutionShape shape;
  shape.outputs = 6, shape.kernelHeight = 3, shape.kernelWidth = 2;
  shape.channels = 4;
  LowRankFactors truth{randomMatrix(2, 12, random), randomMatrix(6, 4, random)};
  MatrixXd target = mergeSpatially(truth, shape);
  MatrixXd hessian = randomHessian(24, random);
  LowRankFactors found = splitSpatially(target, hessian, shape, 2, 1e-6);
  EXPECT_EQ(found.first.rows(), 2);
  EXPECT_EQ(found.first.cols(), 12);
  EXPECT_EQ(found.second.cols(), 4);
  EXPECT_NEAR((mergeSpatially(found, shape) - target).norm(), 0, 1e-4);
}

TEST(LowRank, MergingIsTwoConvolutions) {
  // One output pixel: y = sum over x, j of second (o, x, j) * h(x, j) with
  // h(x, j) = sum over y, c of first(j, y, c) * input(y, x, c).
  std::mt19937 random(6);
  ConvolutionShape shape;
  shape.outputs = 3, shape.kernelHeight = 2, shape.kernelWidth = 3;
  shape.channels = 5;
  int rank = 4;
  LowRankFactors factors{randomMatrix(rank, 10, random),
                         randomMatrix(3, 3 * rank, random)};
  VectorXd input = randomMatrix(30, 1, random);
  VectorXd merged = mergeSpatially(factors, shape) * input;
  for (int o = 0; o < 3; ++o) {
    double sum = 0;
    for (int x = 0; x < 3; ++x)
      for (int j = 0; j < rank; ++j) {
        double between = 0;
        for (int y = 0; y < 2; ++y)
          for (int c = 0; c < 5; ++c)
            between += factors.first(j, y * 5 + c) * input[(y * 3 + x) * 5 + c];
        sum += factors.second(o, x * rank + j) * between;
      }
    EXPECT_NEAR(merged[o], sum, 1e-10);
  }
}

TEST(LowRank, SpatialSplitUsesTheMetric) {
  std::mt19937 random(7);
  ConvolutionShape shape;
  shape.outputs = 8, shape.kernelHeight = 3, shape.kernelWidth = 3;
  shape.channels = 6;
  MatrixXd target = randomMatrix(8, 54, random);
  MatrixXd hessian = randomHessian(54, random);
  double last = 1e300;
  for (int rank : {1, 4, 8, 12, 18}) {
    LowRankFactors found = splitSpatially(target, hessian, shape, rank, 0);
    LowRankFactors plain =
        splitSpatially(target, MatrixXd::Identity(54, 54), shape, rank, 0);
    double error =
        getOutputError(target, mergeSpatially(found, shape), hessian);
    if (rank < 18)
      EXPECT_LT(error,
                getOutputError(target, mergeSpatially(plain, shape), hessian));
    EXPECT_LT(error, last);
    last = error;
  }
  EXPECT_NEAR(last, 0, 1e-6);
}

TEST(LowRank, CostsByHand) {
  ConvolutionShape shape;
  shape.outputs = 8, shape.kernelHeight = 3, shape.kernelWidth = 3;
  shape.channels = 4;
  ConvolutionPixels pixels{5, 6, 12};
  EXPECT_EQ(countMacs(shape, pixels), 30 * 8 * 36);
  EXPECT_EQ(countChannelSplitMacs(shape, pixels, 2), 30 * (2 * 36 + 8 * 2));
  EXPECT_EQ(countSpatialSplitMacs(shape, pixels, 2),
            5 * 12 * 2 * 12 + 30 * 8 * 3 * 2);
  EXPECT_TRUE(savesMacs(63, 128, 128));
  EXPECT_FALSE(savesMacs(64, 128, 128));
}

} // namespace

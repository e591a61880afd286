//===- LowRank.cpp - One layer as two thinner ones ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With H = L L^T the whitened weights are W L, and their left singular vectors
// U are the eigenvectors of W H W^T. The best approximation of rank r is
// U_r U_r^T W L; U_r U_r^T W has it without L or its inverse.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/LowRank.h"
#include "thimble/Compression/Numerics/ErrorFeedback.h"
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

LayerSpectrum::LayerSpectrum(const MatrixXd &target, const MatrixXd &hessian,
                             double damping) {
  FeedbackOrder order = makeFeedbackOrder(hessian, damping);
  this->target = dropDeadInputs(target, order);
  MatrixXd outputs = this->target * order.hessian * this->target.transpose();
  Eigen::SelfAdjointEigenSolver<MatrixXd> solver(outputs);
  Index count = std::min(target.rows(), target.cols());
  energies = solver.eigenvalues().reverse().head(count).cwiseMax(0);
  directions = solver.eigenvectors().rowwise().reverse().leftCols(count);
}

double LayerSpectrum::getError(int64_t rank) const {
  return energies.tail(energies.size() - rank).sum();
}

int64_t LayerSpectrum::getRank(double share) const {
  double total = energies.sum(), kept = 0;
  int64_t rank = 0;
  while (rank < energies.size() && kept < share * total * (1 - 1e-12))
    kept += energies[rank++];
  return rank;
}

LowRankFactors LayerSpectrum::getFactors(int64_t rank) const {
  assert(rank >= 1 && rank <= energies.size());
  LowRankFactors factors;
  factors.second = directions.leftCols(rank);
  factors.first = factors.second.transpose() * target;
  for (Index i = 0; i < rank; ++i) {
    double size = std::sqrt(energies[i]);
    // Beyond the rank of the weights there is nothing to normalize.
    if (!(energies[i] > 1e-20 * energies[0]))
      continue;
    factors.first.row(i) /= size;
    factors.second.col(i) *= size;
  }
  return factors;
}

//===----------------------------------------------------------------------===//
// Convolutions split by axes
//===----------------------------------------------------------------------===//

namespace {

/// Solves for the two factors of a spatial split in turn.
class SpatialSplit {
public:
  SpatialSplit(const MatrixXd &target, const MatrixXd &hessian,
               const ConvolutionShape &shape)
      : target(target), hessian(hessian), shape(shape) {}

  LowRankFactors run(int64_t rank, double damping);

private:
  void solveSecond(LowRankFactors &factors) const;
  void solveFirst(LowRankFactors &factors) const;

  const MatrixXd &target, &hessian;
  const ConvolutionShape &shape;
};

} // namespace

/// The first factor at each column of the window, (kw * r) x K: row (x, j) is
/// filter j in column x and 0 elsewhere.
static MatrixXd spread(const MatrixXd &first, const ConvolutionShape &shape) {
  Index rank = first.rows(), channels = shape.channels;
  MatrixXd result =
      MatrixXd::Zero(shape.kernelWidth * rank, shape.getColumns());
  for (Index x = 0; x < shape.kernelWidth; ++x)
    for (Index y = 0; y < shape.kernelHeight; ++y)
      result.block(x * rank, (y * shape.kernelWidth + x) * channels, rank,
                   channels) = first.middleCols(y * channels, channels);
  return result;
}

/// The transpose of spread().
static MatrixXd gather(const MatrixXd &spreadOut,
                       const ConvolutionShape &shape) {
  Index rank = spreadOut.rows() / shape.kernelWidth, channels = shape.channels;
  MatrixXd result = MatrixXd::Zero(rank, shape.kernelHeight * channels);
  for (Index x = 0; x < shape.kernelWidth; ++x)
    for (Index y = 0; y < shape.kernelHeight; ++y)
      result.middleCols(y * channels, channels) += spreadOut.block(
          x * rank, (y * shape.kernelWidth + x) * channels, rank, channels);
  return result;
}

void SpatialSplit::solveSecond(LowRankFactors &factors) const {
  MatrixXd basis = spread(factors.first, shape);
  MatrixXd products = basis * hessian;
  MatrixXd square = products * basis.transpose();
  // Filters may coincide where the weights are of a lower rank.
  square.diagonal().array() += 1e-10 * square.diagonal().mean();
  factors.second =
      square.ldlt().solve(products * target.transpose()).transpose();
}

void SpatialSplit::solveFirst(LowRankFactors &factors) const {
  const MatrixXd &second = factors.second;
  MatrixXd square = second.transpose() * second;
  auto apply = [&](const MatrixXd &first) {
    return gather(square * spread(first, shape) * hessian, shape);
  };
  MatrixXd goal = gather(second.transpose() * target * hessian, shape);
  MatrixXd residual = goal - apply(factors.first), direction = residual;
  double norm = residual.squaredNorm(), enough = 1e-12 * goal.squaredNorm();
  for (int step = 0; step < 20 && norm > enough; ++step) {
    MatrixXd image = apply(direction);
    double curvature = direction.cwiseProduct(image).sum();
    if (!(curvature > 0))
      break;
    double length = norm / curvature;
    factors.first += length * direction;
    residual -= length * image;
    double next = residual.squaredNorm();
    direction = residual + next / norm * direction;
    norm = next;
  }
}

LowRankFactors SpatialSplit::run(int64_t rank, double damping) {
  Index width = shape.kernelWidth, channels = shape.channels;
  Index columns = shape.kernelHeight * channels;
  // Rows (x, o) and columns (y, c), and what the inputs of a column of the
  // window have in common.
  MatrixXd tall(width * shape.outputs, columns);
  MatrixXd mean = MatrixXd::Zero(columns, columns);
  for (Index x = 0; x < width; ++x) {
    std::vector<Index> taps;
    for (Index y = 0; y < shape.kernelHeight; ++y)
      for (Index c = 0; c < channels; ++c)
        taps.push_back((y * width + x) * channels + c);
    tall.middleRows(x * shape.outputs, shape.outputs) =
        target(Eigen::all, taps);
    mean += hessian(taps, taps) / double(width);
  }
  LowRankFactors factors;
  factors.first = LayerSpectrum(tall, mean, damping).getFactors(rank).first;
  solveSecond(factors);
  for (int round = 0; round < 4; ++round) {
    solveFirst(factors);
    solveSecond(factors);
  }
  // The values between are those of any column of the window.
  VectorXd moments =
      (factors.first * mean).cwiseProduct(factors.first).rowwise().sum();
  for (Index i = 0; i < rank; ++i) {
    if (!(moments[i] > 0))
      continue;
    double size = std::sqrt(moments[i]);
    factors.first.row(i) /= size;
    for (Index x = 0; x < width; ++x)
      factors.second.col(x * rank + i) *= size;
  }
  return factors;
}

LowRankFactors thimble::splitSpatially(const MatrixXd &target,
                                       const MatrixXd &hessian,
                                       const ConvolutionShape &shape,
                                       int64_t rank, double damping) {
  assert(target.rows() == shape.outputs && target.cols() == shape.getColumns());
  assert(rank >= 1 && rank <= std::min(shape.outputs * shape.kernelWidth,
                                       shape.kernelHeight * shape.channels));
  FeedbackOrder order = makeFeedbackOrder(hessian, damping);
  MatrixXd live = dropDeadInputs(target, order);
  return SpatialSplit(live, order.hessian, shape).run(rank, damping);
}

MatrixXd thimble::mergeSpatially(const LowRankFactors &factors,
                                 const ConvolutionShape &shape) {
  return factors.second * spread(factors.first, shape);
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

int64_t thimble::countMacs(const ConvolutionShape &shape,
                           const ConvolutionPixels &pixels) {
  return pixels.outputHeight * pixels.outputWidth * shape.outputs *
         shape.getColumns();
}

int64_t thimble::countChannelSplitMacs(const ConvolutionShape &shape,
                                       const ConvolutionPixels &pixels,
                                       int64_t rank) {
  return pixels.outputHeight * pixels.outputWidth * rank *
         (shape.outputs + shape.getColumns());
}

int64_t thimble::countSpatialSplitMacs(const ConvolutionShape &shape,
                                       const ConvolutionPixels &pixels,
                                       int64_t rank) {
  int64_t first = pixels.outputHeight * pixels.inputWidth * rank *
                  shape.kernelHeight * shape.channels;
  int64_t second = pixels.outputHeight * pixels.outputWidth * shape.outputs *
                   shape.kernelWidth * rank;
  return first + second;
}

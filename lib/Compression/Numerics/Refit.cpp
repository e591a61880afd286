//===- Refit.cpp - Weights for inputs that have changed -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Solved for the change of the weights, so that what is not determined does
// not change.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Refit.h"
#include "thimble/Compression/Numerics/ErrorFeedback.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>

using namespace thimble;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd thimble::eliminateBias(const MatrixXd &inputs) {
  Index size = inputs.rows() - 1;
  assert(size >= 0 && inputs.cols() == size + 1);
  double weight = inputs(size, size);
  MatrixXd result = inputs.topLeftCorner(size, size);
  if (weight > 0)
    result -=
        inputs.col(size).head(size) * (inputs.row(size).head(size) / weight);
  // Rounding can leave a constant input a variance below zero.
  for (double &variance : result.diagonal())
    variance = std::max(variance, 0.0);
  return result;
}

VectorXd thimble::getOptimalBias(const LayerMoments &moments,
                                 const MatrixXd &weights) {
  Index size = weights.cols();
  double weight = moments.inputs(size, size);
  VectorXd rest = moments.targets.row(size).transpose() -
                  weights * moments.inputs.col(size).head(size);
  return weight > 0 ? VectorXd(rest / weight) : VectorXd::Zero(rest.size());
}

AffineLayer thimble::refitToTargets(const LayerMoments &moments,
                                    const AffineLayer &old, double lambda) {
  Index size = old.weights.cols();
  assert(moments.inputs.rows() == size + 1 &&
         moments.targets.rows() == size + 1 &&
         moments.targets.cols() == old.weights.rows());
  AffineLayer result = old;
  MatrixXd hessian = eliminateBias(moments.inputs);
  if (size && hessian.diagonal().sum() > 0) {
    double weight = moments.inputs(size, size);
    MatrixXd cross = moments.targets.topRows(size) -
                     moments.inputs.col(size).head(size) *
                         (moments.targets.row(size) / weight);
    // (H + ridge) change = cross - H old: with no information, no change.
    FeedbackOrder ridged = makeFeedbackOrder(hessian, std::max(lambda, 1e-10));
    MatrixXd missing = cross - hessian * old.weights.transpose();
    for (Index i = 0; i < size; ++i)
      if (ridged.isDead[i])
        missing.row(i).setZero();
    result.weights += ridged.hessian.llt().solve(missing).transpose();
  }
  result.bias = getOptimalBias(moments, result.weights);
  return result;
}

VectorXd thimble::getTargetErrors(const LayerMoments &moments,
                                  const AffineLayer &layer) {
  Index size = layer.weights.cols();
  MatrixXd all(layer.weights.rows(), size + 1);
  all << layer.weights, layer.bias;
  return (all * moments.inputs - 2 * moments.targets.transpose())
      .cwiseProduct(all)
      .rowwise()
      .sum();
}

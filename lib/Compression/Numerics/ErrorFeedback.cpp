//===- ErrorFeedback.cpp - Rounding that lets later weights make up -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Columns are rounded in blocks: inside a block errors are passed on column
// by column, to all columns behind it by one matrix product.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/ErrorFeedback.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <numeric>

using namespace thimble;

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Upper U with U^T U = inverse(matrix). With J the reversal of all indices
/// and J matrix J = L L^T the matrix is V V^T for the upper V = J L J, so that
/// U is the inverse of V: no inverse of the matrix itself is needed.
/// Returns an empty matrix if it is not positive definite.
static MatrixXd factorInverse(const MatrixXd &matrix) {
  Index size = matrix.rows();
  Eigen::LLT<MatrixXd> cholesky(matrix.reverse());
  if (cholesky.info() != Eigen::Success)
    return {};
  MatrixXd lower = MatrixXd::Identity(size, size);
  cholesky.matrixL().solveInPlace(lower);
  MatrixXd upper = lower.reverse();
  return upper.allFinite() ? upper : MatrixXd();
}

FeedbackOrder thimble::makeFeedbackOrder(const MatrixXd &hessian,
                                         double damping, bool inPlace) {
  Index size = hessian.rows();
  assert(hessian.cols() == size && "a Hessian is square");
  FeedbackOrder result;
  result.hessian = (hessian + hessian.transpose()) / 2;
  double mean = size ? hessian.diagonal().mean() : 0;
  if (!(mean > 0)) {
    result.hessian.setIdentity();
    mean = 1;
  }
  result.isDead.resize(size);
  for (Index i = 0; i < size; ++i) {
    // What is left of a constant input after its mean was taken out is noise
    // of the subtraction.
    if (result.hessian(i, i) > 1e-10 * mean)
      continue;
    result.isDead[i] = true;
    result.hessian.row(i).setZero();
    result.hessian.col(i).setZero();
    // Any positive number: it is coupled to nothing.
    result.hessian(i, i) = 1e-10 * mean;
  }
  result.order.resize(size);
  std::iota(result.order.begin(), result.order.end(), 0);
  if (!inPlace)
    std::stable_sort(result.order.begin(), result.order.end(),
                     [&](int64_t left, int64_t right) {
                       return result.hessian(left, left) >
                              result.hessian(right, right);
                     });
  result.hessian.diagonal().array() += damping * mean;
  for (double more = std::max(damping, 1e-8) * mean;; more *= 4) {
    result.factor =
        factorInverse(result.hessian(result.order, result.order).eval());
    if (result.factor.size() || !size)
      break;
    result.hessian.diagonal().array() += more;
  }
  double sum = 0;
  int64_t live = 0;
  for (Index i = 0; i < size; ++i)
    if (!result.isDead[result.order[i]]) {
      sum += 1 / (result.factor(i, i) * result.factor(i, i));
      ++live;
    }
  result.meanInnovation = live ? sum / live : mean;
  return result;
}

MatrixXd thimble::dropDeadInputs(const MatrixXd &target,
                                 const FeedbackOrder &order) {
  MatrixXd result = target;
  for (Index i = 0; i < target.cols(); ++i)
    if (order.isDead[i])
      result.col(i).setZero();
  return result;
}

CodeMatrix thimble::roundInGptqOrder(const MatrixXd &target,
                                     const FeedbackOrder &order,
                                     const WeightGrid &grid,
                                     const CodeLengths &lengths) {
  Index rows = target.rows(), size = target.cols();
  assert(grid.scales.size() == rows && Index(order.order.size()) == size);
  const MatrixXd &factor = order.factor;
  MatrixXd weights = dropDeadInputs(target, order)(Eigen::all, order.order);
  CodeMatrix codes(rows, size);
  ArrayXd rounded(rows);
  const Index block = 32;
  MatrixXd errors(rows, block);
  for (Index begin = 0; begin < size; begin += block) {
    Index end = std::min(begin + block, size);
    for (Index i = begin; i < end; ++i) {
      double step = factor(i, i);
      grid.projectColumn(weights.col(i).array(), order.order[i],
                         1 / (step * step), lengths, rounded);
      codes.col(order.order[i]) = rounded.cast<int8_t>();
      errors.col(i - begin) =
          (weights.col(i).array() - rounded * grid.scales.array()) / step;
      weights.middleCols(i + 1, end - i - 1).noalias() -=
          errors.col(i - begin) * factor.row(i).segment(i + 1, end - i - 1);
    }
    weights.rightCols(size - end).noalias() -=
        errors.leftCols(end - begin) *
        factor.block(begin, end, end - begin, size - end);
  }
  return codes;
}

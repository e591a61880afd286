//===- ErrorFeedback.h - Rounding that lets later weights make up -*-C++-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of GPTQ: weights are rounded column by column, and the columns to
// come absorb each column's error as far as the inputs' correlations permit.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_ERRORFEEDBACK_H
#define THIMBLE_COMPRESSION_NUMERICS_ERRORFEEDBACK_H

#include "thimble/Compression/Numerics/WeightGrid.h"

namespace thimble {

/// A Hessian made safe to divide by, and what rounding in order needs of it.
struct FeedbackOrder {
  /// K x K, damped: `damping` times the mean of the diagonal is added to it.
  /// Rows and columns of dead inputs have nothing but that.
  Eigen::MatrixXd hessian;
  /// Inputs that never vary: their weights become 0 (the bias takes them).
  std::vector<bool> isDead;
  /// The column that is rounded i-th: by falling diagonal, or i.
  std::vector<int64_t> order;
  /// Upper U with U^T U = inverse of the Hessian in that order.
  Eigen::MatrixXd factor;
  /// What prices of bits are relative to: the mean, over inputs that are not
  /// dead, of the variance that the inputs behind them in the order leave
  /// unexplained (1 / factor(i, i)^2), which is what an error costs after
  /// feedback. With it the best price hardly depends on the layer.
  double meanInnovation = 1;
};

/// Factors `hessian` (K x K second moments of the inputs, the bias
/// eliminated). If it is zero altogether the identity stands in for it; if it
/// can't be factored, the damping grows until it can. Columns are rounded by
/// falling diagonal unless they must be `inPlace`, one after another.
FeedbackOrder makeFeedbackOrder(const Eigen::MatrixXd &hessian,
                                double damping = 0.01, bool inPlace = false);

/// `target` (O x K) with the weights of dead inputs at 0.
Eigen::MatrixXd dropDeadInputs(const Eigen::MatrixXd &target,
                               const FeedbackOrder &order);

/// Rounds `target` (O x K) in that order. With `lengths` each code minimizes
/// its part of the error, as the columns to come will leave it, plus the price
/// of its bits.
/// Frantar, Ashkboos, Hoefler and Alistarh, "GPTQ", 2022, arXiv 2210.17323.
CodeMatrix roundInGptqOrder(const Eigen::MatrixXd &target,
                            const FeedbackOrder &order, const WeightGrid &grid,
                            const CodeLengths &lengths = {});

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_ERRORFEEDBACK_H

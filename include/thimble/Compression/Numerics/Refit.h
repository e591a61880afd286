//===- Refit.h - Weights for inputs that have changed -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a layer should compute is given by the float network; what it sees
// comes from layers that were quantized before it. Least squares finds weights
// that make up for the difference.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_REFIT_H
#define THIMBLE_COMPRESSION_NUMERICS_REFIT_H

#include <Eigen/Core>

namespace thimble {

/// Means over samples (and pixels) of products of x, the K inputs of a layer,
/// followed by a 1 for the bias, and y, its O wanted outputs.
struct LayerMoments {
  /// (K+1) x (K+1): mean of [x,1]^T [x,1].
  Eigen::MatrixXd inputs;
  /// (K+1) x O: mean of [x,1]^T y.
  Eigen::MatrixXd targets;
};

/// y = weights x + bias: O x K, and O.
struct AffineLayer {
  Eigen::MatrixXd weights;
  Eigen::VectorXd bias;
};

/// The Schur complement of the last row and column: K x K second moments of
/// the inputs about their mean. A bias that is optimal for whatever weights
/// leaves an error of (W-Q) H (W-Q)^T in this H.
Eigen::MatrixXd eliminateBias(const Eigen::MatrixXd &inputs);

/// Ridge regression of the targets on the inputs, pulled to `old` with a
/// strength of `lambda` times the mean of the diagonal of eliminateBias().
/// The bias is free. Inputs that are constant keep their old weights, and
/// directions of which the samples say nothing keep theirs nearly.
AffineLayer refitToTargets(const LayerMoments &moments, const AffineLayer &old,
                           double lambda = 1e-3);

/// The bias that minimizes the squared error of the outputs, given weights.
Eigen::VectorXd getOptimalBias(const LayerMoments &moments,
                               const Eigen::MatrixXd &weights);

/// Mean squared error of each output, without the part that no layer can
/// change: mean(y^2) is to be added.
Eigen::VectorXd getTargetErrors(const LayerMoments &moments,
                                const AffineLayer &layer);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_REFIT_H

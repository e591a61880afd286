//===- Moments.h - Second moments of a layer's inputs -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What least squares needs to know about the data of a layer.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_MOMENTS_H
#define THIMBLE_COMPRESSION_GRADIENT_MOMENTS_H

#include "thimble/Compression/Gradient/Execution.h"
#include <Eigen/Core>

namespace thimble::gradient {

/// Sums over all windows x (columns in the order of the layer's weights, and
/// a 1 behind them for the bias) and the targets y of their outputs. A
/// depthwise layer has matrices for each output channel, whose window is of
/// one channel; other layers have one.
struct LayerMoments {
  /// Sums of x x^T: columns + 1 squared.
  std::vector<Eigen::MatrixXd> inputs;
  /// Sums of x y^T: columns + 1 rows; a column for each output channel (of a
  /// depthwise layer: one).
  std::vector<Eigen::MatrixXd> cross;
  /// Sums of y^2, for each output channel.
  Eigen::VectorXd targetSquares;
  /// Windows that were summed.
  int64_t windows = 0;
};

/// Adds a batch to `moments`, which may be empty at first. `batch` holds the
/// input of `node`; `targets` are the wanted results (samples x size of the
/// node), or null for none. Products are of floats, at most some thousand
/// windows at once; sums of these are of doubles.
void accumulateMoments(const Network &network, NodeId node, const Batch &batch,
                       const float *targets, LayerMoments &moments,
                       const ExecutionOptions &options = {});

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_MOMENTS_H

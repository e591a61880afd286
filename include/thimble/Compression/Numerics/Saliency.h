//===- Saliency.h - Which weights a layer can do without --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The optimal brain surgeon: what the outputs lose with a weight, once all
// others have made up for it as well as they can.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_SALIENCY_H
#define THIMBLE_COMPRESSION_NUMERICS_SALIENCY_H

#include "thimble/Compression/Numerics/WeightGrid.h"

namespace thimble {

/// Which weights go together.
struct PruningPattern {
  enum class Kind {
    /// Each weight on its own.
    Unstructured,
    /// Of `m` consecutive columns of a row, `n` are kept.
    NOfM,
    /// Blocks of `rows` rows by `columns` consecutive columns; those at the
    /// edges are smaller.
    Blocks,
    /// An input channel: its column of every tap, in all rows.
    InputChannels,
    /// An output channel: a row.
    OutputChannels
  };
  Kind kind = Kind::Unstructured;
  int64_t n = 2, m = 4;
  int64_t rows = 1, columns = 1;
  /// Columns that are one tap (its input channels): n:m and blocks do not
  /// reach across taps. 0: all columns are of one tap.
  int64_t channels = 0;
};

struct PruningOptions {
  /// Share of the weights that become 0. The pattern n:m has its own.
  double sparsity = 0.5;
  /// As of RoundingOptions.
  double damping = 0.01;
  /// Above so many columns the losses are those of the full layer, not of what
  /// is left of it; survivors are compensated in any case. The exact order
  /// costs K^3/3 multiplications a row (or a row of blocks).
  int64_t exactLimit = 1152;
};

/// What is left of a layer.
struct PrunedWeights {
  /// O x K; false: the weight is 0.
  MaskMatrix kept;
  /// O x K: the survivors, compensated by least squares.
  Eigen::MatrixXd weights;
  /// tr((W-Q) H (W-Q)^T) with the Hessian as it was given.
  double objective = 0;
};

/// Prunes `target` (O x K) given `hessian` (K x K, the bias eliminated).
/// Weights go one by one, in each row (or row of blocks) the one of least loss
/// given those that are gone; of all rows the one whose next loss is least per
/// weight. Frantar and Alistarh, "Optimal Brain Compression", 2022, arXiv
/// 2208.11580; Hassibi and Stork, "Second order derivatives for network
/// pruning: Optimal Brain Surgeon", 1992.
PrunedWeights pruneWeights(const Eigen::MatrixXd &target,
                           const Eigen::MatrixXd &hessian,
                           const PruningPattern &pattern,
                           const PruningOptions &options = {});

/// The weights that are nearest to `target` in the metric of `hessian` (damped
/// as in pruneWeights) among those that are 0 outside `kept`.
Eigen::MatrixXd compensate(const Eigen::MatrixXd &target,
                           const Eigen::MatrixXd &hessian,
                           const MaskMatrix &kept, double damping = 0.01);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_SALIENCY_H

//===- WeightRounding.h - Codes that keep a layer's outputs -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the codes of a weight tensor so that what the layer computes stays
// as it was: error feedback, coordinate descent and least squares in turn.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_WEIGHTROUNDING_H
#define THIMBLE_COMPRESSION_NUMERICS_WEIGHTROUNDING_H

#include "thimble/Compression/Numerics/ErrorFeedback.h"

namespace thimble {

/// How much work roundWeights() does.
struct RoundingOptions {
  /// Share of the mean diagonal that is added to the Hessian, so that inputs
  /// which the samples hardly moved are not free to be wrong.
  double damping = 0.01;
  /// Error feedback; otherwise descent starts from the nearest codes.
  bool usesErrorFeedback = true;
  /// Scales tried around the fitted ones, if the grid came without scales and
  /// has 5 bits or less: each row keeps the one that serves it best.
  bool triesScales = true;
  /// Sweeps of coordinate descent before the grid is fitted again; 0: none.
  int sweeps = 8;
  /// Rounds of descent and fitting; ends early when nothing falls.
  int rounds = 4;
  /// Fits scales (and the codes of palettes) to the codes chosen.
  bool refitsGrid = true;
  /// After descent also moves two weights of a row at once.
  bool movesPairs = true;
  /// Choices that roundByBeam() keeps for each row; 0: it is not tried. A
  /// trellis needs at least one.
  int beamWidth = 32;
};

/// What roundWeights() chose.
struct RoundedWeights {
  /// O x K.
  CodeMatrix codes;
  /// The grid as it was fitted: scales, and lists of palettes.
  WeightGrid grid;
  /// tr((W-Q) H (W-Q)^T) with the Hessian as it was given.
  double objective = 0;
  /// Order-0 entropy of the codes.
  double bitsPerWeight = 0;

  /// The weights that the codes stand for, O x K.
  Eigen::MatrixXd getWeights() const { return grid.getWeights(codes); }
};

/// Codes for `target` (O x K) that minimize tr((W-Q) H (W-Q)^T) plus the price
/// of bits. `hessian`: K x K second moments of the inputs with the bias
/// eliminated. Never worse, in the damped metric, than the nearest codes on
/// the grid's (fitted) scales, unless these must follow a trellis. Then only a
/// beam finds codes, and a grid has its scales.
RoundedWeights roundWeights(const Eigen::MatrixXd &target,
                            const Eigen::MatrixXd &hessian,
                            const WeightGrid &grid,
                            const RoundingOptions &options = {});

/// The same for rows that each see inputs of their own, as those of a
/// depthwise convolution: `hessians[r]` is that of row r. Palettes keep their
/// codes.
RoundedWeights roundWeights(const Eigen::MatrixXd &target,
                            const std::vector<Eigen::MatrixXd> &hessians,
                            const WeightGrid &grid,
                            const RoundingOptions &options = {});

/// tr((W-Q) H (W-Q)^T): the squared error of the outputs, summed over rows.
double getOutputError(const Eigen::MatrixXd &target,
                      const Eigen::MatrixXd &rounded,
                      const Eigen::MatrixXd &hessian);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_WEIGHTROUNDING_H

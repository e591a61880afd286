//===- MomentAccumulator.h - Second moments over samples --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums what `thimble.moments` is the mean of.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_MOMENTACCUMULATOR_H
#define THIMBLE_LIB_COMPRESSION_MOMENTACCUMULATOR_H

#include "thimble/Compression/WeightGeometry.h"
#include <Eigen/Core>
#include <vector>

namespace thimble {

/// Products are of floats, at most some hundred windows at once; sums of these
/// are of doubles.
class MomentAccumulator {
public:
  explicit MomentAccumulator(const WeightGeometry &geometry);

  /// Adds one input tensor of the op.
  void add(const float *input);
  /// Adds what another accumulator of the same geometry has summed.
  void merge(const MomentAccumulator &other);
  /// The means, as getMoments gives them back.
  std::vector<Eigen::MatrixXd> getMeans() const;

private:
  using RowMatrix =
      Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  void addPatches(Eigen::MatrixXd &sum);

  WeightGeometry geometry;
  /// Lower triangles: one, or one for each input channel of a depthwise op.
  std::vector<Eigen::MatrixXd> sums;
  double windows = 0;
  RowMatrix patches;
  Eigen::MatrixXf block;
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_MOMENTACCUMULATOR_H

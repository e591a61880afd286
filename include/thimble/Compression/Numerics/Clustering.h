//===- Clustering.h - Few values that stand for many ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weighted k-means in one dimension, exactly, and the palettes of tensors and
// of channels that it gives.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_CLUSTERING_H
#define THIMBLE_COMPRESSION_NUMERICS_CLUSTERING_H

#include "thimble/Compression/Numerics/WeightGrid.h"

namespace thimble {

/// What stands for the values, and at what cost.
struct Clusters {
  /// Ascending, distinct.
  std::vector<double> centers;
  /// Sum of weight * squared distance to the nearest center.
  double cost = 0;
};

/// At most `count` centers of least cost: the exact optimum. With
/// `includesZero` one of them is 0 (the optimum among such). Values without
/// weight don't count; without any value there is one center, 0. Dynamic
/// programming over the sorted values in O(count n log n) steps and O(count n)
/// memory: Wang and Song,
/// "Ckmeans.1d.dp", The R Journal 3/2, 2011; Song and Zhong, "Efficient
/// weighted univariate clustering", Bioinformatics 36, 2020.
Clusters findClusters(const std::vector<double> &values,
                      const std::vector<double> &weights, int64_t count,
                      bool includesZero = false);

/// How a palette is made.
struct PaletteOptions {
  /// At most so many codes.
  int64_t entries = 16;
  /// One code is 0.
  bool includesZero = false;
  /// Weights that do not count and will be 0: where false. Empty: none.
  MaskMatrix kept;
};

/// One palette for all of `target` (O x K), whose rows are first divided by
/// their root mean square, and scales that give it back. `columnWeights`: K,
/// the diagonal of the Hessian; all zero counts as all one. The largest code
/// is 127 or -127; centers that round to one code become one.
WeightGrid makeTensorPalette(const Eigen::MatrixXd &target,
                             const Eigen::VectorXd &columnWeights,
                             const PaletteOptions &options);

/// A palette for each row.
WeightGrid makeRowPalettes(const Eigen::MatrixXd &target,
                           const Eigen::VectorXd &columnWeights,
                           const PaletteOptions &options);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_CLUSTERING_H

//===- SplitLayer.h - One op becomes two ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the two thinner ops of a factorization.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_SPLITLAYER_H
#define THIMBLE_LIB_COMPRESSION_SPLITLAYER_H

#include "thimble/Compression/Numerics/LowRank.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

namespace thimble {

/// The numbers of two ops that stand for one.
struct LayerSplit {
  int64_t rank = 0; ///< channels between them
  /// One convolution along the columns of the window, then one along its rows;
  /// otherwise the whole window, then a pointwise one.
  bool isSpatial = false;
  LowRankFactors factors;
  Eigen::VectorXd firstBiases, secondBiases;
};

/// Whether splitLayer() takes the op: a conv_2d or fully_connected of floats.
bool canSplit(WeightedOp op);

/// Makes `op` the second of two and returns the first, which has the id
/// `<id>.low`. What `op` computes it computes still, its moments are gone.
WeightedOp splitLayer(WeightedOp op, const LayerSplit &split);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_SPLITLAYER_H

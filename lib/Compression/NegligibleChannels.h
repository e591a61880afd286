//===- NegligibleChannels.h - Channels that hardly matter -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Training leaves channels whose weights are nearly zero. What is theirs can
// become exactly zero, and then the channels can go.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_NEGLIGIBLECHANNELS_H
#define THIMBLE_LIB_COMPRESSION_NEGLIGIBLECHANNELS_H

#include "thimble/Compression/Numerics/WeightGrid.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

namespace thimble {

/// Which channels of a layer matter.
struct ChannelUse {
  std::vector<bool> outputs; ///< by row
  std::vector<bool> inputs;  ///< empty for depthwise convolutions

  /// Rows x columns: false where the row or the channel of the column is not
  /// used.
  MaskMatrix getKept(int64_t columns) const;
};

/// An output channel matters if one of its weights is above `threshold` times
/// the weight's largest magnitude. So does an input channel, and only if its
/// part of the results' variance, tr(W_c H_cc W_c^T) of tr(W H W^T), is above
/// the square of `threshold`, where moments are known.
ChannelUse findChannelUse(WeightedOp op, const Eigen::MatrixXd &weights,
                          double threshold);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_NEGLIGIBLECHANNELS_H

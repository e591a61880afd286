//===- WeightGeometry.h - A weight as matrices ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every op with a weight multiplies matrices: a group of output channels (rows)
// with the numbers of a window (columns). Compression works on these matrices
// and need not know whether it is a convolution.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_WEIGHTGEOMETRY_H
#define THIMBLE_COMPRESSION_WEIGHTGEOMETRY_H

#include "thimble/Compression/Numerics/Patches.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

namespace thimble {

/// The matrices of a weight: `groups` of `rows` x `columns`.
///
/// conv_2d and fully_connected have one group, a row for each output channel,
/// and as columns the numbers of a window in the order of OHWI weights. A
/// depthwise convolution has a group of one row for each output channel; its
/// columns are the taps, which read one input channel.
struct WeightGeometry {
  int64_t groups = 1;
  int64_t rows = 1;
  int64_t columns = 1;
  /// Windows over one image of the input. For depthwise convolutions,
  /// gatherChannelPatches gives the columns of a group.
  PatchGeometry patches;
  /// Images that the input holds (its dimension 0); 1 for products.
  int64_t images = 1;
  bool isDepthwise = false;
  /// Elements from one weight to the next row or group, and column.
  int64_t channelStride = 0, columnStride = 1;

  /// The geometry of the op's weight operand.
  static WeightGeometry of(WeightedOp op);

  /// Output channels: rows of all groups.
  int64_t getChannels() const { return groups * rows; }
  /// Elements of the weight tensor.
  int64_t getWeights() const { return groups * rows * columns; }
  /// The output channel that a row is.
  int64_t channel(int64_t group, int64_t row) const {
    return group * rows + row;
  }
  /// Where a weight is in the tensor.
  int64_t flatIndex(int64_t group, int64_t row, int64_t column) const {
    return channel(group, row) * channelStride + column * columnStride;
  }
  /// The input channel that a group of a depthwise convolution reads.
  int64_t inputChannel(int64_t group) const {
    return group / (groups / patches.channels);
  }
};

} // namespace thimble

#endif // THIMBLE_COMPRESSION_WEIGHTGEOMETRY_H

//===- ContractionChannels.h - Channels of products -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How channels flow through int8 conv_2d, depthwise_conv_2d and
// fully_connected: which they read, what they can be, and how an op with fewer
// of them accounts for those that were constant.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_CONTRACTIONCHANNELS_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_CONTRACTIONCHANNELS_H

#include "Convolution.h"

namespace thimble {

/// Where the elements that one tap of a window reads lie, over all positions of
/// the window.
struct TapReach {
  bool inside = true;   ///< in the image, somewhere
  bool outside = false; ///< in the padding (the zero point), somewhere
};
/// One entry a tap, row by row.
llvm::SmallVector<TapReach> tapReaches(const WindowGeometry &geometry);

/// The sums that an output channel can come to: all lie in [low, high] modulo
/// 2^32.
struct AccumulatorRange {
  int64_t low = 0, high = 0;
};

/// The filter of an int8 contraction as weights of (output, tap, input
/// channel). Depthwise, the only input channel of output o is o / multiplier.
class ContractionChannels {
public:
  static ContractionChannels of(Conv2DOp op);
  static ContractionChannels of(DepthwiseConv2DOp op);
  static ContractionChannels of(FullyConnectedOp op);

  ChannelRanges infer(llvm::ArrayRef<ChannelRanges> operands) const;
  void keepNeeded(ChannelFlow &flow) const;
  mlir::Operation *rebuild(mlir::OpBuilder &builder, mlir::ValueRange operands,
                           const ChannelFlow &flow) const;

private:
  ContractionChannels(mlir::Operation *op, int64_t channelAxis);

  int32_t weight(int64_t output, int64_t tap, int64_t input) const;
  /// The input channels that `output` multiplies: [first, last).
  std::pair<int64_t, int64_t> inputsOf(int64_t output) const;
  AccumulatorRange accumulatorRange(int64_t output,
                                    const ChannelRanges &input) const;
  ChannelRange outputRange(int64_t output, AccumulatorRange range) const;
  /// Channel `input`, which holds `number`, adds the same to every element of
  /// `output`: no weight that counts is on padding.
  bool canFold(int64_t output, int64_t input, int32_t number) const;
  void keepRead(int64_t output, ChannelFlow &flow) const;
  /// The bias of a rebuilt output channel.
  int32_t foldedBias(int64_t output, const ChannelFlow &flow) const;
  mlir::Value rebuildFilter(mlir::OpBuilder &builder,
                            const ChannelFlow &flow) const;
  mlir::Value rebuildBias(mlir::OpBuilder &builder,
                          const ChannelFlow &flow) const;

  mlir::Operation *op;
  int64_t channelAxis;
  bool depthwise = false;
  /// False if a row of the tensor is no row of the op: its channels all stay.
  bool tracksInput = true, tracksOutput = true;
  int64_t outputs, inputs;
  llvm::SmallVector<TapReach> taps;
  std::vector<uint8_t> weights;
  llvm::SmallVector<int32_t> bias;
  llvm::SmallVector<QuantizedMultiplier> multipliers;
  int32_t inputZeroPoint, outputZeroPoint;
  ClampRange clamp;
};

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_CONTRACTIONCHANNELS_H

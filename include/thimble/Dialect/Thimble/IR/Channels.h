//===- Channels.h - How channels flow through an op -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ops tell passes about channels. A channel is one index of a tensor's
// last dimension; a tensor of rank 0 has one.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_CHANNELS_H
#define THIMBLE_DIALECT_THIMBLE_IR_CHANNELS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "thimble/Support/QuantizedParameters.h"
#include "llvm/ADT/BitVector.h"

#include <vector>

namespace thimble {

/// Inclusive bounds of the numbers that an int8 channel holds as stored, over
/// all elements of the channel and all inputs of the network.
struct ChannelRange {
  int32_t min = -128;
  int32_t max = 127;

  bool isConstant() const { return min == max; }
  /// Widens the range to hold `other` as well.
  void include(ChannelRange other) {
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
};
/// One range a channel.
using ChannelRanges = std::vector<ChannelRange>;

/// What is known of the channels around one op, and which of them stay. An
/// operand that is constant has a set of its own: another use of the same
/// constant may keep other channels.
struct ChannelFlow {
  llvm::SmallVector<ChannelRanges> operandRanges;
  ChannelRanges resultRanges;
  llvm::SmallVector<llvm::BitVector> operands; ///< channels that stay
  llvm::BitVector result;                      ///< channels that stay

  /// Channel `channel` of operand `index` holds one number everywhere.
  bool isConstant(unsigned index, int64_t channel) const {
    return operandRanges[index][channel].isConstant();
  }
};

/// The bounds of clamp(accumulator * multiplier + zero point) for an
/// accumulator that is congruent to a number in [low, high] modulo 2^32. One
/// number gives one number; where the fixed-point arithmetic could wrap within
/// the bounds, nothing but the clamp is known.
ChannelRange requantizedRange(int64_t low, int64_t high,
                              QuantizedMultiplier multiplier,
                              int32_t outputZeroPoint, ClampRange clamp);

/// The bounds of each channel of a constant per-tensor int8 operand.
ChannelRanges constantRanges(mlir::Value constant);

/// The least range that holds all.
ChannelRange hull(llvm::ArrayRef<ChannelRange> ranges);

/// What element-by-element ops share; the defaults of ChannelwiseOp.
/// @{
/// The range of each table entry (see TabulatedOp); unknown without a table.
ChannelRanges inferElementwiseRanges(mlir::Operation *op,
                                     llvm::ArrayRef<ChannelRanges> operands);
/// Channel c of the result stays if and only if that of each operand does; an
/// operand of one channel stays as long as anything does.
void keepSameChannels(ChannelFlow &flow);
/// The same op with fewer channels; constant operands are sliced.
mlir::Operation *rebuildElementwise(mlir::Operation *op,
                                    mlir::OpBuilder &builder,
                                    mlir::ValueRange operands,
                                    const ChannelFlow &flow);
/// @}

/// Everything stays: for ops whose channels mix.
void keepAllChannels(ChannelFlow &flow);

/// `type` with another last dimension.
mlir::RankedTensorType withLastDimension(mlir::RankedTensorType type,
                                         int64_t size);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_CHANNELS_H

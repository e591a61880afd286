//===- WeightLayout.h - The order in which a nest reads weights -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A neutral description of a table of weights: an encoding stores the weights
// in the order of the table and can still restore the order of the tensor.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_WEIGHTLAYOUT_H
#define THIMBLE_LOOPNEST_WEIGHTLAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace thimble {

/// Groups of `lanes` output channels lie one after the other. In a group the
/// weights of one place of the window (row, column, input channel) lie side by
/// side, one a lane:
///
///   table[(group * depth + place) * lanes + lane] =
///       weight(min(group * lanes, channels - lanes) + lane, place)
///
/// So the last group ends with the last channel, and repeats channels of the
/// group before it if `lanes` does not divide `channels`. Positions, sizes and
/// indices count elements.
struct WeightLayout {
  int64_t channels = 0; ///< output channels, at least `lanes`
  int64_t depth = 0;    ///< weights of one output channel
  int64_t lanes = 1;
  /// The tensor's channels are its innermost dimension (1HWC, depthwise
  /// convolutions) and not its outermost one (OHWI, all others).
  bool channelsInnermost = false;

  /// True if the table holds the tensor as it is.
  bool isIdentity() const;
  int64_t tensorSize() const { return channels * depth; }
  int64_t tableSize() const { return position(channels); }
  /// Where the table's part for the range of channels that ends before
  /// `channel` ends; the next one's begins there. `channel` is a multiple of
  /// `lanes` or `channels`.
  int64_t position(int64_t channel) const {
    return (channel + lanes - 1) / lanes * lanes * depth;
  }
  int64_t channelAt(int64_t position) const;
  /// The index in the tensor of the weight at a position of the table: onto,
  /// and one to one if no channels are repeated.
  int64_t sourceIndex(int64_t position) const;

  /// The bytes of the table that holds a tensor, and the other way round.
  std::vector<uint8_t> arrange(llvm::ArrayRef<uint8_t> tensor,
                               int64_t elementBytes) const;
  std::vector<uint8_t> restore(llvm::ArrayRef<uint8_t> table,
                               int64_t elementBytes) const;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_WEIGHTLAYOUT_H

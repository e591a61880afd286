//===- SparseWeights.h - Weights without their blocks of zeros --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A neutral description of structured zeros: what a nest that skips them needs
// to know, however they are stored elsewhere.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_SPARSEWEIGHTS_H
#define THIMBLE_LOOPNEST_SPARSEWEIGHTS_H

#include "thimble/LoopNest/SparseBlocks.h"
#include "thimble/LoopNest/WindowGeometry.h"

namespace thimble {

/// The blocks of an int8 weight that are not all zero.
struct SparseWeights {
  struct Block {
    int64_t tap;     ///< row * kernelWidth + column of the window
    int64_t channel; ///< the first input channel
    /// rows * columns weights, input channel by input channel.
    std::vector<uint8_t> values;
  };
  /// `rows` output channels from `channel` on; its blocks in order.
  struct Group {
    int64_t channel;
    std::vector<Block> blocks;
  };

  /// The shape of every block.
  int64_t rows, columns;
  /// The last one begins where it ends with the last output channel: it repeats
  /// channels if `rows` does not divide them.
  std::vector<Group> groups;

  /// `weights` are in TFLite's OHWI order. Blocks wider than a tap or higher
  /// than the output channels are cut down to those. The last block of a tap
  /// begins where it ends with the last input channel; weights that belong to
  /// the block before it are zero in it.
  static SparseWeights get(llvm::ArrayRef<uint8_t> weights,
                           const WindowGeometry &geometry, SparseBlocks shape);

  int64_t blockCount() const;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_SPARSEWEIGHTS_H

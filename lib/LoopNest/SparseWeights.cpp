//===- SparseWeights.cpp - Weights without their blocks of zeros ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks are found in the numbers themselves: whoever stored them may have
// grouped them otherwise.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/SparseWeights.h"

using namespace thimble;

SparseWeights SparseWeights::get(llvm::ArrayRef<uint8_t> weights,
                                 const WindowGeometry &g, SparseBlocks shape) {
  SparseWeights sparse;
  sparse.rows = std::min(shape.rows, g.outputChannels);
  sparse.columns = std::min(shape.columns, g.inputChannels);
  int64_t taps = g.kernelHeight * g.kernelWidth;
  assert(int64_t(weights.size()) == g.outputChannels * taps * g.inputChannels);
  auto blockAt = [&](int64_t row, int64_t tap, int64_t owned) {
    Block block{tap, std::min(owned, g.inputChannels - sparse.columns), {}};
    for (int64_t c = 0; c < sparse.columns; ++c)
      for (int64_t r = 0; r < sparse.rows; ++r) {
        int64_t channel = block.channel + c;
        int64_t index = ((row + r) * taps + tap) * g.inputChannels + channel;
        block.values.push_back(channel < owned ? 0 : weights[index]);
      }
    return block;
  };
  for (int64_t row = 0; row < g.outputChannels; row += sparse.rows) {
    Group group{std::min(row, g.outputChannels - sparse.rows), {}};
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t c = 0; c < g.inputChannels; c += sparse.columns) {
        Block block = blockAt(group.channel, tap, c);
        if (llvm::any_of(block.values, [](uint8_t w) { return w != 0; }))
          group.blocks.push_back(std::move(block));
      }
    sparse.groups.push_back(std::move(group));
  }
  return sparse;
}

int64_t SparseWeights::blockCount() const {
  int64_t count = 0;
  for (const Group &group : groups)
    count += int64_t(group.blocks.size());
  return count;
}

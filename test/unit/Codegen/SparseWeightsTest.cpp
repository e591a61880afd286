//===- SparseWeightsTest.cpp - Weights without their blocks of zeros ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every weight is in a block of its row, whatever the sizes.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/SparseWeights.h"
#include "BlockWeights.h"
#include "ReferenceConvolution.h"
#include "gtest/gtest.h"

using namespace thimble;
using namespace thimble::test;

static WindowGeometry geometryOf(const WindowShape &shape) {
  WindowGeometry g;
  g.inputChannels = shape.channels;
  g.outputChannels = shape.outputChannels;
  g.kernelHeight = shape.kernelH;
  g.kernelWidth = shape.kernelW;
  return g;
}

TEST(SparseWeightsTest, BlocksHoldEveryWeightOnce) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    WindowShape shape;
    shape.channels = random.pick(1, 19);
    shape.outputChannels = random.pick(1, 13);
    shape.kernelH = random.pick(1, 3);
    shape.kernelW = random.pick(1, 3);
    SparseBlocks blocks{random.pick(1, 5), random.pick(1, 5)};
    Bytes weights =
        blockWeights(random, shape, blocks, random.oneOf({0, 50, 95, 100}));
    SparseWeights sparse =
        SparseWeights::get(weights, geometryOf(shape), blocks);
    int64_t taps = shape.kernelH * shape.kernelW, rows = sparse.rows;
    std::vector<int> found(weights.size(), 0), seen(shape.outputChannels, 0);
    for (const SparseWeights::Group &group : sparse.groups) {
      ASSERT_LE(group.channel + rows, shape.outputChannels);
      for (int64_t r = 0; r < rows; ++r)
        ++seen[group.channel + r];
      std::pair<int64_t, int64_t> last = {-1, -1};
      for (const SparseWeights::Block &block : group.blocks) {
        auto at = std::pair(block.tap, block.channel);
        ASSERT_LT(last, at) << "blocks are in order";
        last = at;
        ASSERT_LE(block.channel + sparse.columns, shape.channels);
        bool isZero = true;
        for (int64_t i = 0; i < rows * sparse.columns; ++i) {
          int64_t row = group.channel + i % rows;
          int64_t channel = block.channel + i / rows;
          int64_t index = (row * taps + block.tap) * shape.channels + channel;
          isZero &= block.values[i] == 0;
          // A channel of two groups is found twice.
          found[index] += static_cast<int8_t>(block.values[i]);
        }
        EXPECT_FALSE(isZero);
      }
    }
    int64_t depth = taps * shape.channels;
    for (size_t i = 0; i < weights.size(); ++i)
      ASSERT_EQ(found[i], seen[i / depth] * static_cast<int8_t>(weights[i]));
  }
}

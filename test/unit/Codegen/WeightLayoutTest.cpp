//===- WeightLayoutTest.cpp - The order in which nests read weights -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Properties of every layout, on random sizes.
//
//===----------------------------------------------------------------------===//

#include "OpModel.h"
#include "thimble/LoopNest/StepSpec.h"
#include "gtest/gtest.h"

using namespace thimble;
using namespace thimble::test;

static WeightLayout randomLayout(Random &random) {
  WeightLayout layout;
  layout.lanes = random.oneOf<int64_t>({1, 2, 4});
  layout.channels = random.pick(layout.lanes, 21);
  layout.depth = random.pick(1, 30);
  layout.channelsInnermost = random.pick(0, 1);
  return layout;
}

/// Each element of two bytes is its channel and its place in the window.
static Bytes numberedTensor(const WeightLayout &layout) {
  Bytes tensor(layout.tensorSize() * 2);
  for (int64_t c = 0; c < layout.channels; ++c)
    for (int64_t k = 0; k < layout.depth; ++k) {
      int64_t index = layout.channelsInnermost ? k * layout.channels + c
                                               : c * layout.depth + k;
      tensor[2 * index] = uint8_t(c);
      tensor[2 * index + 1] = uint8_t(k);
    }
  return tensor;
}

TEST(WeightLayoutTest, EveryWeightLiesWhereTheGroupsSay) {
  Random random(7);
  for (int i = 0; i < 200; ++i) {
    WeightLayout layout = randomLayout(random);
    Bytes tensor = numberedTensor(layout);
    Bytes table = layout.arrange(tensor, 2);
    ASSERT_EQ(int64_t(table.size()), layout.tableSize() * 2);
    for (int64_t p = 0; p < layout.tableSize(); ++p) {
      int64_t group = p / layout.lanes / layout.depth;
      int64_t first = group * layout.lanes;
      if (first + layout.lanes > layout.channels)
        first = layout.channels - layout.lanes;
      ASSERT_EQ(table[2 * p], first + p % layout.lanes);
      ASSERT_EQ(table[2 * p + 1], p / layout.lanes % layout.depth);
      ASSERT_EQ(layout.channelAt(p), table[2 * p]);
    }
    EXPECT_EQ(layout.restore(table, 2), tensor);
    EXPECT_EQ(layout.isIdentity(), table == tensor);
  }
}

TEST(WeightLayoutTest, RangesOfChannelsAreContiguous) {
  Random random(8);
  for (int i = 0; i < 200; ++i) {
    WeightLayout layout = randomLayout(random);
    StepSpec spec;
    spec.channels = layout.channels;
    spec.channelGranule = layout.lanes;
    auto bounds = channelBounds(spec, random.pick(1, layout.channels));
    ASSERT_EQ(bounds.front(), 0);
    ASSERT_EQ(bounds.back(), layout.channels);
    for (size_t r = 0; r + 1 < bounds.size(); ++r) {
      ASSERT_EQ(bounds[r] % layout.lanes, 0);
      ASSERT_GE(bounds[r + 1] - bounds[r], layout.lanes);
      for (int64_t p = layout.position(bounds[r]);
           p < layout.position(bounds[r + 1]); ++p) {
        ASSERT_GE(layout.channelAt(p), bounds[r]);
        ASSERT_LT(layout.channelAt(p), bounds[r + 1]);
      }
    }
  }
}

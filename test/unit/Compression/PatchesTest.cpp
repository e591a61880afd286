//===- PatchesTest.cpp - Tests of gathering and scattering windows --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against a product with every tap spelled out, and against the definition of
// a transpose.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Patches.h"
#include "gtest/gtest.h"
#include <random>
#include <vector>

using namespace thimble;

namespace {

std::vector<float> randomFloats(int64_t count, std::mt19937 &random) {
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> floats(count);
  for (float &value : floats)
    value = uniform(random);
  return floats;
}

PatchGeometry randomGeometry(std::mt19937 &random) {
  auto upTo = [&](int64_t last) {
    return std::uniform_int_distribution<int64_t>(1, last)(random);
  };
  PatchGeometry g;
  g.inputHeight = upTo(7), g.inputWidth = upTo(7), g.channels = upTo(4);
  g.kernelHeight = upTo(3), g.kernelWidth = upTo(3);
  g.strideHeight = upTo(2), g.strideWidth = upTo(2);
  g.dilationHeight = upTo(2), g.dilationWidth = upTo(2);
  g.paddingTop = upTo(3) - 1, g.paddingLeft = upTo(3) - 1;
  g.outputHeight = upTo(5), g.outputWidth = upTo(5);
  return g;
}

TEST(Patches, FourPixelsByHand) {
  PatchGeometry g;
  g.inputHeight = g.inputWidth = g.outputHeight = g.outputWidth = 2;
  g.kernelHeight = g.kernelWidth = 2;
  float image[] = {1, 2, 3, 4};
  std::vector<float> matrix(16);
  gatherPatches(g, image, matrix.data());
  EXPECT_EQ(matrix, (std::vector<float>{1, 2, 3, 4, 2, 0, 4, 0, 3, 4, 0, 0, 4,
                                        0, 0, 0}));
}

TEST(Patches, ChannelIsTheSameColumns) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 50; ++trial) {
    PatchGeometry g = randomGeometry(random);
    auto image =
        randomFloats(g.inputHeight * g.inputWidth * g.channels, random);
    std::vector<float> all(g.getRows() * g.getColumns());
    std::vector<float> one(g.getRows() * g.getTaps());
    gatherPatches(g, image.data(), all.data());
    for (int64_t channel = 0; channel < g.channels; ++channel) {
      gatherChannelPatches(g, channel, image.data(), one.data());
      for (size_t i = 0; i < one.size(); ++i)
        ASSERT_EQ(one[i], all[i * g.channels + channel]);
    }
  }
}

TEST(Patches, ScatterIsTheTranspose) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 50; ++trial) {
    PatchGeometry g = randomGeometry(random);
    auto image =
        randomFloats(g.inputHeight * g.inputWidth * g.channels, random);
    auto matrix = randomFloats(g.getRows() * g.getColumns(), random);
    std::vector<float> gathered(matrix.size()), scattered(image.size());
    gatherPatches(g, image.data(), gathered.data());
    scatterPatches(g, matrix.data(), scattered.data());
    double left = 0, right = 0;
    for (size_t i = 0; i < matrix.size(); ++i)
      left += double(gathered[i]) * matrix[i];
    for (size_t i = 0; i < image.size(); ++i)
      right += double(image[i]) * scattered[i];
    EXPECT_NEAR(left, right, 1e-4);
  }
}

} // namespace

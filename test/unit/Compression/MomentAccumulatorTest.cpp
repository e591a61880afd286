//===- MomentAccumulatorTest.cpp - Second moments over samples ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against sums in doubles over windows that are walked by index.
//
//===----------------------------------------------------------------------===//

#include "MomentAccumulator.h"
#include "gtest/gtest.h"
#include <random>

using namespace thimble;

static WeightGeometry geometryOf(bool isDepthwise) {
  WeightGeometry geometry;
  PatchGeometry &p = geometry.patches;
  p.inputHeight = 33;
  p.inputWidth = 20;
  p.channels = 3;
  p.kernelHeight = 3;
  p.kernelWidth = 2;
  p.paddingTop = 1;
  p.dilationWidth = 2;
  p.outputHeight = 33;
  p.outputWidth = 18;
  geometry.isDepthwise = isDepthwise;
  geometry.images = 2;
  geometry.columns = isDepthwise ? 6 : 18;
  (isDepthwise ? geometry.groups : geometry.rows) = isDepthwise ? 6 : 4;
  return geometry;
}

/// The number that a column of a window reads.
static double windowNumber(const WeightGeometry &geometry, const float *image,
                           int64_t group, int64_t y, int64_t x,
                           int64_t column) {
  const PatchGeometry &p = geometry.patches;
  if (column == geometry.columns)
    return 1;
  int64_t channels = geometry.isDepthwise ? 1 : p.channels;
  int64_t tap = column / channels;
  int64_t channel =
      geometry.isDepthwise ? geometry.inputChannel(group) : column % channels;
  int64_t row = y + tap / p.kernelWidth - p.paddingTop;
  int64_t place = x + tap % p.kernelWidth * p.dilationWidth;
  if (row < 0 || row >= p.inputHeight)
    return 0;
  return image[(row * p.inputWidth + place) * p.channels + channel];
}

TEST(MomentAccumulator, IsTheMeanOfOuterProducts) {
  for (bool isDepthwise : {false, true}) {
    WeightGeometry geometry = geometryOf(isDepthwise);
    const PatchGeometry &p = geometry.patches;
    int64_t pixels = p.inputHeight * p.inputWidth * p.channels;
    std::mt19937 engine(5);
    std::vector<float> inputs(pixels * 4);
    for (float &value : inputs)
      value = static_cast<float>(engine() % 2001) / 1000 - 0.5f;
    MomentAccumulator first(geometry), second(geometry);
    first.add(inputs.data());
    second.add(inputs.data() + 2 * pixels);
    first.merge(second);
    std::vector<Eigen::MatrixXd> means = first.getMeans();
    ASSERT_EQ(static_cast<int64_t>(means.size()), geometry.groups);
    for (int64_t group = 0; group < geometry.groups; ++group)
      for (int64_t i = 0; i <= geometry.columns; ++i)
        for (int64_t j = 0; j <= geometry.columns; ++j) {
          double sum = 0;
          for (int64_t image = 0; image < 4; ++image)
            for (int64_t y = 0; y < p.outputHeight; ++y)
              for (int64_t x = 0; x < p.outputWidth; ++x) {
                const float *from = &inputs[image * pixels];
                sum += windowNumber(geometry, from, group, y, x, i) *
                       windowNumber(geometry, from, group, y, x, j);
              }
          EXPECT_NEAR(means[group](i, j), sum / (4 * p.getRows()), 1e-5)
              << group << " " << i << " " << j;
        }
  }
}

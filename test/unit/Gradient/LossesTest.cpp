//===- LossesTest.cpp - Tests of losses, steps and samples ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Losses by hand and against finite differences; the parts of a training.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Losses.h"
#include "RandomNetwork.h"
#include "thimble/Compression/Gradient/Adam.h"
#include "thimble/Compression/Gradient/Samples.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

namespace {

TEST(Losses, KullbackLeiblerByHand) {
  // Logits whose softmax at temperature 2 is 1/2, 1/2 and 3/4, 1/4.
  float teacher[] = {1, 1};
  float student[] = {2 * std::log(3.0f), 0};
  double expected = 4 * (0.5 * std::log(0.5 / 0.75) + 0.5 * std::log(2.0));
  EXPECT_NEAR(addKullbackLeibler(student, teacher, 1, 2, 2, 1, nullptr),
              expected, 1e-6);
  EXPECT_NEAR(addKullbackLeibler(student, student, 1, 2, 2, 1, nullptr), 0,
              1e-12);
}

TEST(Losses, DerivativesAreFiniteDifferences) {
  std::mt19937 random(1);
  std::vector<float> student = randomFloats(12, random, 3);
  std::vector<float> teacher = randomFloats(12, random, 3);
  std::vector<float> kl(12), squares(12);
  auto computeKl = [&](float *gradient) {
    return addKullbackLeibler(student.data(), teacher.data(), 3, 4, 2, 0.7,
                              gradient);
  };
  auto computeSquares = [&](float *gradient) {
    return addSquaredError(student.data(), teacher.data(), 12, 0.7, gradient);
  };
  computeKl(kl.data());
  computeSquares(squares.data());
  const float step = 1.0f / 64;
  for (int i = 0; i < 12; ++i) {
    float kept = student[i];
    student[i] = kept + step;
    double klAbove = computeKl(nullptr), above = computeSquares(nullptr);
    student[i] = kept - step;
    double klBelow = computeKl(nullptr), below = computeSquares(nullptr);
    student[i] = kept;
    EXPECT_NEAR(kl[i], (klAbove - klBelow) / (2 * step), 1e-4);
    EXPECT_NEAR(squares[i], (above - below) / (2 * step), 1e-4);
  }
}

TEST(Adam, TakesStepsOfTheRateToTheMinimum) {
  Adam adam(2);
  float x[] = {1, -2}, by[] = {2, -4e-3f};
  adam.step(x, by, 0.1f);
  EXPECT_NEAR(x[0], 0.9f, 1e-6);
  EXPECT_NEAR(x[1], -1.9f, 1e-6);
  for (int i = 0; i < 400; ++i) {
    float slope[] = {2 * x[0], 2e-3f * (x[1] - 3)};
    adam.step(x, slope, 0.1f * getCosineFactor(i, 400));
  }
  EXPECT_NEAR(x[0], 0, 1e-3);
  EXPECT_NEAR(x[1], 3, 1e-3);
}

TEST(Samples, SplitsIntoDisjointParts) {
  RandomSequence random(3);
  SampleSplit split = splitSamples(100, 8, random);
  EXPECT_EQ(split.validation.size(), 12u);
  std::vector<uint64_t> all = split.training;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
  std::sort(all.begin(), all.end());
  for (uint64_t i = 0; i < 100; ++i)
    EXPECT_EQ(all[i], i);
  SampleSplit single = splitSamples(1, 8, random);
  EXPECT_EQ(single.training, single.validation);
}

TEST(Samples, AugmentationMovesAndMirrors) {
  RandomSequence random(4);
  ImageAugmentation augmentation{1, 4, 2, true, 1};
  bool wasMirrored = false, wasMoved = false, wasKept = false;
  for (int i = 0; i < 100; ++i) {
    std::vector<float> image = {1, -1, 2, -2, 3, -3, 4, -4};
    augmentation.apply(image.data(), random);
    for (int x = 0; x < 4; ++x)
      EXPECT_EQ(image[2 * x], -image[2 * x + 1]);
    std::vector<float> row = {image[0], image[2], image[4], image[6]};
    wasMirrored |= row == std::vector<float>{4, 3, 2, 1};
    wasMoved |= row == std::vector<float>{1, 1, 2, 3};
    wasKept |= row == std::vector<float>{1, 2, 3, 4};
    float jump = std::abs(row[0] - row[3]);
    EXPECT_TRUE(jump == 2 || jump == 3);
  }
  EXPECT_TRUE(wasMirrored && wasMoved && wasKept);
}

} // namespace

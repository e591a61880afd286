//===- Samples.cpp - Where training takes its samples from ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything random comes from one sequence, drawn on one thread.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Samples.h"
#include <algorithm>
#include <cassert>
#include <numeric>

using namespace thimble;
using namespace thimble::gradient;

uint64_t RandomSequence::next() {
  state += 0x9E3779B97F4A7C15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

void RandomSequence::shuffle(std::vector<uint64_t> &numbers) {
  for (size_t i = numbers.size(); i > 1; --i)
    std::swap(numbers[i - 1], numbers[below(i)]);
}

void ImageAugmentation::apply(float *image, RandomSequence &random) const {
  bool isMirrored = random.below(2) == 1 && isFlipped;
  int64_t span = 2 * largestShift + 1;
  int64_t down = static_cast<int64_t>(random.below(span)) - largestShift;
  int64_t right = static_cast<int64_t>(random.below(span)) - largestShift;
  std::vector<float> from(image, image + height * width * channels);
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x) {
      int64_t row = std::clamp<int64_t>(y - down, 0, height - 1);
      int64_t column = std::clamp<int64_t>(x - right, 0, width - 1);
      if (isMirrored)
        column = width - 1 - column;
      std::copy_n(from.data() + (row * width + column) * channels, channels,
                  image + (y * width + x) * channels);
    }
}

SampleSplit thimble::gradient::splitSamples(uint64_t count, uint64_t part,
                                            RandomSequence &random) {
  assert(count > 0 && part > 1 && "expected samples to split");
  std::vector<uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), uint64_t(0));
  if (count == 1)
    return {numbers, numbers};
  random.shuffle(numbers);
  auto middle = numbers.begin() + std::max<uint64_t>(count / part, 1);
  SampleSplit split;
  split.validation.assign(numbers.begin(), middle);
  split.training.assign(middle, numbers.end());
  return split;
}

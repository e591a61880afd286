//===- Samples.h - Where training takes its samples from --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples by number, shuffled, split and, if they are images, augmented.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_SAMPLES_H
#define THIMBLE_COMPRESSION_GRADIENT_SAMPLES_H

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace thimble::gradient {

/// Samples 0..count-1. `read` writes the network's input as real numbers; it
/// is called on the thread that trains.
struct SampleSet {
  uint64_t count = 0;
  std::function<void(uint64_t index, float *sample)> read;
};

/// Random numbers that are the same with every library (splitmix64, Steele et
/// al. 2014, doi 10.1145/2660193.2660195).
class RandomSequence {
public:
  explicit RandomSequence(uint64_t seed) : state(seed) {}
  uint64_t next();
  /// 0..bound-1.
  uint64_t below(uint64_t bound) { return next() % bound; }
  /// A random order (Fisher and Yates).
  void shuffle(std::vector<uint64_t> &numbers);

private:
  uint64_t state;
};

/// What may happen to an image of height x width x channels without it showing
/// something else.
struct ImageAugmentation {
  int64_t height = 1, width = 1, channels = 1;
  /// Mirrors half of the images left to right.
  bool isFlipped = true;
  /// Moves by up to so many pixels; the edge is repeated.
  int64_t largestShift = 2;

  /// Changes an image at random.
  void apply(float *image, RandomSequence &random) const;
};

/// Numbers of samples to train with, and those held out to judge by.
struct SampleSplit {
  std::vector<uint64_t> training, validation;
};

/// Holds out one of `part` at random, at least one. A single sample is in both
/// parts.
SampleSplit splitSamples(uint64_t count, uint64_t part, RandomSequence &random);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_SAMPLES_H

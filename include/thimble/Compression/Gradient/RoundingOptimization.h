//===- RoundingOptimization.h - Training how to round -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides for each weight of a block whether it is rounded up or down, so that
// the block's output is the teacher's: AdaRound (Nagel et al. 2020, arXiv
// 2004.10568) on blocks of layers (BRECQ, Li et al. 2021, arXiv 2102.05426),
// here with a price on the entropy of the codes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_ROUNDINGOPTIMIZATION_H
#define THIMBLE_COMPRESSION_GRADIENT_ROUNDINGOPTIMIZATION_H

#include "thimble/Compression/Gradient/Distillation.h"

namespace thimble::gradient {

/// One layer whose codes are trained.
struct RoundingLayer {
  NodeId node = 0;
  /// Scales stay; the codes are where training starts, and its result.
  QuantizedLayer *layer = nullptr;
  /// The weights that the codes stand for: the teacher's, or what an earlier
  /// step has made of them. Each code is its start or the neighbour on the
  /// other side of the weight.
  std::vector<float> weights;
  /// What codes may be, ascending: -7..7, a palette.
  std::vector<int8_t> alphabet;
  /// Codes that stay, such as pruned zeros; empty for none.
  std::vector<bool> isFixed;
};

/// A block: the nodes of `block`, which run from the student's values before
/// it to `output`.
struct RoundingTask {
  const Network &network;
  /// The student's grids and all layers that aren't trained.
  const Parameters &parameters;
  const Network &teacherNetwork;
  const Parameters &teacherParameters;
  ValuePair input;
  NodeRange block;
  /// The block's result, and the teacher's.
  ValuePair output;
  SampleSet samples;
};

/// How to train.
struct RoundingOptions {
  int64_t iterations = 800, batchSize = 32;
  float rate = 3e-2f;
  /// Price of an undecided rounding, in shares of the error that a weight
  /// has at the start.
  float decisionWeight = 10;
  /// Price of a bit of the codes' estimated entropy, in normalised squared
  /// error.
  double bitWeight = 0;
  /// Instead, a price that rises and falls so that there are no more bits than
  /// at the start.
  bool holdsBits = false;
  /// Samples and bytes of values that are held in memory at most.
  uint64_t largestSampleCount = 1024;
  int64_t largestBytes = int64_t(1) << 29;
  uint64_t seed = 1;
  int threads = 2;
  ProgressCallback progress;
};

/// What came out: normalised squared errors (over the teacher's variance) of
/// samples held out, and bits of entropy of all trained layers' codes.
struct RoundingResult {
  double startError = 0, error = 0;
  double startBits = 0, bits = 0;
  /// Codes that differ from the start's.
  int64_t changedCodes = 0;
  bool isAborted = false;
};

/// Trains the codes of `layers`, all of them nodes of the block. Keeps the
/// start's if error + bitWeight * bits isn't smaller on the samples held out,
/// or bits were to be held and aren't.
RoundingResult optimizeRounding(const RoundingTask &task,
                                std::vector<RoundingLayer> &layers,
                                const RoundingOptions &options = {});

/// Bits of all codes at their order-0 entropy.
double estimateBits(const std::vector<int8_t> &codes);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_ROUNDINGOPTIMIZATION_H

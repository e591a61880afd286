//===- Distillation.h - A student learns from its teacher -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Trains what costs nothing in the object: scales, biases and, if wished, codes
// within the bits that they take, so that the quantized network's outputs are
// the float teacher's. Needs no labels.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_DISTILLATION_H
#define THIMBLE_COMPRESSION_GRADIENT_DISTILLATION_H

#include "thimble/Compression/Gradient/Execution.h"
#include "thimble/Compression/Gradient/QuantizedLayer.h"
#include "thimble/Compression/Gradient/Samples.h"

namespace thimble::gradient {

/// A value of the student and the teacher's that it should be.
struct ValuePair {
  ValueId student = 0, teacher = 0;
};

/// What the loss of the output is.
enum class OutputLoss {
  /// Of rows of logits: addKullbackLeibler.
  KullbackLeibler,
  /// The mean squared error over the teacher's variance.
  SquaredError,
};

/// How the codes of a layer may change.
struct CodeTraining {
  /// What codes may be, ascending: -7..7, a palette. Holds all that there are.
  std::vector<int8_t> alphabet;
  /// The weights that the codes stand for. Training starts from them, as far
  /// as they round to the codes that there are.
  std::vector<float> weights;
  /// Codes that stay, such as pruned zeros; empty for none.
  std::vector<bool> isFixed;
  /// Bits of entropy count: the codes will be stored in an entropy code.
  bool isCoded = false;
};

/// Who learns from whom.
struct DistillationTask {
  const Network &network;
  /// The student's grids, and layers that aren't trained.
  const Parameters &parameters;
  const Network &teacherNetwork;
  const Parameters &teacherParameters;
  /// Both get the same samples.
  ValuePair input;
  /// Logits (the softmax's input) or the result.
  ValuePair output;
  OutputLoss outputLoss = OutputLoss::KullbackLeibler;
  /// Values on the way, such as the sums of residual blocks. Each adds
  /// featureWeight times its squared error over the teacher's variance.
  std::vector<ValuePair> features;
  SampleSet samples;
  /// Only if the samples are images.
  std::optional<ImageAugmentation> augmentation;
  /// By node; where empty, codes stay.
  std::vector<std::optional<CodeTraining>> codes;
};

/// How far a training is.
struct TrainingProgress {
  int64_t step = 0, steps = 0;
  /// The loss of the last batch, and the smallest on held-out samples so far.
  double loss = 0, bestLoss = 0;
};

/// Called after each step; false ends the training.
using ProgressCallback = std::function<bool(const TrainingProgress &)>;

/// How to train.
struct DistillationOptions {
  int64_t epochs = 8, batchSize = 64;
  float temperature = 2, featureWeight = 0.3f;
  /// Of logarithms of scales; of biases, times their standard deviation in the
  /// layer.
  float scaleRate = 2e-3f, biasRate = 2e-3f;
  /// Of codes, in steps between neighbours.
  float codeRate = 3e-3f;
  /// One of so many samples is held out.
  uint64_t validationPart = 8;
  uint64_t seed = 1;
  int threads = 2;
  ProgressCallback progress;
};

/// What came out, as losses on the samples held out.
struct DistillationResult {
  double startLoss = 0, bestLoss = 0;
  /// Bits of entropy of all layers whose bits count.
  double startBits = 0, bits = 0;
  /// Of the returned numbers; 0 is the start.
  int64_t bestEpoch = 0;
  bool isAborted = false;
};

/// Trains `layers` (by node; those that are set). Keeps the numbers of the
/// epoch that was best on the samples held out, which may be the start's, among
/// those that take no more bits of entropy than the start: a price of bits
/// rises and falls to keep that. An empty set of samples is the caller's bug.
DistillationResult distill(const DistillationTask &task,
                           std::vector<std::optional<QuantizedLayer>> &layers,
                           const DistillationOptions &options = {});

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_DISTILLATION_H

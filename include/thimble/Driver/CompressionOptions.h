//===- CompressionOptions.h - The command line of compression ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which samples a network is compressed with and judged by.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DRIVER_COMPRESSIONOPTIONS_H
#define THIMBLE_DRIVER_COMPRESSIONOPTIONS_H

#include "thimble/Evaluation/ModelSamples.h"
#include <cstdint>
#include <optional>
#include <string>

namespace thimble {

/// What may be lost, and on which samples that is measured.
struct CompressionOptions {
  std::string calibrate; ///< path of samples; empty: nothing is compressed
  /// Of all samples, as given; empty: as the file beside them says.
  std::string sampleScale, sampleOffset;
  unsigned activationBits = 8;        ///< or 16
  std::optional<double> maxDrop;      ///< percent points
  std::optional<uint64_t> maxWeights; ///< bytes as stored
  std::optional<uint64_t> maxCycles;  ///< estimated, one inference
  uint64_t seed = 0;
  int64_t epochs = 10; ///< of distillation; 0 for none
  std::string cache;   ///< folder for measurements; empty: none are kept
  std::string pareto;  ///< path of a JSON file of all points; empty: none

  /// The samples of --calibrate.
  SampleSource getSource() const {
    return {calibrate, sampleScale, sampleOffset, {}};
  }
};

/// How the result is judged; nothing is chosen by it.
struct EvaluationOptions {
  std::string samples; ///< path; empty: not at all
  std::string labels;  ///< path; empty: as the samples say
  std::string task;    ///< empty: inferred
};

/// Registers --calibrate, --sample-scale, --sample-offset, --activation-bits,
/// --max-drop, --max-weights, --max-cycles, --seed, --epochs, --cache,
/// --pareto.
void registerCompressionOptions();
/// Registers --evaluate, --labels, --task.
void registerEvaluationOptions();
/// What was parsed; defaults if the options were not registered.
CompressionOptions getCompressionOptions();
EvaluationOptions getEvaluationOptions();

} // namespace thimble

#endif // THIMBLE_DRIVER_COMPRESSIONOPTIONS_H

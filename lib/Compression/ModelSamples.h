//===- ModelSamples.h - Samples for the passes that run networks -*- C++ -*===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same options mean the same samples in all of them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_MODELSAMPLES_H
#define THIMBLE_LIB_COMPRESSION_MODELSAMPLES_H

#include "ValueStore.h"
#include "thimble/Evaluation/ModelSamples.h"

namespace thimble {
/// What passes are told about samples.
struct SampleChoice {
  SampleSource source;
  /// Part that is kept aside, 0 to below 1.
  double validation = 0;
  /// At most so many of the rest; 0 for all.
  int64_t limit = 0;
  uint64_t seed = 0;
};

/// Indices of the chosen samples, ascending: the same for the same seed.
std::vector<uint64_t> chooseSamples(const SampleSet &samples,
                                    const SampleChoice &choice);

/// Reads the chosen samples for a model of one input into memory. Emits an
/// error if there are none, or if they do not fit the model.
mlir::FailureOr<SampleBlock> loadSamples(mlir::func::FuncOp model,
                                         const SampleChoice &choice);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_MODELSAMPLES_H

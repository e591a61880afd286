//===- ModelSamples.cpp - Samples for the passes that run networks --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All of them at once: passes go over them many times.
//
//===----------------------------------------------------------------------===//

#include "ModelSamples.h"

using namespace mlir;
using namespace thimble;

/// More would not fit in a small machine's memory beside a network's values.
static constexpr uint64_t largestBytes = uint64_t(1) << 30;

std::vector<uint64_t> thimble::chooseSamples(const SampleSet &samples,
                                             const SampleChoice &choice) {
  std::vector<uint64_t> indices =
      splitSamples(samples.size(), choice.validation, choice.seed).calibration;
  uint64_t limit = largestBytes / (samples.getElements() * sizeof(float)) + 1;
  if (choice.limit > 0)
    limit = std::min<uint64_t>(limit, choice.limit);
  if (indices.size() <= limit)
    return indices;
  std::vector<uint64_t> chosen;
  for (uint64_t index : shuffledIndices(indices.size(), choice.seed))
    if (chosen.size() < limit)
      chosen.push_back(indices[index]);
  llvm::sort(chosen);
  return chosen;
}

FailureOr<SampleBlock> thimble::loadSamples(func::FuncOp model,
                                            const SampleChoice &choice) {
  FailureOr<std::unique_ptr<SampleSet>> samples =
      openSamples(model, choice.source);
  if (failed(samples))
    return failure();
  std::vector<uint64_t> indices = chooseSamples(**samples, choice);
  SampleBlock block;
  block.count = indices.size();
  uint64_t size = (*samples)->getElements();
  std::vector<float> &floats = block.inputs.emplace_back(indices.size() * size);
  for (auto [i, index] : llvm::enumerate(indices))
    if (llvm::Error error = (*samples)->read(
            index, MutableArrayRef<float>(floats).slice(i * size, size)))
      return model.emitError(llvm::toString(std::move(error)));
  return block;
}

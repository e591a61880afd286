//===- ModelSamples.cpp - Samples for the passes that run networks --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Errors of files become diagnostics here.
//
//===----------------------------------------------------------------------===//

#include "ModelSamples.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/SampleSet.h"

using namespace mlir;
using namespace thimble;

/// More would not fit in a small machine's memory beside a network's values.
static constexpr uint64_t largestBytes = uint64_t(1) << 30;

static FailureOr<std::unique_ptr<SampleSet>>
openSamples(func::FuncOp model, const SampleChoice &choice) {
  if (choice.path.empty())
    return model.emitError("expected the option 'samples', a .npy or .npz file "
                           "or a folder of .png or .wav files");
  if (model.getNumArguments() != 1)
    return model.emitError("expected a model of one input to run on samples, "
                           "found ")
           << model.getNumArguments() << " inputs";
  auto report = [&](llvm::Error error) -> LogicalResult {
    return model.emitError(llvm::toString(std::move(error)));
  };
  llvm::Expected<SampleOptions> options =
      SampleOptions::parse(choice.scale, choice.offset);
  if (!options)
    return report(options.takeError());
  llvm::Expected<std::unique_ptr<SampleSet>> samples =
      SampleSet::open(choice.path, *options);
  if (!samples)
    return report(samples.takeError());
  auto name = model.getArgAttrOfType<StringAttr>(0, tensorNameAttrName);
  if (llvm::Error error = (*samples)->checkShape(
          tensorType(model.getArgument(0)).getShape(),
          name ? name.getValue() : StringRef("the model's input")))
    return report(std::move(error));
  return std::move(*samples);
}

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
  FailureOr<std::unique_ptr<SampleSet>> samples = openSamples(model, choice);
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

//===- ModelSamples.cpp - Samples for the passes that run networks --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Errors of files become diagnostics here.
//
//===----------------------------------------------------------------------===//

#include "ModelSamples.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

FailureOr<std::unique_ptr<SampleSet>> thimble::openSamples(func::FuncOp model,
                                                           StringRef path,
                                                           StringRef scale,
                                                           StringRef offset) {
  if (path.empty())
    return model.emitError("expected the option 'samples', a .npy or .npz file "
                           "or a folder of .png or .wav files");
  if (model.getNumArguments() != 1)
    return model.emitError("expected a model of one input to run on samples, "
                           "found ")
           << model.getNumArguments() << " inputs";
  auto report = [&](llvm::Error error) -> LogicalResult {
    return model.emitError(llvm::toString(std::move(error)));
  };
  llvm::Expected<SampleOptions> options = SampleOptions::parse(scale, offset);
  if (!options)
    return report(options.takeError());
  llvm::Expected<std::unique_ptr<SampleSet>> samples =
      SampleSet::open(path, *options);
  if (!samples)
    return report(samples.takeError());
  auto name = model.getArgAttrOfType<StringAttr>(0, tensorNameAttrName);
  if (llvm::Error error = (*samples)->checkShape(
          tensorType(model.getArgument(0)).getShape(),
          name ? name.getValue() : StringRef("the model's input")))
    return report(std::move(error));
  return std::move(*samples);
}

std::vector<uint64_t> thimble::chooseSamples(uint64_t count, int64_t limit,
                                             uint64_t seed) {
  std::vector<uint64_t> indices = shuffledIndices(count, seed);
  if (limit > 0 && static_cast<uint64_t>(limit) < count)
    indices.resize(limit);
  llvm::sort(indices);
  return indices;
}

FailureOr<SampleBlock> thimble::readSamples(func::FuncOp model,
                                            const SampleSet &samples,
                                            ArrayRef<uint64_t> indices) {
  SampleBlock block;
  block.count = indices.size();
  uint64_t size = samples.getElements();
  std::vector<float> &floats = block.inputs.emplace_back(indices.size() * size);
  for (auto [i, index] : llvm::enumerate(indices))
    if (llvm::Error error = samples.read(
            index, MutableArrayRef<float>(floats).slice(i * size, size)))
      return model.emitError(llvm::toString(std::move(error)));
  return block;
}

//===- ModelSamples.cpp - Samples that fit a model ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Readers return errors; here they get the model's location.
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/ModelSamples.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

FailureOr<func::FuncOp> thimble::findModel(ModuleOp module) {
  func::FuncOp model;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate() || function.isDeclaration())
      continue;
    if (model)
      return function.emitOpError("expected one public function, the model");
    model = function;
  }
  if (!model)
    return module.emitOpError("expected a public function, the model");
  if (!model.getBody().hasOneBlock())
    return model.emitOpError("expected a body of one block");
  return model;
}

FailureOr<std::unique_ptr<SampleSet>>
thimble::openSamples(func::FuncOp model, const SampleSource &source) {
  if (source.path.empty())
    return model.emitError("expected the option 'samples', a .npy or .npz file "
                           "or a folder of .png or .wav files");
  if (model.getNumArguments() != 1)
    return model.emitError("expected a model of one input to run on samples, "
                           "found ")
           << model.getNumArguments() << " inputs";
  auto input = dyn_cast<RankedTensorType>(model.getArgumentTypes()[0]);
  if (!input || !input.hasStaticShape())
    return model.emitError("expected an input of a static shape to run on "
                           "samples, found ")
           << model.getArgumentTypes()[0];
  auto report = [&](llvm::Error error) -> LogicalResult {
    return model.emitError(llvm::toString(std::move(error)));
  };
  llvm::Expected<SampleOptions> options =
      SampleOptions::parse(source.scale, source.offset);
  if (!options)
    return report(options.takeError());
  options->labels = source.labels;
  llvm::Expected<std::unique_ptr<SampleSet>> samples =
      SampleSet::open(source.path, *options);
  if (!samples)
    return report(samples.takeError());
  std::string what = "the model's input";
  if (auto name = model.getArgAttrOfType<StringAttr>(0, tensorNameAttrName))
    what += " '" + name.str() + "'";
  if (llvm::Error error = (*samples)->checkShape(input.getShape(), what))
    return report(std::move(error));
  return std::move(*samples);
}

//===- EvaluateModel.cpp - How a compiled model does on samples -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Networks come from the copies that the compilation kept.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/EvaluateModel.h"
#include "NetworkRun.h"
#include "mlir/Pass/PassManager.h"

#include <numeric>

using namespace mlir;
using namespace thimble;

static int64_t elementsOf(Type type) {
  auto shaped = dyn_cast<RankedTensorType>(type);
  return shaped && shaped.hasStaticShape() ? shaped.getNumElements() : 0;
}

static bool isFloat(ModuleOp module) {
  FailureOr<func::FuncOp> model = findModel(module);
  return succeeded(model) &&
         cast<RankedTensorType>(model->getArgumentTypes()[0])
             .getElementType()
             .isF32();
}

FailureOr<std::unique_ptr<ModelEvaluation>>
ModelEvaluation::prepare(Compilation &compilation) {
  std::unique_ptr<ModelEvaluation> evaluation(new ModelEvaluation(compilation));
  if (failed(evaluation->open()))
    return failure();
  return evaluation;
}

LogicalResult ModelEvaluation::open() {
  const CompilationOptions &options = compilation.getOptions();
  Location location = compilation.getModule().getLoc();
  FailureOr<func::FuncOp> model = findModel(compilation.getModule());
  if (failed(model))
    return failure();
  int64_t inputs = model->getNumArguments() == 1
                       ? elementsOf(model->getArgumentTypes()[0])
                       : 0;
  if (inputs == 0 || model->getNumResults() == 0)
    return emitError(location)
           << "expected a model of one input and at least one output for "
              "--evaluate";
  SampleSource source = options.compression.getSource();
  source.path = options.evaluation.samples;
  source.labels = options.evaluation.labels;
  auto opened = openSamples(*model, source);
  if (failed(opened))
    return failure();
  samples = std::move(*opened);
  auto chosen = chooseTask(options.evaluation.task, samples->getLabels(),
                           inputs, elementsOf(model->getResultTypes()[0]));
  if (!chosen)
    return emitError(location) << llvm::toString(chosen.takeError());
  task = *chosen;
  return options.compression.calibrate.empty() ? success()
                                               : countShared(*model);
}

LogicalResult ModelEvaluation::countShared(func::FuncOp model) {
  Location location = compilation.getModule().getLoc();
  auto calibration =
      openSamples(model, compilation.getOptions().compression.getSource());
  if (failed(calibration))
    return failure();
  auto used = (*calibration)->hashSamples();
  if (!used)
    return emitError(location) << llvm::toString(used.takeError());
  auto judged = samples->hashSamples();
  if (!judged)
    return emitError(location) << llvm::toString(judged.takeError());
  shared = thimble::countShared(*used, *judged);
  if (shared > 0)
    emitWarning(location)
        << shared << " of the " << samples->size()
        << " samples to evaluate are also among those to calibrate: what is "
           "measured on them says little about others";
  return success();
}

/// The float model in int8 and no more, to compare with.
FailureOr<OwningOpRef<ModuleOp>> ModelEvaluation::quantize() {
  OwningOpRef<ModuleOp> module(
      cast<ModuleOp>(compilation.getImported()->clone()));
  const CompressionOptions &options = compilation.getOptions().compression;
  PassManager pm(module->getContext());
  buildInt8Pipeline(pm, {options.calibrate, options.sampleScale,
                         options.sampleOffset, options.seed});
  if (failed(pm.run(*module)))
    return failure();
  return module;
}

FailureOr<EvaluationInfo> ModelEvaluation::run() {
  SmallVector<std::pair<std::string, NetworkOutputs>> networks;
  std::vector<uint64_t> indices(samples->size());
  std::iota(indices.begin(), indices.end(), 0);
  auto add = [&](StringRef name, ModuleOp module) -> LogicalResult {
    FailureOr<NetworkOutputs> outputs = runOnSamples(module, *samples, indices);
    if (failed(outputs))
      return failure();
    networks.emplace_back(name.str(), std::move(*outputs));
    return success();
  };
  bool isFromFloat = isFloat(compilation.getImported());
  bool isCompressed = !isFloat(compilation.getCompressed());
  if (failed(add(isFromFloat ? "float" : "source", compilation.getImported())))
    return failure();
  if (isFromFloat && isCompressed) {
    FailureOr<OwningOpRef<ModuleOp>> plain = quantize();
    if (failed(plain) || failed(add("int8", **plain)))
      return failure();
  }
  if (failed(add(isFromFloat && isCompressed ? "compressed" : "compiled",
                 compilation.getCompressed())))
    return failure();

  EvaluationInfo info;
  info.samples = samples->getPath().str();
  info.count = samples->size();
  info.shared = shared;
  info.task = getTaskName(task).str();
  const NetworkOutputs &teacher = networks.front().second;
  for (auto &[name, outputs] : networks)
    info.networks.push_back(
        {name, scoreNetwork(task, samples->getLabels(), outputs,
                            &outputs == &teacher ? nullptr : &teacher)});
  return info;
}

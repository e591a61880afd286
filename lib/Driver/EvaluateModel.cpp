//===- EvaluateModel.cpp - How a compiled model does on samples -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Networks come from the copies that the compilation kept.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/EvaluateModel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Evaluation/Evaluator.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

/// The function of a module that is the model.
static func::FuncOp modelOf(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isDeclaration())
      return function;
  return {};
}

static int64_t elementsOf(Type type) {
  auto shaped = dyn_cast<RankedTensorType>(type);
  return shaped && shaped.hasStaticShape() ? shaped.getNumElements() : 0;
}

static bool isFloat(func::FuncOp model) {
  return cast<RankedTensorType>(model.getArgumentTypes()[0])
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
  auto fail = [&](llvm::Error error) -> LogicalResult {
    return emitError(location) << llvm::toString(std::move(error));
  };
  func::FuncOp model = modelOf(compilation.getModule());
  if (!model || model.getNumArguments() != 1 || model.getNumResults() == 0 ||
      elementsOf(model.getArgumentTypes()[0]) == 0)
    return emitError(location)
           << "expected a model of one input and at least one output for "
              "--evaluate";
  auto parsed = SampleOptions::parse(options.compression.sampleScale,
                                     options.compression.sampleOffset);
  if (!parsed)
    return fail(parsed.takeError());
  SampleOptions sampleOptions = *parsed;
  sampleOptions.labels = options.evaluation.labels;
  auto opened = SampleSet::open(options.evaluation.samples, sampleOptions);
  if (!opened)
    return fail(opened.takeError());
  samples = std::move(*opened);
  auto input = cast<RankedTensorType>(model.getArgumentTypes()[0]);
  if (llvm::Error error =
          samples->checkShape(input.getShape(), "the model's input"))
    return fail(std::move(error));
  auto chosen =
      chooseTask(options.evaluation.task, samples->getLabels(),
                 elementsOf(input), elementsOf(model.getResultTypes()[0]));
  if (!chosen)
    return fail(chosen.takeError());
  task = *chosen;
  return options.compression.calibrate.empty() ? success()
                                               : countShared(*parsed);
}

LogicalResult ModelEvaluation::countShared(const SampleOptions &options) {
  Location location = compilation.getModule().getLoc();
  auto calibration =
      SampleSet::open(compilation.getOptions().compression.calibrate, options);
  if (!calibration)
    return emitError(location) << llvm::toString(calibration.takeError());
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

FailureOr<NetworkOutputs> ModelEvaluation::runNetwork(ModuleOp module) {
  func::FuncOp model = modelOf(module);
  auto evaluator = Evaluator::compile(model);
  if (failed(evaluator))
    return failure();
  const uint64_t inputs = samples->getElements(), count = samples->size();
  NetworkOutputs network;
  network.elements = (*evaluator)->getOutputs()[0].elements;
  network.outputs.resize(count * network.elements);
  bool isReconstruction = network.elements == inputs;
  if (isReconstruction) {
    network.squaredErrors.resize(count);
    network.absoluteErrors.resize(count);
  }
  // The input's memory is reused by the network.
  std::vector<float> lanes[Evaluator::lanes];
  auto feed = [&](uint64_t i, Evaluator::Frame &frame) -> llvm::Error {
    std::vector<float> &sample = lanes[i % Evaluator::lanes];
    sample.resize(inputs);
    if (llvm::Error error = samples->read(i, sample))
      return error;
    frame.setInput(0, sample);
    return llvm::Error::success();
  };
  auto consume = [&](unsigned lane, uint64_t i, const Evaluator::Frame &frame) {
    auto output = MutableArrayRef(network.outputs)
                      .slice(i * network.elements, network.elements);
    frame.getOutput(0, output);
    double squares = 0, magnitudes = 0;
    for (uint64_t j = 0; isReconstruction && j < inputs; ++j) {
      double difference = double(output[j]) - lanes[lane][j];
      squares += difference * difference;
      magnitudes += std::abs(difference);
    }
    if (isReconstruction) {
      network.squaredErrors[i] = squares / inputs;
      network.absoluteErrors[i] = magnitudes / inputs;
    }
  };
  if (llvm::Error error = (*evaluator)->runAll(count, feed, consume)) {
    emitError(module.getLoc()) << llvm::toString(std::move(error));
    return failure();
  }
  return network;
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
  auto add = [&](StringRef name, ModuleOp module) -> LogicalResult {
    FailureOr<NetworkOutputs> outputs = runNetwork(module);
    if (failed(outputs))
      return failure();
    networks.emplace_back(name.str(), std::move(*outputs));
    return success();
  };
  bool isFromFloat = isFloat(modelOf(compilation.getImported()));
  bool isCompressed = !isFloat(modelOf(compilation.getCompressed()));
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

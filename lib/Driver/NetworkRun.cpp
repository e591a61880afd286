//===- NetworkRun.cpp - A network's outputs for samples -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each sample is written by one thread, so nothing depends on scheduling.
//
//===----------------------------------------------------------------------===//

#include "NetworkRun.h"
#include "thimble/Evaluation/Evaluator.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

FailureOr<NetworkOutputs> thimble::runOnSamples(ModuleOp module,
                                                const SampleSet &samples,
                                                ArrayRef<uint64_t> indices) {
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model))
    return failure();
  auto evaluator = Evaluator::compile(*model);
  if (failed(evaluator))
    return failure();
  const uint64_t inputs = samples.getElements(), count = indices.size();
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
    if (llvm::Error error = samples.read(indices[i], sample))
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

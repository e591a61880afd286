//===- LayerDistillation.cpp - Scales and biases trained together ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pairs of values by their ids; layers in the order of the engine's memory.
//
//===----------------------------------------------------------------------===//

#include "LayerDistillation.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;
using gradient::NodeId;
using gradient::ValueId;

Augmentation thimble::guessAugmentation(func::FuncOp model) {
  constexpr int64_t leastSide = 16;
  ArrayRef<int64_t> shape = tensorType(model.getArgument(0)).getShape();
  bool isImage = shape.size() == 4 && shape[3] == 3 && shape[1] >= leastSide &&
                 shape[2] >= leastSide;
  return isImage ? Augmentation::image : Augmentation::none;
}

/// The logits of a softmax output, the output itself otherwise.
static ValueId getLogits(const FunctionNetwork &function) {
  ValueId output = function.outputs.front();
  return function.distributions.contains(output)
             ? function.network.getNode(output).inputs.front()
             : output;
}

static gradient::QuantizedLayer toEngine(const gradient::LayerShape &shape,
                                         const CompressedLayer &layer) {
  gradient::QuantizedLayer result;
  result.codes.resize(shape.getCount());
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column)
      result.codes[shape.getIndex(row, column)] =
          layer.weights.codes(row, column);
  result.scales.assign(layer.weights.scales.begin(),
                       layer.weights.scales.end());
  result.bias.assign(layer.biases.begin(), layer.biases.end());
  return result;
}

gradient::DistillationResult thimble::distillLayers(
    const TeacherAndStudent &networks, const SampleBlock &samples,
    Augmentation augmentation, const gradient::DistillationOptions &options,
    std::vector<CompressedLayer> &layers, gradient::Parameters &parameters) {
  const FunctionNetwork &teacher = networks.teacher;
  const FunctionNetwork &student = networks.student;
  bool isDistribution = student.distributions.contains(student.outputs[0]);
  gradient::DistillationTask task{student.network,
                                  parameters,
                                  teacher.network,
                                  teacher.parameters,
                                  {student.inputs[0], teacher.inputs[0]},
                                  {getLogits(student), getLogits(teacher)},
                                  isDistribution
                                      ? gradient::OutputLoss::KullbackLeibler
                                      : gradient::OutputLoss::SquaredError,
                                  {},
                                  {},
                                  {}};
  for (NodeId sum : student.sums)
    if (NodeId other = networks.getCounterpart(sum); other >= 0)
      task.features.push_back({sum, other});
  llvm::sort(task.features,
             [](auto a, auto b) { return a.student < b.student; });
  int64_t size = samples.inputs[0].size() / samples.count;
  task.samples.count = samples.count;
  task.samples.read = [&](uint64_t index, float *sample) {
    std::copy_n(samples.inputs[0].data() + index * size, size, sample);
  };
  if (augmentation == Augmentation::image) {
    const gradient::Shape &shape =
        student.network.getNode(student.inputs[0]).shape;
    task.augmentation =
        gradient::ImageAugmentation{shape[1], shape[2], shape[3]};
  }
  std::vector<std::optional<gradient::QuantizedLayer>> engineLayers(
      student.network.getNodeCount());
  for (auto [index, layer] : llvm::enumerate(layers)) {
    NodeId node = student.layers[index].second;
    engineLayers[node] = toEngine(*student.network.getNode(node).layer, layer);
  }
  gradient::DistillationResult result = distill(task, engineLayers, options);
  for (auto [index, layer] : llvm::enumerate(layers)) {
    const gradient::QuantizedLayer &trained =
        *engineLayers[student.layers[index].second];
    for (int64_t row = 0; row < layer.biases.size(); ++row) {
      layer.biases[row] = trained.bias[row];
      layer.weights.scales[row] =
          getSafeScale(trained.getScale(row), layer.biases[row],
                       networks.getInputScale(index));
    }
    setParameters(networks, index, layer, parameters);
  }
  return result;
}

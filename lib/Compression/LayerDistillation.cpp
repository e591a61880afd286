//===- LayerDistillation.cpp - All layers trained together ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pairs of values by their ids; layers in the order of the engine's memory.
//
//===----------------------------------------------------------------------===//

#include "LayerDistillation.h"
#include "EngineLayers.h"
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

gradient::DistillationResult thimble::distillLayers(
    const TeacherAndStudent &networks, const SampleBlock &samples,
    Augmentation augmentation, ArrayRef<CodeChoices> codes,
    const gradient::DistillationOptions &options,
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
                                  {},
                                  {}};
  for (NodeId sum : student.sums)
    if (NodeId other = networks.counterparts[sum]; other >= 0)
      task.features.push_back({sum, other});
  llvm::sort(task.features,
             [](auto a, auto b) { return a.student < b.student; });
  task.samples = getSampleSet(samples);
  if (augmentation == Augmentation::image) {
    const gradient::Shape &shape =
        student.network.getNode(student.inputs[0]).shape;
    task.augmentation =
        gradient::ImageAugmentation{shape[1], shape[2], shape[3]};
  }
  // Where there are entropy codes, other layers may get one, too.
  bool isCoded = llvm::any_of(codes, [](const CodeChoices &choices) {
    return choices.recipe && choices.recipe.getStep();
  });
  std::vector<std::optional<gradient::QuantizedLayer>> engineLayers(
      student.network.getNodeCount());
  for (auto [index, layer] : llvm::enumerate(layers)) {
    NodeId node = student.layers[index].second;
    const gradient::LayerShape &shape = *student.network.getNode(node).layer;
    engineLayers[node] = toEngine(shape, layer);
    if (!codes.empty()) {
      task.codes.resize(student.network.getNodeCount());
      task.codes[node] = getCodeTraining(shape, layer, codes[index].recipe,
                                         *codes[index].kept);
      task.codes[node]->isCoded = isCoded;
    }
  }
  gradient::DistillationResult result = distill(task, engineLayers, options);
  for (auto [index, layer] : llvm::enumerate(layers)) {
    NodeId node = student.layers[index].second;
    fromEngine(*student.network.getNode(node).layer, *engineLayers[node],
               networks.getInputScale(index), layer);
    setParameters(networks, index, layer, parameters);
  }
  return result;
}

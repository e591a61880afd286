//===- LayerSweep.cpp - Layer by layer, teacher beside student ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The teacher's nodes run as far as the student's need them.
//
//===----------------------------------------------------------------------===//

#include "LayerSweep.h"
#include "RowImportance.h"
#include "thimble/Compression/Gradient/Moments.h"
#include "thimble/Compression/Numerics/Refit.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;
using gradient::NodeId;
using gradient::ValueId;

Eigen::VectorXd LayerProblem::fitBiases(const Eigen::MatrixXd &weights) const {
  Eigen::VectorXd result(weights.rows());
  int64_t rows = weights.rows() / moments.size();
  for (auto [group, groupMoments] : llvm::enumerate(moments))
    result.segment(group * rows, rows) =
        getOptimalBias(groupMoments, weights.middleRows(group * rows, rows));
  return result;
}

/// Samples whose moments are taken at once.
static constexpr int64_t momentBlock = 64;

namespace {
class Sweep {
public:
  Sweep(const FunctionNetwork &teacher, const FunctionNetwork &student,
        const gradient::Parameters &parameters, const SampleBlock &samples,
        const SweepOptions &options)
      : student(student), parameters(parameters), options(options),
        samples(samples.count),
        teacherValues(teacher.network, teacher.parameters, samples),
        studentValues(student.network, parameters, samples),
        counterparts(findCounterparts(student, teacher)) {
    importance = measureRowImportance(
        student, samples.thinned(options.importanceSamples));
  }
  void run(LayerVisitor visit);

private:
  std::vector<float> getTargets(NodeId node);
  void compensate(NodeId node, std::vector<float> &targets) const;
  gradient::LayerMoments getMoments(NodeId node);
  LayerProblem makeProblem(size_t layer);

  const FunctionNetwork &student;
  const gradient::Parameters &parameters;
  const SweepOptions &options;
  int64_t samples;
  ValueStore teacherValues, studentValues;
  /// See findCounterparts.
  std::vector<NodeId> counterparts;
  /// By layer.
  std::vector<Eigen::VectorXd> importance;
};
} // namespace

/// What the layer should compute before its activation: what the teacher's
/// does, or without one what its own float weights make of its inputs.
std::vector<float> Sweep::getTargets(NodeId node) {
  NodeId other = counterparts[node];
  if (other < 0 || other < teacherValues.getNext())
    return studentValues.getNextLinear();
  teacherValues.runTo(other);
  std::vector<float> targets = teacherValues.getNextLinear();
  teacherValues.runNext();
  compensate(node, targets);
  return targets;
}

/// A result that is only added to another one, whose error is already known,
/// makes up for that error.
void Sweep::compensate(NodeId node, std::vector<float> &targets) const {
  std::vector<NodeId> users = student.network.getUsers(node);
  if (users.size() != 1)
    return;
  const gradient::Node &user = student.network.getNode(users[0]);
  if (!student.sums.contains(users[0]) || user.inputs.size() != 2)
    return;
  ValueId other = user.inputs[0] == node ? user.inputs[1] : user.inputs[0];
  if (other == node || other > node || counterparts[other] < 0 ||
      !studentValues.has(other) || !teacherValues.has(counterparts[other]))
    return;
  const std::vector<float> &mine = studentValues.get(other);
  const std::vector<float> &theirs = teacherValues.get(counterparts[other]);
  if (mine.size() != targets.size())
    return; // broadcast
  for (size_t i = 0; i < targets.size(); ++i)
    targets[i] += theirs[i] - mine[i];
}

/// Moments of the layer's inputs and the targets, from as many samples as it
/// takes to see enough windows.
gradient::LayerMoments Sweep::getMoments(NodeId node) {
  std::vector<float> targets = getTargets(node);
  const gradient::Node &description = student.network.getNode(node);
  int64_t windows =
      std::max<int64_t>(description.size / description.layer->rows, 1);
  int64_t used =
      std::clamp<int64_t>(options.windows / windows,
                          std::min(options.momentSamples, samples), samples);
  int64_t step = samples / used;
  gradient::LayerMoments moments;
  for (int64_t first = 0; first < used; first += momentBlock) {
    int64_t number = std::min(momentBlock, used - first);
    gradient::Batch batch =
        studentValues.getInputs(node, first * step, step, number);
    std::vector<float> wanted(number * description.size);
    for (int64_t i = 0; i < number; ++i)
      std::copy_n(targets.data() + (first + i) * step * description.size,
                  description.size, wanted.data() + i * description.size);
    gradient::accumulateMoments(student.network, node, batch, wanted.data(),
                                moments);
  }
  return moments;
}

LayerProblem Sweep::makeProblem(size_t layer) {
  NodeId node = student.layers[layer].second;
  const gradient::LayerShape &shape = *student.network.getNode(node).layer;
  gradient::LayerMoments moments = getMoments(node);
  AffineLayer original = getLayer(shape, parameters.layers[node]);
  LayerProblem problem;
  problem.layer = layer;
  problem.isDepthwise = shape.isDepthwise;
  WeightedOp op = student.layers[layer].first;
  problem.channels = tensorType(op.getWeightOperand().get()).getShape().back();
  problem.fitted = original;
  problem.importance = importance[layer];
  int64_t groups = moments.inputs.size(), rows = shape.rows / groups;
  for (int64_t group = 0; group < groups; ++group) {
    int64_t first = group * rows;
    problem.moments.push_back({moments.inputs[group] / double(moments.windows),
                               moments.cross[group] / double(moments.windows)});
    AffineLayer fitted =
        refitToTargets(problem.moments.back(),
                       {original.weights.middleRows(first, rows),
                        original.bias.segment(first, rows)},
                       options.ridge);
    problem.fitted.weights.middleRows(first, rows) = fitted.weights;
    problem.fitted.bias.segment(first, rows) = fitted.bias;
    problem.hessians.push_back(eliminateBias(problem.moments.back().inputs));
  }
  return problem;
}

void Sweep::run(LayerVisitor visit) {
  size_t layer = 0;
  while (studentValues.getNext() < student.network.getNodeCount()) {
    NodeId node = studentValues.getNext();
    if (layer < student.layers.size() && student.layers[layer].second == node)
      visit(makeProblem(layer++));
    studentValues.runNext();
  }
}

void thimble::sweepLayers(const FunctionNetwork &teacher,
                          const FunctionNetwork &student,
                          const gradient::Parameters &studentParameters,
                          const SampleBlock &samples,
                          const SweepOptions &options, LayerVisitor visit) {
  Sweep(teacher, student, studentParameters, samples, options).run(visit);
}

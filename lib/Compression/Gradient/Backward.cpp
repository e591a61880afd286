//===- Backward.cpp - Reverse-mode derivatives ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes in reverse, chunks of samples through all of them, sums of parameters'
// derivatives in each half of the batch.
//
// Rounding is passed straight through inside the clamping range (Bengio et al.
// 2013, arXiv 1308.3432, as Jacob et al. 2018, arXiv 1712.05877, use it).
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Backward.h"
#include "Bounds.h"
#include <algorithm>
#include <cassert>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// Which derivatives are computed, and where they stand.
class BackwardRun {
public:
  BackwardRun(const Network &network, const Parameters &parameters,
              const Batch &batch, Batch &gradients, NodeRange range,
              const Gradients &wantedParameters,
              const std::vector<ValueId> &wanted);

  /// Samples first..last-1; sums go to `sums`.
  void run(int64_t first, int64_t last, Gradients &sums) const;

private:
  void findNeeded(const Gradients &wantedParameters,
                  const std::vector<ValueId> &wanted);
  void runNode(NodeId id, int64_t first, int64_t count, LayerGradients &sums,
               Scratch &scratch) const;
  void clamp(NodeId id, int64_t first, int64_t count) const;

  const Network &network;
  const Parameters &parameters;
  const Batch &batch;
  NodeRange range;
  /// Values whose derivatives lead to something wanted.
  std::vector<bool> isNeeded;
  /// Derivatives by values; null where there are none.
  std::vector<float *> gradients;
  /// Values whose derivatives start at 0.
  std::vector<ValueId> cleared;
};

BackwardRun::BackwardRun(const Network &network, const Parameters &parameters,
                         const Batch &batch, Batch &gradientBatch,
                         NodeRange range, const Gradients &wantedParameters,
                         const std::vector<ValueId> &wanted)
    : network(network), parameters(parameters), batch(batch), range(range),
      isNeeded(network.getNodeCount()), gradients(network.getNodeCount()) {
  findNeeded(wantedParameters, wanted);
  auto isConstant = [&](ValueId id) {
    return network.getNode(id).kind == Node::Kind::Constant;
  };
  for (ValueId id = 0; id < range.last; ++id)
    if (!isConstant(id) && gradientBatch.has(id)) {
      // Keeps what the caller has written.
      gradients[id] = gradientBatch.set(id);
    }
  for (NodeId id = range.last - 1; id >= range.first; --id) {
    if (!gradients[id] || !isNeeded[id])
      continue;
    for (ValueId input : network.getNode(id).inputs)
      if (isNeeded[input] && !gradients[input]) {
        gradients[input] = gradientBatch.set(input);
        cleared.push_back(input);
      }
  }
}

void BackwardRun::findNeeded(const Gradients &wantedParameters,
                             const std::vector<ValueId> &wanted) {
  for (ValueId id : wanted)
    isNeeded[id] = true;
  for (NodeId id = range.first; id < range.last; ++id) {
    if (!wantedParameters[id].isEmpty())
      isNeeded[id] = true;
    for (ValueId input : network.getNode(id).inputs)
      if (isNeeded[input])
        isNeeded[id] = true;
  }
}

void BackwardRun::clamp(NodeId id, int64_t first, int64_t count) const {
  const Node &node = network.getNode(id);
  const std::optional<ActivationGrid> &grid = parameters.grids[id];
  Bounds bounds = getBounds(node.activation);
  if (grid) {
    // Half a step further: what rounds to the last number isn't clamped.
    float offset = static_cast<float>(grid->zeroPoint);
    bounds.low =
        std::max(bounds.low, grid->scale * (grid->low - offset - 0.5f));
    bounds.high =
        std::min(bounds.high, grid->scale * (grid->high - offset + 0.5f));
  } else if (node.activation == Activation::None) {
    return;
  }
  const float *linear = batch.getLinear(id);
  assert(linear && "expected a batch computed with keepLinear");
  linear += first * node.size;
  float *gradient = gradients[id] + first * node.size;
  for (int64_t i = 0; i < count * node.size; ++i)
    gradient[i] =
        linear[i] > bounds.low && linear[i] < bounds.high ? gradient[i] : 0.0f;
}

void BackwardRun::runNode(NodeId id, int64_t first, int64_t count,
                          LayerGradients &sums, Scratch &scratch) const {
  const Node &node = network.getNode(id);
  if (node.kind != Node::Kind::Operation || !gradients[id] || !isNeeded[id])
    return;
  clamp(id, first, count);
  std::vector<Operand> inputs;
  std::vector<float *> inputGradients;
  for (ValueId input : node.inputs) {
    bool isConstant = network.getNode(input).kind == Node::Kind::Constant;
    int64_t size = network.getSize(input);
    Operand operand{batch.get(input), isConstant ? 0 : size};
    operand.data = operand.at(first);
    inputs.push_back(operand);
    inputGradients.push_back(isNeeded[input] ? gradients[input] + first * size
                                             : nullptr);
  }
  const float *output = batch.getLinear(id);
  assert(output && "expected a batch computed with keepLinear");
  node.operation->backward({count, inputs, output + first * node.size,
                            gradients[id] + first * node.size, inputGradients,
                            parameters.layers[id], sums, scratch});
}

void BackwardRun::run(int64_t first, int64_t last, Gradients &sums) const {
  int64_t chunk = network.getChunkSize();
  Scratch scratch;
  for (int64_t s = first; s < last; s += chunk) {
    int64_t count = std::min(chunk, last - s);
    for (ValueId id : cleared)
      std::fill_n(gradients[id] + s * network.getSize(id),
                  count * network.getSize(id), 0.0f);
    for (NodeId id = range.last - 1; id >= range.first; --id)
      runNode(id, s, count, sums[id], scratch);
  }
}

/// to += from.
void addTo(std::vector<float> &to, const std::vector<float> &from) {
  for (size_t i = 0; i < to.size(); ++i)
    to[i] += from[i];
}

/// Zeros of the same sizes.
Gradients getZeros(const Gradients &like) {
  Gradients zeros(like.size());
  for (size_t i = 0; i < like.size(); ++i) {
    zeros[i].weights.resize(like[i].weights.size());
    zeros[i].bias.resize(like[i].bias.size());
    zeros[i].logScales.resize(like[i].logScales.size());
  }
  return zeros;
}

} // namespace

void thimble::gradient::runBackward(
    const Network &network, const Parameters &parameters, const Batch &batch,
    Batch &gradients, NodeRange range, Gradients &parameterGradients,
    const std::vector<ValueId> &wanted, const ExecutionOptions &options) {
  assert(static_cast<NodeId>(parameterGradients.size()) ==
             network.getNodeCount() &&
         "one for each node");
  BackwardRun run(network, parameters, batch, gradients, range,
                  parameterGradients, wanted);
  Gradients sums[2] = {getZeros(parameterGradients),
                       getZeros(parameterGradients)};
  forEachHalf(batch.getSamples(), options.threads,
              [&](int half, int64_t first, int64_t last) {
                run.run(first, last, sums[half]);
              });
  for (const Gradients &half : sums)
    for (size_t i = 0; i < half.size(); ++i) {
      addTo(parameterGradients[i].weights, half[i].weights);
      addTo(parameterGradients[i].bias, half[i].bias);
      addTo(parameterGradients[i].logScales, half[i].logScales);
    }
}

//===- Forward.cpp - Computing a network's values -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chunks of samples go through all nodes of a range; activation and rounding
// follow each operation while its result is in the cache.
//
//===----------------------------------------------------------------------===//

#include "Bounds.h"
#include "thimble/Compression/Gradient/Execution.h"
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

Bounds thimble::gradient::getBounds(Activation activation) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (activation) {
  case Activation::None:
    return {-kInfinity, kInfinity};
  case Activation::Relu:
    return {0, kInfinity};
  case Activation::Relu6:
    return {0, 6};
  case Activation::ReluN1To1:
    return {-1, 1};
  }
  return {};
}

void thimble::gradient::roundToGrid(const ActivationGrid &grid, float *values,
                                    int64_t count) {
  float inverse = 1 / grid.scale, scale = grid.scale;
  float low = static_cast<float>(grid.low - grid.zeroPoint);
  float high = static_cast<float>(grid.high - grid.zeroPoint);
  for (int64_t i = 0; i < count; ++i) {
    // Bounds are whole, so clamping may come before rounding; then the
    // conversion to an integer, which truncates, can't overflow. In this order
    // what is no number becomes `low`.
    float x = std::min(high, std::max(low, values[i] * inverse));
    int32_t rounded = static_cast<int32_t>(x + std::copysign(0.5f, x));
    values[i] = static_cast<float>(rounded) * scale;
  }
}

/// Writes the activation of `from` to `to`, which may be the same.
static void activate(Activation activation, const float *from, float *to,
                     int64_t count) {
  if (activation == Activation::None) {
    if (from != to)
      std::copy_n(from, count, to);
    return;
  }
  Bounds bounds = getBounds(activation);
  for (int64_t i = 0; i < count; ++i)
    to[i] = std::min(std::max(from[i], bounds.low), bounds.high);
}

namespace {

/// Where a node's results go.
struct Target {
  float *output = nullptr;
  /// The same as output unless it is kept.
  float *linear = nullptr;
};

/// Runs a range of nodes on chunks of a batch.
class ForwardRun {
public:
  ForwardRun(const Network &network, const Parameters &parameters, Batch &batch,
             NodeRange range, bool keepLinear)
      : network(network), parameters(parameters), range(range),
        operands(range.last), targets(range.last) {
    for (NodeId id = range.first; id < range.last; ++id)
      prepare(id, batch, keepLinear);
  }

  /// Computes samples first..last-1.
  void run(int64_t first, int64_t last) const;

private:
  void prepare(NodeId id, Batch &batch, bool keepLinear);
  void runNode(NodeId id, int64_t first, int64_t count, Scratch &scratch) const;

  const Network &network;
  const Parameters &parameters;
  NodeRange range;
  std::vector<std::vector<Operand>> operands;
  std::vector<Target> targets;
};

void ForwardRun::prepare(NodeId id, Batch &batch, bool keepLinear) {
  const Node &node = network.getNode(id);
  if (node.kind != Node::Kind::Operation)
    return;
  for (ValueId input : node.inputs) {
    const float *data = batch.get(input);
    assert(data && "an operand from before the range isn't set");
    bool isConstant = network.getNode(input).kind == Node::Kind::Constant;
    operands[id].push_back({data, isConstant ? 0 : network.getSize(input)});
  }
  targets[id].output = targets[id].linear = batch.set(id);
  if (node.activation == Activation::None && !parameters.grids[id])
    batch.shareLinear(id);
  else if (keepLinear)
    targets[id].linear = batch.setLinear(id);
}

void ForwardRun::runNode(NodeId id, int64_t first, int64_t count,
                         Scratch &scratch) const {
  const Node &node = network.getNode(id);
  if (node.kind != Node::Kind::Operation)
    return;
  std::vector<Operand> inputs = operands[id];
  for (Operand &input : inputs)
    input.data = input.at(first);
  float *output = targets[id].output + first * node.size;
  float *linear = targets[id].linear + first * node.size;
  node.operation->forward(
      {count, inputs, linear, parameters.layers[id], scratch});
  activate(node.activation, linear, output, count * node.size);
  if (parameters.grids[id])
    roundToGrid(*parameters.grids[id], output, count * node.size);
}

void ForwardRun::run(int64_t first, int64_t last) const {
  int64_t chunk = network.getChunkSize();
  Scratch scratch;
  for (int64_t s = first; s < last; s += chunk)
    for (NodeId id = range.first; id < range.last; ++id)
      runNode(id, s, std::min(chunk, last - s), scratch);
}

} // namespace

void thimble::gradient::runForward(const Network &network,
                                   const Parameters &parameters, Batch &batch,
                                   NodeRange range,
                                   const ExecutionOptions &options) {
  for (NodeId id = range.first; id < range.last; ++id)
    if (network.getNode(id).kind == Node::Kind::Input && parameters.grids[id] &&
        batch.isOwn(id))
      roundToGrid(*parameters.grids[id], batch.set(id),
                  batch.getSamples() * network.getSize(id));
  ForwardRun run(network, parameters, batch, range, options.keepLinear);
  forEachHalf(batch.getSamples(), options.threads,
              [&](int, int64_t first, int64_t last) { run.run(first, last); });
}

//===- ValueStore.cpp - A network's values for many samples ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of samples go through the engine; what they give is put together here.
//
//===----------------------------------------------------------------------===//

#include "ValueStore.h"
#include <algorithm>

using namespace thimble;
using gradient::NodeId;
using gradient::ValueId;

/// Samples that the engine gets at once.
static constexpr int64_t blockSamples = 64;

SampleBlock SampleBlock::thinned(int64_t chosen) const {
  if (chosen >= count)
    return *this;
  SampleBlock result;
  result.count = chosen;
  for (const std::vector<float> &input : inputs) {
    int64_t size = static_cast<int64_t>(input.size()) / count;
    std::vector<float> &floats = result.inputs.emplace_back(chosen * size);
    for (int64_t i = 0; i < chosen; ++i)
      std::copy_n(input.data() + i * count / chosen * size, size,
                  floats.data() + i * size);
  }
  return result;
}

SampleBlock SampleBlock::slice(int64_t first, int64_t number) const {
  SampleBlock result;
  result.count = number;
  for (const std::vector<float> &input : inputs) {
    int64_t size = static_cast<int64_t>(input.size()) / count;
    result.inputs.emplace_back(input.begin() + first * size,
                               input.begin() + (first + number) * size);
  }
  return result;
}

ValueStore::ValueStore(const gradient::Network &network,
                       const gradient::Parameters &parameters,
                       const SampleBlock &samples)
    : network(network), parameters(parameters), count(samples.count),
      values(network.getNodeCount()), lastUser(network.getNodeCount(), -1) {
  size_t inputs = 0;
  for (NodeId id = 0; id < network.getNodeCount(); ++id) {
    if (network.getNode(id).kind == gradient::Node::Kind::Input)
      values[id] = samples.inputs[inputs++];
    for (ValueId input : network.getNode(id).inputs)
      lastUser[input] = id;
  }
}

gradient::Batch ValueStore::getInputs(NodeId node, int64_t first, int64_t step,
                                      int64_t number) const {
  gradient::Batch batch(network, number);
  for (ValueId input : network.getNode(node).inputs) {
    if (network.getNode(input).kind == gradient::Node::Kind::Constant)
      continue;
    int64_t size = network.getSize(input);
    float *to = batch.set(input);
    for (int64_t i = 0; i < number; ++i)
      std::copy_n(values[input].data() + (first + i * step) * size, size,
                  to + i * size);
  }
  return batch;
}

void ValueStore::runBlocks(
    bool keepLinear,
    const std::function<void(const gradient::Batch &, int64_t, int64_t)> &take)
    const {
  const gradient::Node &description = network.getNode(next);
  gradient::ExecutionOptions options;
  options.keepLinear = keepLinear;
  for (int64_t first = 0; first < count; first += blockSamples) {
    int64_t number = std::min(blockSamples, count - first);
    gradient::Batch batch = getInputs(next, first, 1, number);
    if (description.kind == gradient::Node::Kind::Input)
      std::copy_n(values[next].data() + first * description.size,
                  number * description.size, batch.set(next));
    gradient::runForward(network, parameters, batch, {next, next + 1}, options);
    take(batch, first, number);
  }
}

std::vector<float> ValueStore::getNextLinear() const {
  int64_t size = network.getSize(next);
  std::vector<float> result(count * size);
  runBlocks(true,
            [&](const gradient::Batch &batch, int64_t first, int64_t number) {
              std::copy_n(batch.getLinear(next), number * size,
                          result.data() + first * size);
            });
  return result;
}

void ValueStore::runNext() {
  const gradient::Node &description = network.getNode(next);
  if (description.kind != gradient::Node::Kind::Constant) {
    std::vector<float> result(count * description.size);
    runBlocks(false,
              [&](const gradient::Batch &batch, int64_t first, int64_t number) {
                std::copy_n(batch.get(next), number * description.size,
                            result.data() + first * description.size);
              });
    values[next] = std::move(result);
  }
  for (ValueId input : description.inputs)
    if (lastUser[input] == next)
      std::vector<float>().swap(values[input]);
  ++next;
}

void ValueStore::runTo(NodeId node) {
  while (next < node)
    runNext();
}

std::vector<std::vector<float>> thimble::runNetwork(
    const gradient::Network &network, const gradient::Parameters &parameters,
    const SampleBlock &samples, const std::vector<ValueId> &outputs) {
  std::vector<std::vector<float>> result(outputs.size());
  for (int64_t first = 0; first < samples.count; first += blockSamples) {
    int64_t number = std::min(blockSamples, samples.count - first);
    gradient::Batch batch(network, number);
    size_t inputs = 0;
    for (NodeId id = 0; id < network.getNodeCount(); ++id)
      if (network.getNode(id).kind == gradient::Node::Kind::Input) {
        int64_t size = network.getSize(id);
        std::copy_n(samples.inputs[inputs++].data() + first * size,
                    number * size, batch.set(id));
      }
    gradient::runForward(network, parameters, batch,
                         {0, network.getNodeCount()});
    for (size_t i = 0; i < outputs.size(); ++i) {
      int64_t size = network.getSize(outputs[i]);
      const float *values = batch.get(outputs[i]);
      result[i].insert(result[i].end(), values, values + number * size);
    }
  }
  return result;
}

//===- Network.cpp - Building networks ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shapes of results, and which operation computes them.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Network.h"
#include "Ops/Operations.h"
#include <algorithm>
#include <cassert>
#include <numeric>

using namespace thimble;
using namespace thimble::gradient;

static int64_t countElements(const Shape &shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<int64_t>());
}

/// How far apart neighbours in each dimension are.
static Shape getStrides(const Shape &shape) {
  Shape strides(shape.size(), 1);
  for (size_t d = shape.size(); d > 1; --d)
    strides[d - 2] = strides[d - 1] * shape[d - 1];
  return strides;
}

/// NumPy's broadcast shape.
static Shape broadcast(const Shape &lhs, const Shape &rhs) {
  Shape result = lhs.size() > rhs.size() ? lhs : rhs;
  const Shape &other = lhs.size() > rhs.size() ? rhs : lhs;
  size_t offset = result.size() - other.size();
  for (size_t d = 0; d < other.size(); ++d) {
    int64_t &extent = result[offset + d];
    assert((extent == other[d] || extent == 1 || other[d] == 1) &&
           "shapes don't broadcast");
    extent = std::max(extent, other[d]);
  }
  return result;
}

NodeId Network::add(std::vector<ValueId> inputs, Shape shape,
                    std::unique_ptr<Operation> operation,
                    Activation activation) {
  Node node;
  node.inputs = std::move(inputs);
  node.size = countElements(shape);
  node.shape = std::move(shape);
  node.operation = std::move(operation);
  node.activation = activation;
  for ([[maybe_unused]] ValueId input : node.inputs)
    assert(input >= 0 && input < getNodeCount() && "nodes are added in order");
  nodes.push_back(std::move(node));
  return getNodeCount() - 1;
}

ValueId Network::addInput(Shape shape) {
  ValueId id = add({}, std::move(shape), nullptr);
  nodes[id].kind = Node::Kind::Input;
  return id;
}

ValueId Network::addConstant(Shape shape, std::vector<float> numbers) {
  ValueId id = add({}, std::move(shape), nullptr);
  assert(getSize(id) == static_cast<int64_t>(numbers.size()) &&
         "a number for every element");
  nodes[id].kind = Node::Kind::Constant;
  nodes[id].constant = std::move(numbers);
  return id;
}

Shape Network::getWindowedShape(ValueId input, const PatchGeometry &geometry,
                                int64_t channels) const {
  Shape shape = getNode(input).shape;
  assert(shape.size() >= 3 && "expected height, width, channels");
  assert(getSize(input) ==
             geometry.inputHeight * geometry.inputWidth * geometry.channels &&
         "windows of another image");
  size_t d = shape.size() - 3;
  shape[d] = geometry.outputHeight;
  shape[d + 1] = geometry.outputWidth;
  shape[d + 2] = channels;
  return shape;
}

NodeId Network::addLayer(ValueId input, Shape shape,
                         const PatchGeometry &geometry, const LayerShape &layer,
                         std::unique_ptr<Operation> operation,
                         Activation activation) {
  NodeId id = add({input}, std::move(shape), std::move(operation), activation);
  nodes[id].layer = layer;
  nodes[id].geometry = geometry;
  return id;
}

NodeId Network::addConvolution(ValueId input, const PatchGeometry &geometry,
                               int64_t outputChannels, Activation activation) {
  return addLayer(input, getWindowedShape(input, geometry, outputChannels),
                  geometry, {outputChannels, geometry.getColumns()},
                  makeConvolution(geometry, outputChannels), activation);
}

NodeId Network::addDepthwise(ValueId input, const PatchGeometry &geometry,
                             int64_t multiplier, Activation activation) {
  int64_t channels = geometry.channels * multiplier;
  return addLayer(input, getWindowedShape(input, geometry, channels), geometry,
                  {channels, geometry.getTaps(), true},
                  makeDepthwise(geometry, multiplier), activation);
}

NodeId Network::addFullyConnected(ValueId input, int64_t columns, Shape result,
                                  Activation activation) {
  PatchGeometry geometry;
  geometry.channels = columns;
  geometry.inputHeight = geometry.outputHeight = getSize(input) / columns;
  int64_t outputChannels = result.back();
  assert(geometry.getRows() * columns == getSize(input) &&
         geometry.getRows() * outputChannels == countElements(result) &&
         "rows of the input and of the result");
  return addLayer(input, std::move(result), geometry, {outputChannels, columns},
                  makeConvolution(geometry, outputChannels), activation);
}

NodeId Network::addAdd(ValueId lhs, ValueId rhs, Activation activation) {
  const Shape &x = nodes[lhs].shape, &y = nodes[rhs].shape;
  Shape shape = broadcast(x, y);
  return add({lhs, rhs}, shape, makeAdd(x, y, shape), activation);
}

NodeId Network::addSub(ValueId lhs, ValueId rhs, Activation activation) {
  const Shape &x = nodes[lhs].shape, &y = nodes[rhs].shape;
  Shape shape = broadcast(x, y);
  return add({lhs, rhs}, shape, makeSub(x, y, shape), activation);
}

NodeId Network::addMul(ValueId lhs, ValueId rhs, Activation activation) {
  const Shape &x = nodes[lhs].shape, &y = nodes[rhs].shape;
  Shape shape = broadcast(x, y);
  return add({lhs, rhs}, shape, makeMul(x, y, shape), activation);
}

NodeId Network::addIdentity(ValueId input, Activation activation) {
  return add({input}, nodes[input].shape, makeIdentity(getSize(input)),
             activation);
}

NodeId Network::addLeakyRelu(ValueId input, float alpha) {
  return add({input}, nodes[input].shape, makeLeakyRelu(getSize(input), alpha));
}

NodeId Network::addHardSwish(ValueId input) {
  return add({input}, nodes[input].shape, makeHardSwish(getSize(input)));
}

NodeId Network::addLogistic(ValueId input) {
  return add({input}, nodes[input].shape, makeLogistic(getSize(input)));
}

NodeId Network::addTanh(ValueId input) {
  return add({input}, nodes[input].shape, makeTanh(getSize(input)));
}

NodeId Network::addSoftmax(ValueId input, float beta) {
  const Shape &shape = nodes[input].shape;
  int64_t depth = shape.empty() ? 1 : shape.back();
  return add({input}, shape, makeSoftmax(getSize(input), depth, beta));
}

NodeId Network::addAveragePool(ValueId input, const PatchGeometry &geometry,
                               Activation activation) {
  return add({input}, getWindowedShape(input, geometry, geometry.channels),
             makeAveragePool(geometry), activation);
}

NodeId Network::addMaxPool(ValueId input, const PatchGeometry &geometry,
                           Activation activation) {
  return add({input}, getWindowedShape(input, geometry, geometry.channels),
             makeMaxPool(geometry), activation);
}

NodeId Network::addMean(ValueId input, const std::vector<int64_t> &axes,
                        Shape result) {
  return add({input}, std::move(result), makeMean(nodes[input].shape, axes));
}

NodeId Network::addReshape(ValueId input, Shape shape) {
  assert(countElements(shape) == getSize(input) && "as many elements");
  return add({input}, std::move(shape), makeIdentity(getSize(input)));
}

NodeId Network::addPad(ValueId input, const Shape &low, const Shape &high,
                       float value) {
  const Shape &from = nodes[input].shape;
  Shape shape(from.size());
  for (size_t d = 0; d < from.size(); ++d)
    shape[d] = low[d] + from[d] + high[d];
  Shape strides = getStrides(shape), fromStrides = getStrides(from);
  std::vector<int32_t> sources(countElements(shape));
  for (size_t i = 0; i < sources.size(); ++i) {
    int64_t source = 0;
    for (size_t d = 0; d < from.size() && source >= 0; ++d) {
      int64_t index = static_cast<int64_t>(i) / strides[d] % shape[d] - low[d];
      bool isInside = index >= 0 && index < from[d];
      source = isInside ? source + index * fromStrides[d] : -1;
    }
    sources[i] = static_cast<int32_t>(source);
  }
  return add({input}, std::move(shape),
             makeMove(getSize(input), std::move(sources), value));
}

NodeId Network::addConcatenation(const std::vector<ValueId> &inputs,
                                 int64_t axis) {
  Shape shape = nodes[inputs.front()].shape;
  shape[axis] = 0;
  std::vector<int64_t> blocks;
  for (ValueId input : inputs) {
    const Shape &from = nodes[input].shape;
    shape[axis] += from[axis];
    blocks.push_back(countElements(Shape(from.begin() + axis, from.end())));
  }
  int64_t repetitions =
      countElements(Shape(shape.begin(), shape.begin() + axis));
  return add(inputs, std::move(shape),
             makeConcatenation(std::move(blocks), repetitions));
}

NodeId Network::addTranspose(ValueId input,
                             const std::vector<int64_t> &permutation) {
  const Shape &from = nodes[input].shape;
  Shape shape(from.size());
  for (size_t d = 0; d < from.size(); ++d)
    shape[d] = from[permutation[d]];
  Shape strides = getStrides(shape), fromStrides = getStrides(from);
  std::vector<int32_t> sources(countElements(shape));
  for (size_t i = 0; i < sources.size(); ++i) {
    int64_t source = 0;
    for (size_t d = 0; d < shape.size(); ++d)
      source += static_cast<int64_t>(i) / strides[d] % shape[d] *
                fromStrides[permutation[d]];
    sources[i] = static_cast<int32_t>(source);
  }
  return add({input}, std::move(shape),
             makeMove(getSize(input), std::move(sources), 0));
}

NodeId Network::addStridedSlice(ValueId input,
                                const std::vector<int64_t> &offsets,
                                const Shape &sizes,
                                const std::vector<int64_t> &strides,
                                Shape result) {
  Shape boxStrides = getStrides(sizes);
  Shape fromStrides = getStrides(nodes[input].shape);
  std::vector<int32_t> sources(countElements(sizes));
  for (size_t i = 0; i < sources.size(); ++i) {
    int64_t source = 0;
    for (size_t d = 0; d < sizes.size(); ++d) {
      int64_t index = static_cast<int64_t>(i) / boxStrides[d] % sizes[d];
      source += (offsets[d] + index * strides[d]) * fromStrides[d];
    }
    assert(source >= 0 && source < getSize(input) && "box inside the input");
    sources[i] = static_cast<int32_t>(source);
  }
  return add({input}, std::move(result),
             makeMove(getSize(input), std::move(sources), 0));
}

Parameters Network::createParameters() const {
  Parameters parameters;
  parameters.layers.resize(nodes.size());
  parameters.grids.resize(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].layer) {
      parameters.layers[i].weights.resize(nodes[i].layer->getCount());
      parameters.layers[i].bias.resize(nodes[i].layer->rows);
    }
  return parameters;
}

int64_t Network::getChunkSize() const {
  // Half of a second-level cache of 1 MB, for neighbours in the network.
  constexpr int64_t kFloats = 128 * 1024;
  int64_t largest = 1;
  for (const Node &node : nodes)
    largest = std::max(largest, node.size);
  return std::clamp<int64_t>(kFloats / (2 * largest), 1, 32);
}

std::vector<NodeId> Network::getUsers(ValueId id) const {
  std::vector<NodeId> users;
  for (NodeId user = id + 1; user < getNodeCount(); ++user) {
    const std::vector<ValueId> &inputs = nodes[user].inputs;
    if (std::find(inputs.begin(), inputs.end(), id) != inputs.end())
      users.push_back(user);
  }
  return users;
}

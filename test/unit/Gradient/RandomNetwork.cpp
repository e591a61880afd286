//===- RandomNetwork.cpp - Random shapes, numbers and networks ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything from a seed.
//
//===----------------------------------------------------------------------===//

#include "RandomNetwork.h"
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

std::vector<float> thimble::gradient::randomFloats(int64_t count,
                                                   std::mt19937 &random,
                                                   float bound) {
  std::uniform_real_distribution<float> uniform(-bound, bound);
  std::vector<float> floats(count);
  for (float &value : floats)
    value = uniform(random);
  return floats;
}

int64_t thimble::gradient::randomWhole(int64_t low, int64_t high,
                                       std::mt19937 &random) {
  return std::uniform_int_distribution<int64_t>(low, high)(random);
}

PatchGeometry thimble::gradient::randomGeometry(std::mt19937 &random) {
  auto whole = [&](int64_t low, int64_t high) {
    return randomWhole(low, high, random);
  };
  PatchGeometry g;
  g.inputHeight = whole(1, 7), g.inputWidth = whole(1, 7);
  g.channels = whole(1, 4);
  g.kernelHeight = whole(1, 3), g.kernelWidth = whole(1, 3);
  g.strideHeight = whole(1, 2), g.strideWidth = whole(1, 2);
  g.dilationHeight = whole(1, 2), g.dilationWidth = whole(1, 2);
  g.paddingTop = whole(0, 2), g.paddingLeft = whole(0, 2);
  g.outputHeight = whole(1, 5), g.outputWidth = whole(1, 5);
  return g;
}

PatchGeometry thimble::gradient::sameGeometry(int64_t size, int64_t channels,
                                              int64_t kernel, int64_t stride) {
  PatchGeometry g;
  g.inputHeight = g.inputWidth = size;
  g.channels = channels;
  g.outputHeight = g.outputWidth = (size + stride - 1) / stride;
  g.kernelHeight = g.kernelWidth = kernel;
  g.strideHeight = g.strideWidth = stride;
  int64_t padding =
      std::max<int64_t>((g.outputHeight - 1) * stride + kernel - size, 0);
  g.paddingTop = g.paddingLeft = padding / 2;
  return g;
}

Parameters thimble::gradient::randomParameters(const Network &network,
                                               std::mt19937 &random) {
  Parameters parameters = network.createParameters();
  for (NodeId id = 0; id < network.getNodeCount(); ++id) {
    const std::optional<LayerShape> &layer = network.getNode(id).layer;
    if (!layer)
      continue;
    float bound = std::sqrt(4.0f / layer->columns);
    parameters.layers[id].weights =
        randomFloats(layer->getCount(), random, bound);
    parameters.layers[id].bias = randomFloats(layer->rows, random, 0.5f);
  }
  return parameters;
}

void thimble::gradient::setRandomInputs(const Network &network, Batch &batch,
                                        std::mt19937 &random) {
  for (NodeId id = 0; id < network.getNodeCount(); ++id) {
    if (network.getNode(id).kind != Node::Kind::Input)
      continue;
    int64_t count = batch.getSamples() * network.getSize(id);
    std::vector<float> floats = randomFloats(count, random);
    std::copy(floats.begin(), floats.end(), batch.set(id));
  }
}

Network thimble::gradient::makeResidualNetwork() {
  Network network;
  ValueId x = network.addInput({8, 8, 3});
  x = network.addConvolution(x, sameGeometry(8, 3, 3, 1), 8, Activation::Relu);
  NodeId d =
      network.addDepthwise(x, sameGeometry(8, 8, 3, 1), 1, Activation::Relu6);
  NodeId p = network.addConvolution(d, sameGeometry(8, 8, 1, 1), 8);
  x = network.addAdd(x, p, Activation::Relu);
  PatchGeometry whole = sameGeometry(8, 8, 8, 8);
  x = network.addAveragePool(x, whole);
  x = network.addReshape(x, {8});
  x = network.addFullyConnected(x, 8, {5});
  network.addSoftmax(x, 1.0f);
  return network;
}

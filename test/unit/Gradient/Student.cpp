//===- Student.cpp - A quantized copy of a random network -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of activations come from some of the samples.
//
//===----------------------------------------------------------------------===//

#include "Student.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

std::vector<int8_t> thimble::gradient::getAlphabet(int bits) {
  std::vector<int8_t> codes;
  int largest = (1 << (bits - 1)) - 1;
  for (int code = -largest; code <= largest; ++code)
    codes.push_back(static_cast<int8_t>(code));
  return codes;
}

/// Rounds a layer to nearest.
static QuantizedLayer quantize(const LayerShape &shape,
                               const LayerParameters &from, int bits) {
  QuantizedLayer layer;
  float largestCode = static_cast<float>((1 << (bits - 1)) - 1);
  layer.codes.resize(shape.getCount());
  for (int64_t row = 0; row < shape.rows; ++row) {
    float largest = 0;
    for (int64_t k = 0; k < shape.columns; ++k)
      largest =
          std::max(largest, std::abs(from.weights[shape.getIndex(row, k)]));
    layer.scales.push_back(largest / largestCode);
    for (int64_t k = 0; k < shape.columns; ++k) {
      int64_t i = shape.getIndex(row, k);
      layer.codes[i] =
          static_cast<int8_t>(std::lround(from.weights[i] / layer.scales[row]));
    }
  }
  layer.bias = from.bias;
  return layer;
}

Student::Student(const Network &network, int bits, uint32_t seed)
    : network(network), layers(network.getNodeCount()) {
  std::mt19937 random(seed);
  teacher = parameters = randomParameters(network, random);
  samples.count = 512;
  samples.read = [&network, seed](uint64_t index, float *sample) {
    std::mt19937 own(static_cast<uint32_t>(index * 1000 + seed));
    std::vector<float> floats = randomFloats(network.getSize(0), own);
    std::vector<float> means = randomFloats(3, own);
    std::vector<float> slopes = randomFloats(3, own, 0.2f);
    for (size_t i = 0; i < floats.size(); ++i)
      sample[i] = 0.15f * floats[i] + means[i % 3] +
                  slopes[i % 3] * static_cast<float>(i / 24);
  };
  Batch batch(network, 32);
  for (int i = 0; i < 32; ++i)
    samples.read(i, batch.set(0) + i * network.getSize(0));
  runForward(network, teacher, batch, {0, network.getNodeCount()});
  for (NodeId id = 0; id < network.getNodeCount(); ++id) {
    const Node &node = network.getNode(id);
    const float *data = batch.get(id);
    auto [low, high] = std::minmax_element(data, data + 32 * node.size);
    float scale =
        std::max((std::max(*high, 0.0f) - std::min(*low, 0.0f)) / 255, 1e-6f);
    int zeroPoint =
        static_cast<int>(std::lround(-128 - std::min(*low, 0.0f) / scale));
    parameters.grids[id] = ActivationGrid{scale, zeroPoint, -128, 127};
    if (node.layer) {
      layers[id] = quantize(*node.layer, teacher.layers[id], bits);
      writeParameters(*node.layer, *layers[id], parameters.layers[id]);
    }
  }
}

//===- TrainedLayer.cpp - A layer while it is distilled -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Straight-through estimates: Bengio et al. 2013, arXiv 1308.3432.
//
//===----------------------------------------------------------------------===//

#include "TrainedLayer.h"
#include "thimble/Compression/Gradient/Losses.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

TrainedLayer::TrainedLayer(NodeId node, const LayerShape &shape,
                           const QuantizedLayer &start,
                           const CodeTraining *training)
    : node(node), shape(shape), current(start),
      training(training && training->alphabet.size() > 1 ? training : nullptr),
      startScales(start.scales), logFactors(start.scales.size()),
      scaleSteps(start.scales.size()), biasSteps(start.bias.size()),
      codeSteps(this->training ? start.codes.size() : 0) {
  float variance = start.bias.empty()
                       ? 0.0f
                       : static_cast<float>(
                             getVariance(start.bias.data(), start.bias.size()));
  biasDeviation = std::sqrt(variance);
  if (this->training)
    initializePositions();
}

size_t TrainedLayer::getNearest(float position) const {
  const std::vector<int8_t> &alphabet = training->alphabet;
  // First guess as if codes were evenly spaced, which they mostly are.
  float guess = (position - alphabet.front()) / gap;
  size_t last = alphabet.size() - 1;
  size_t i = static_cast<size_t>(
      std::clamp(guess + 0.5f, 0.0f, static_cast<float>(last)));
  while (i < last && position > 0.5f * (alphabet[i] + alphabet[i + 1]))
    ++i;
  while (i > 0 && position < 0.5f * (alphabet[i - 1] + alphabet[i]))
    --i;
  return i;
}

/// The weight's own place, as far as it rounds to the code that it has.
void TrainedLayer::initializePositions() {
  constexpr float kInside = 0.45f;
  const std::vector<int8_t> &alphabet = training->alphabet;
  size_t last = alphabet.size() - 1;
  gap = static_cast<float>(alphabet[last] - alphabet[0]) /
        static_cast<float>(last);
  positions.resize(current.codes.size());
  derivatives.resize(current.codes.size());
  bits.resize(alphabet.size());
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column) {
      int64_t i = shape.getIndex(row, column);
      float code = current.codes[i];
      size_t place = getNearest(code);
      float below =
          place > 0 ? code - alphabet[place - 1] : static_cast<float>(gap);
      float above = place < last ? alphabet[place + 1] - code : gap;
      float wanted = training->weights[i] / current.getScale(row);
      positions[i] =
          std::clamp(wanted, code - kInside * below, code + kInside * above);
    }
  countBits();
}

QuantizedLayer TrainedLayer::get() const { return current; }

LayerGradients TrainedLayer::getZeroGradients() const {
  LayerGradients zeros;
  zeros.logScales.resize(shape.rows);
  zeros.bias.resize(current.bias.size());
  if (training)
    zeros.weights.resize(positions.size());
  return zeros;
}

double TrainedLayer::countBits() {
  if (!training)
    return 0;
  const std::vector<int8_t> &alphabet = training->alphabet;
  std::vector<double> frequencies(256);
  for (int8_t code : current.codes)
    ++frequencies[code + 128];
  double total = static_cast<double>(current.codes.size());
  // Codes that never occur count as half a time.
  for (size_t i = 0; i < alphabet.size(); ++i)
    bits[i] = static_cast<float>(
        std::log2(total / std::max(frequencies[alphabet[i] + 128], 0.5)));
  return estimateBits(current.codes);
}

std::pair<double, int64_t>
TrainedLayer::measure(const LayerGradients &by) const {
  if (!isCoded())
    return {0, 0};
  double sum = 0;
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column) {
      double step =
          by.weights[shape.getIndex(row, column)] * current.getScale(row) * gap;
      sum += step * step;
    }
  return {sum, shape.getCount()};
}

void TrainedLayer::stepCodes(const std::vector<float> &by,
                             const StepRates &rates) {
  const std::vector<int8_t> &alphabet = training->alphabet;
  float low = alphabet.front() - 0.5f * gap,
        high = alphabet.back() + 0.5f * gap;
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column) {
      int64_t i = shape.getIndex(row, column);
      derivatives[i] = by[i] * current.getScale(row);
      if (!training->isCoded)
        continue;
      size_t place = getNearest(positions[i]);
      // Towards the neighbour on the weight's side.
      bool isAbove = positions[i] > alphabet[place];
      size_t other = isAbove ? std::min(place + 1, alphabet.size() - 1)
                             : place - (place > 0);
      if (other != place)
        derivatives[i] += rates.bitPrice * (bits[other] - bits[place]) /
                          static_cast<float>(alphabet[other] - alphabet[place]);
    }
  codeSteps.step(positions.data(), derivatives.data(), rates.code * gap);
  for (size_t i = 0; i < positions.size(); ++i) {
    positions[i] = std::clamp(positions[i], low, high);
    if (training->isFixed.empty() || !training->isFixed[i])
      current.codes[i] = alphabet[getNearest(positions[i])];
  }
}

void TrainedLayer::step(LayerGradients &by, const StepRates &rates) {
  if (training && rates.code > 0)
    stepCodes(by.weights, rates);
  std::vector<float> &scales = by.logScales;
  if (logFactors.size() == 1)
    for (size_t row = 1; row < scales.size(); ++row)
      scales[0] += scales[row];
  scaleSteps.step(logFactors.data(), scales.data(), rates.scale);
  biasSteps.step(current.bias.data(), by.bias.data(),
                 rates.bias * biasDeviation);
  for (size_t i = 0; i < logFactors.size(); ++i)
    current.scales[i] = startScales[i] * std::exp(logFactors[i]);
}

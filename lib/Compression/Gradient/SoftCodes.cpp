//===- SoftCodes.cpp - Codes between two neighbours -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nagel et al. 2020 (arXiv 2004.10568), equations 22 to 25.
//
//===----------------------------------------------------------------------===//

#include "SoftCodes.h"
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

/// The sigmoid is stretched, so that 0 and 1 are reached.
constexpr float kLow = -0.1f, kHigh = 1.1f;

/// How often each code occurs, by code + 128.
static std::vector<double> getFrequencies(const std::vector<int8_t> &codes) {
  std::vector<double> frequencies(256);
  for (int8_t code : codes)
    ++frequencies[code + 128];
  return frequencies;
}

double thimble::gradient::estimateBits(const std::vector<int8_t> &codes) {
  double sum = 0, total = static_cast<double>(codes.size());
  for (double frequency : getFrequencies(codes))
    if (frequency > 0)
      sum += frequency * std::log2(total / frequency);
  return sum;
}

SoftCodes::SoftCodes(const LayerShape &shape, const RoundingLayer &layer)
    : shape(shape), layer(layer), lower(layer.layer->codes),
      upper(layer.layer->codes), scales(shape.getCount()),
      positions(shape.getCount()), derivatives(shape.getCount()),
      steps(shape.getCount()), bits(256) {
  const std::vector<int8_t> &alphabet = layer.alphabet;
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column) {
      int64_t i = shape.getIndex(row, column);
      scales[i] = layer.layer->getScale(row);
      int8_t start = layer.layer->codes[i];
      float wanted = layer.weights[i] / scales[i];
      auto place = std::lower_bound(alphabet.begin(), alphabet.end(), start);
      bool isFixed = (!layer.isFixed.empty() && layer.isFixed[i]) ||
                     place == alphabet.end() || *place != start;
      if (!isFixed && wanted > start && place + 1 != alphabet.end())
        upper[i] = place[1];
      else if (!isFixed && wanted < start && place != alphabet.begin())
        lower[i] = place[-1];
      if (lower[i] == upper[i])
        continue;
      // Between the weight's own place and the start's.
      float share = (wanted - lower[i]) / (upper[i] - lower[i]);
      float begin = start == upper[i] ? 1.0f : 0.0f;
      float h = 0.5f * (std::clamp(share, 0.0f, 1.0f) + begin);
      float sigmoid = (h - kLow) / (kHigh - kLow);
      positions[i] = std::log(sigmoid / (1 - sigmoid));
    }
  updateBits();
}

SoftCodes::Position SoftCodes::getPosition(size_t i) const {
  float sigmoid = 1 / (1 + std::exp(-positions[i]));
  float h = sigmoid * (kHigh - kLow) + kLow;
  if (h <= 0 || h >= 1)
    return {h <= 0 ? 0.0f : 1.0f, 0};
  return {h, (kHigh - kLow) * sigmoid * (1 - sigmoid)};
}

void SoftCodes::writeWeights(std::vector<float> &weights) const {
  for (size_t i = 0; i < lower.size(); ++i) {
    float code = lower[i];
    if (lower[i] != upper[i])
      code += getPosition(i).value * (upper[i] - lower[i]);
    weights[i] = scales[i] * code;
  }
}

std::vector<int8_t> SoftCodes::harden() const {
  std::vector<int8_t> codes = lower;
  for (size_t i = 0; i < codes.size(); ++i)
    if (lower[i] != upper[i] && getPosition(i).value >= 0.5f)
      codes[i] = upper[i];
  return codes;
}

void SoftCodes::updateBits() {
  std::vector<int8_t> codes = harden();
  std::vector<double> frequencies = getFrequencies(codes);
  double total = static_cast<double>(codes.size());
  // Codes that never occur count as half a time.
  for (size_t code = 0; code < bits.size(); ++code)
    bits[code] =
        static_cast<float>(std::log2(total / std::max(frequencies[code], 0.5)));
}

void SoftCodes::step(const std::vector<float> &gradients,
                     const RoundingPrices &prices, float rate) {
  for (size_t i = 0; i < lower.size(); ++i) {
    derivatives[i] = 0;
    if (lower[i] == upper[i])
      continue;
    Position position = getPosition(i);
    float by = gradients[i] * scales[i] * (upper[i] - lower[i]);
    by += prices.bit * (bits[upper[i] + 128] - bits[lower[i] + 128]);
    // 1 - |2h - 1|^exponent is 0 only where the code is decided.
    float side = 2 * position.value - 1;
    if (prices.decision > 0)
      by -= prices.decision * 2 * prices.exponent *
            std::copysign(std::pow(std::abs(side), prices.exponent - 1), side);
    derivatives[i] = by * position.slope;
  }
  steps.step(positions.data(), derivatives.data(), rate);
}

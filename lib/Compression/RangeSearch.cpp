//===- RangeSearch.cpp - Which numbers a quantization should hold ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tails are long and few, so clipping is taken from a histogram of everything;
// rounding is taken from numbers picked among them.
//
//===----------------------------------------------------------------------===//

#include "RangeSearch.h"
#include "ActivationTypes.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

void ValueDistribution::include(ArrayRef<float> values) {
  float min = extremes.min, max = extremes.max;
  for (float value : values) {
    min = std::min(min, value);
    max = std::max(max, value);
    allFinite &= value - value == 0;
  }
  extremes = {min, max};
}

void ValueDistribution::includeAll(const ValueDistribution &other) {
  extremes.min = std::min(extremes.min, other.extremes.min);
  extremes.max = std::max(extremes.max, other.extremes.max);
  allFinite &= other.allFinite;
}

void ValueDistribution::count(ArrayRef<float> values) {
  counts.resize(bins);
  total += values.size();
  float width = extremes.max - extremes.min;
  float scale = width > 0 ? bins / width : 0;
  for (float value : values) {
    auto bin = static_cast<int>((value - extremes.min) * scale);
    ++counts[std::clamp<int>(bin, 0, bins - 1)];
  }
}

void ValueDistribution::countAll(const ValueDistribution &other) {
  counts.resize(bins);
  for (size_t i = 0; i < other.counts.size(); ++i)
    counts[i] += other.counts[i];
  picked.insert(picked.end(), other.picked.begin(), other.picked.end());
  total += other.total;
}

double ValueDistribution::binCenter(unsigned bin) const {
  double width = static_cast<double>(extremes.max) - extremes.min;
  return extremes.min + (bin + 0.5) * width / bins;
}

double ValueDistribution::getError(RealRange range) const {
  double clipped = 0;
  uint64_t outside = 0;
  for (unsigned i = 0; i < counts.size(); ++i) {
    double center = binCenter(i);
    double beyond = std::max(range.min - center, center - range.max);
    if (beyond <= 0 || counts[i] == 0)
      continue;
    outside += counts[i];
    clipped += static_cast<double>(counts[i]) * beyond * beyond;
  }
  TensorQuantization q = chooseQuantization(range.min, range.max);
  double rounded = 0;
  uint64_t inside = 0;
  for (float value : picked) {
    if (value < range.min || value > range.max)
      continue;
    double stored = std::clamp<double>(
        std::nearbyint(value / q.scale) + q.zeroPoint, -128, 127);
    double difference = q.scale * (stored - q.zeroPoint) - value;
    rounded += difference * difference;
    ++inside;
  }
  // Numbers that are anywhere within a step lose a twelfth of its square.
  double mean = inside > 0 ? rounded / inside : q.scale * q.scale / 12;
  return clipped + mean * (total - outside);
}

/// Leaves at most the rest of `part` out on either side.
RealRange ValueDistribution::percentile(double part) const {
  const double most = (1 - part) * total;
  double width = static_cast<double>(extremes.max) - extremes.min;
  auto edge = [&](unsigned bin) {
    return static_cast<float>(extremes.min + bin * width / bins);
  };
  unsigned low = 0, high = bins;
  for (uint64_t seen = counts[0]; low < bins - 1 && seen <= most;)
    seen += counts[++low];
  for (uint64_t seen = counts[bins - 1]; high > 1 && seen <= most;)
    seen += counts[--high - 1];
  RealRange range = extremes;
  if (low > 0)
    range.min = std::min(edge(low), 0.0f);
  if (high < bins)
    range.max = std::max(edge(high), 0.0f);
  return range;
}

/// One side after the other, in steps of 1/128 of it, upper side first; a
/// second time, since they share the width of a step.
RealRange ValueDistribution::leastError() const {
  constexpr int steps = 128;
  RealRange best = extremes;
  double least = getError(best);
  for (bool isUpper : {true, false, true, false}) {
    float RealRange::*side = isUpper ? &RealRange::max : &RealRange::min;
    RealRange tried = best;
    for (int i = 1; i < steps; ++i) {
      tried.*side = extremes.*side * static_cast<float>(steps - i) / steps;
      double error = getError(tried);
      if (error < least) {
        least = error;
        best = tried;
      }
    }
  }
  return best;
}

RealRange ValueDistribution::choose(RangeMethod method) const {
  if (counts.empty() || method == RangeMethod::minmax ||
      extremes.min == extremes.max)
    return extremes;
  if (method == RangeMethod::percentile)
    return percentile(0.9999);
  if (method == RangeMethod::mse)
    return leastError();
  RealRange best = extremes;
  double least = getError(best);
  for (RealRange range : {percentile(0.99999), percentile(0.9999),
                          percentile(0.999), leastError()}) {
    double error = getError(range);
    if (error < least) {
      least = error;
      best = range;
    }
  }
  return best;
}

//===- Int16Parameters.cpp - Parameters and tables of int16 ops -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables are computed in float32, operation by operation as the reference does,
// with the host's exponential function: an entry could differ by one where that
// differs from another's.
//===----------------------------------------------------------------------===//

#include "thimble/Support/Int16Parameters.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/bit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace thimble;

static double toFloat32(double scale) { return static_cast<float>(scale); }

static int16_t saturate(int32_t value) {
  return static_cast<int16_t>(
      std::clamp(value, int16Range.min, int16Range.max));
}

WideMultiplier thimble::wideMultiplier(QuantizedMultiplier factor) {
  WideMultiplier wide;
  wide.multiplier = factor.multiplier < 0x7FFF0000
                        ? (factor.multiplier + (1 << 15)) >> 16
                        : 0x7FFF;
  wide.shift = 15 - factor.shift;
  return wide;
}

//===----------------------------------------------------------------------===//
// Tables of 512 pieces
//===----------------------------------------------------------------------===//

/// `function` on [low, high] by 512 pieces, in units of 1/32768 of the result's
/// range of about [-1, 1]. Half of the error in the middle of a piece is taken
/// off its beginning. Source: internal/common.h `LUTPopulateInt16`.
static Int16Table tabulate(float low, float high,
                           llvm::function_ref<float(float)> function) {
  constexpr int steps = 512;
  // What the reference computes of a scale of 2 / 65535.
  float scale = 2.0f / 65535.0f;
  float bottom = scale * -32768.0f, top = scale * 32767.0f;
  float units = 65536.0f / (top - bottom);
  float step = (high - low) / steps;
  float half = step / 2;
  auto limit = [](float value) {
    return static_cast<int16_t>(std::clamp(value, -32768.0f, 32767.0f));
  };
  auto scaled = [&](float x) {
    float value = function(x);
    return value * units;
  };
  Int16Table table;
  for (int i = 0; i < steps; ++i) {
    float from = static_cast<float>(i) * step;
    float to = static_cast<float>(i + 1) * step;
    float begin = low + from;
    float value = std::round(scaled(begin));
    float middle = std::round(scaled(begin + half));
    float end = scaled(low + to);
    float between = std::round((end + value) / 2);
    float bias = std::round((between - middle) / 2);
    table[i] = limit(value - bias);
  }
  table[steps] = limit(std::round(scaled(high)));
  return table;
}

int16_t thimble::lookUp(const Int16Table &table, int16_t x) {
  int index = 256 + (x >> 7);
  auto slope = static_cast<int16_t>(table[index + 1] - table[index]);
  return static_cast<int16_t>(table[index] + ((slope * (x & 0x7F) + 64) >> 7));
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

std::optional<QuantizedMultiplier>
thimble::softmaxInt16Multiplier(double inputScale, float beta,
                                TensorQuantization output) {
  float difference = std::fabs(static_cast<float>(output.scale) - 1.0f / 32768);
  if (output.zeroPoint != 0 || difference > 0.001f * 1.0f / 32768)
    return std::nullopt;
  QuantizedMultiplier multiplier = quantizeMultiplier(
      toFloat32(inputScale) * static_cast<double>(beta) / (10.0 / 65535.0));
  // A difference has 17 bits: a longer shift would wrap.
  if (multiplier.multiplier < 0 || multiplier.shift > 14)
    return std::nullopt;
  return multiplier;
}

const Int16Table &thimble::expInt16Table() {
  static const Int16Table table = [] {
    float scale = 10.0f / 65535.0f;
    return tabulate(scale * -65535.0f, scale * 0.0f,
                    [](float x) { return std::exp(x); });
  }();
  return table;
}

const Int16Table &thimble::reciprocalInt16Table() {
  static const Int16Table table = [] {
    float scale = 1.0f / 65535.0f;
    return tabulate(scale * 0.0f, scale * 65535.0f,
                    [](float x) { return 1.0f / (1.0f + x); });
  }();
  return table;
}

void thimble::softmaxInt16(QuantizedMultiplier inputMultiplier,
                           llvm::ArrayRef<int16_t> row,
                           llvm::MutableArrayRef<int16_t> output) {
  int16_t maximum = *std::max_element(row.begin(), row.end());
  int32_t sum = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    int32_t scaled =
        multiplyByQuantizedMultiplier(row[i] - maximum, inputMultiplier);
    output[i] = lookUp(expInt16Table(), saturate(scaled + 32767));
    sum += output[i];
  }
  int headroom = llvm::countl_zero(static_cast<uint32_t>(sum));
  auto shifted = static_cast<int32_t>(
      ((static_cast<int64_t>(sum) << (headroom - 1)) + (1 << 13)) >> 14);
  int16_t reciprocal =
      lookUp(reciprocalInt16Table(), saturate(shifted - (1 << 15) - (1 << 16)));
  int rightShift = 31 - headroom;
  for (int16_t &value : output)
    value = static_cast<int16_t>(
        std::clamp((value * reciprocal + (1 << (rightShift - 1))) >> rightShift,
                   0, 32767));
}

//===----------------------------------------------------------------------===//
// Logistic and tanh
//===----------------------------------------------------------------------===//

/// The base 2 logarithm of a float32 and whether that is nearly an integer.
/// Source: internal/quantization_util.cc `CheckedLog2`.
static std::pair<int, bool> checkedLog2(double scale) {
  float log2 = std::log(static_cast<float>(scale)) * (1.0f / std::log(2.0f));
  float rounded = std::round(log2);
  return {static_cast<int>(rounded), std::fabs(log2 - rounded) < 1e-3f};
}

/// Source: as for its callers, which name the most bits that a power of two is
/// shifted left.
static std::optional<SigmoidParameters>
sigmoidParameters(double inputScale, TensorQuantization output,
                  int maxLeftShift) {
  auto [outputLog2, isOutputPower] = checkedLog2(output.scale);
  if (output.zeroPoint != 0 || !isOutputPower || outputLog2 != -15)
    return std::nullopt;
  auto [inputLog2, isPower] = checkedLog2(inputScale);
  int leftShift = 12 + inputLog2;
  if (isPower && leftShift >= 0 && leftShift <= maxLeftShift)
    return SigmoidParameters{3 << leftShift, 0};
  double multiplier = toFloat32(inputScale) * 4096.0 * 3.0;
  SigmoidParameters parameters;
  while (multiplier <= 32767.0 / 2.0 && parameters.shift <= 30) {
    ++parameters.shift;
    multiplier *= 2.0;
  }
  if (!(multiplier < 32768.0) || parameters.shift > 30)
    return std::nullopt;
  parameters.multiplier = static_cast<int32_t>(multiplier);
  return parameters;
}

std::optional<SigmoidParameters>
thimble::logisticInt16Parameters(double inputScale, TensorQuantization output) {
  return sigmoidParameters(inputScale, output, /*maxLeftShift=*/0);
}

std::optional<SigmoidParameters>
thimble::tanhInt16Parameters(double inputScale, TensorQuantization output) {
  return sigmoidParameters(inputScale, output, /*maxLeftShift=*/1);
}

const std::array<uint16_t, 256> &thimble::sigmoidTable() {
  auto sigmoid = [](double x) { return 65536.0 / (1.0 + std::exp(-x / 24.0)); };
  static const std::array<uint16_t, 256> table = [&] {
    std::array<uint16_t, 256> entries;
    for (int i = 0; i < 256; ++i) {
      // Straight lines are below the function: half of what that is worst.
      double between = (sigmoid(i - 0.5) + sigmoid(i + 0.5)) / 2;
      double entry = sigmoid(i) + (sigmoid(i) - between) / 2;
      entries[i] = static_cast<uint16_t>(std::round(entry));
    }
    entries[255] = 65535;
    return entries;
  }();
  return table;
}

/// x in units of 1/12288.
static int32_t rescale(SigmoidParameters parameters, int16_t x) {
  int32_t half = parameters.shift > 0 ? 1 << (parameters.shift - 1) : 0;
  return (x * parameters.multiplier + half) >> parameters.shift;
}

/// The table at `magnitude`, of which `bits` bits are between two entries;
/// `end` from the last one on.
static int32_t interpolate(int32_t magnitude, int bits, int32_t end) {
  int32_t index = magnitude >> bits;
  if (index >= 255)
    return end;
  int32_t from = sigmoidTable()[index], to = sigmoidTable()[index + 1];
  int32_t offset = magnitude & ((1 << bits) - 1);
  return (from << bits) + offset * (to - from);
}

int16_t thimble::logisticInt16(SigmoidParameters parameters, int16_t x) {
  int32_t scaled = rescale(parameters, x);
  int32_t value = interpolate(std::abs(scaled), 9, 0x7FFF << 10);
  value = scaled >= 0 ? value + (1 << 9) : (1 << 25) - value + (1 << 9) - 1;
  return static_cast<int16_t>(value >> 10);
}

int16_t thimble::tanhInt16(SigmoidParameters parameters, int16_t x) {
  int32_t scaled = rescale(parameters, x);
  int32_t value = interpolate(std::abs(scaled), 8, 0xFFFF << 8);
  value = scaled >= 0 ? value - (1 << 23) + (1 << 7)
                      : -value + (1 << 23) + (1 << 7) - 1;
  return static_cast<int16_t>(value >> 8);
}

int16_t thimble::relu6Int16Bound(double inputScale) {
  // The quotient can leave int32 for tiny scales.
  float steps = std::round(6.0f / static_cast<float>(inputScale));
  return static_cast<int16_t>(std::min(steps, 32767.0f));
}

//===- ActivationTables.cpp - Unary int8 ops as 256-entry tables ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function per op; the header names the reference kernel of each.
//===----------------------------------------------------------------------===//

#include "thimble/Support/ActivationTables.h"

#include "thimble/Support/FixedPoint.h"
#include "thimble/Support/FixedPointMath.h"

#include <algorithm>
#include <cmath>

using namespace thimble;

static int8_t clampToInt8(int32_t value, int32_t low = -128,
                          int32_t high = 127) {
  return static_cast<int8_t>(std::min(std::max(value, low), high));
}

/// The scale as the model file holds it; the reference widens it again.
static double toFloat32(double scale) { return static_cast<float>(scale); }

/// Fills a table from a function of the int8 input.
template <typename Function>
static ActivationTable tabulate(Function function) {
  ActivationTable table;
  for (int32_t x = -128; x <= 127; ++x)
    table[x + 128] = function(x);
  return table;
}

//===----------------------------------------------------------------------===//
// LOGISTIC and TANH
//===----------------------------------------------------------------------===//

/// Both functions take their argument with four integer bits, |x| < 16.
static constexpr int saturatingInputIntegerBits = 4;

static QuantizedMultiplier saturatingInputMultiplier(double inputScale) {
  return quantizeMultiplier(
      static_cast<double>(static_cast<float>(inputScale)) *
      (1 << (31 - saturatingInputIntegerBits)));
}

bool thimble::isLogisticOrTanhSupported(double inputScale) {
  QuantizedMultiplier factor = saturatingInputMultiplier(inputScale);
  return factor.multiplier != 0 && factor.shift >= 0 && factor.shift <= 31;
}

/// Tabulates `function`, which maps the scaled argument to an int8; arguments
/// that would leave the format saturate.
template <typename Function>
static ActivationTable saturatingTable(double inputScale, int inputZeroPoint,
                                       Function function) {
  assert(isLogisticOrTanhSupported(inputScale) &&
         "the importer must have refused this input scale");
  QuantizedMultiplier factor = saturatingInputMultiplier(inputScale);
  int32_t radius =
      calculateInputRadius(saturatingInputIntegerBits, factor.shift);
  return tabulate([&](int32_t x) -> int8_t {
    int32_t centered = x - inputZeroPoint;
    if (centered <= -radius)
      return -128;
    if (centered >= radius)
      return 127;
    return clampToInt8(function(Fixed<saturatingInputIntegerBits>{
        multiplyByQuantizedMultiplier(centered, factor)}));
  });
}

ActivationTable thimble::logisticTable(double inputScale, int inputZeroPoint,
                                       double /*outputScale*/,
                                       int outputZeroPoint) {
  assert(outputZeroPoint == -128 && "the reference requires it");
  return saturatingTable(inputScale, inputZeroPoint, [&](auto argument) {
    // 0.31 to units of 1/256.
    return roundingDivideByPowerOfTwo(logistic(argument).raw, 23) +
           outputZeroPoint;
  });
}

ActivationTable thimble::tanhTable(double inputScale, int inputZeroPoint,
                                   double /*outputScale*/,
                                   int /*outputZeroPoint*/) {
  return saturatingTable(inputScale, inputZeroPoint, [](auto argument) {
    // 0.31 to units of 1/128.
    return roundingDivideByPowerOfTwo(thimble::tanh(argument).raw, 24);
  });
}

//===----------------------------------------------------------------------===//
// HARD_SWISH
//===----------------------------------------------------------------------===//

namespace {
/// A factor whose mantissa has 16 bits.
struct ShortMultiplier {
  int16_t multiplier;
  int exponent;
};

struct HardSwishFactors {
  ShortMultiplier output;
  /// To the scale in which 3.0 is 32768, where x + 3 saturates by itself.
  ShortMultiplier reluish;
};
} // namespace

static ShortMultiplier shortMultiplier(double real) {
  QuantizedMultiplier factor = quantizeMultiplier(real);
  return {downscaleMultiplierToInt16(factor.multiplier), factor.shift};
}

static HardSwishFactors hardSwishFactors(double inputScale,
                                         double outputScale) {
  double highResolutionScale = toFloat32(inputScale) / 128.0;
  constexpr double reluishScale = 3.0 / 32768.0;
  return {shortMultiplier(highResolutionScale / toFloat32(outputScale)),
          shortMultiplier(highResolutionScale / reluishScale)};
}

bool thimble::isHardSwishSupported(double inputScale, double outputScale) {
  return hardSwishFactors(inputScale, outputScale).output.exponent <= 0;
}

static int16_t saturatingShiftLeft16(int16_t value, int amount) {
  // Beyond 16 every nonzero value has saturated.
  int64_t shifted = int64_t(value) * (int64_t(1) << std::min(amount, 16));
  return static_cast<int16_t>(
      std::min<int64_t>(std::max<int64_t>(shifted, INT16_MIN), INT16_MAX));
}

/// `value` scaled so that the real number 3 is 32768, saturating there. The
/// last bit of a left shift comes after the multiplication, so that what
/// saturates earlier saturates again.
static int16_t reluishValue(int16_t value, ShortMultiplier factor) {
  if (factor.exponent > 0)
    value = saturatingShiftLeft16(value, factor.exponent - 1);
  value = saturatingRoundingDoublingHighMul16(value, factor.multiplier);
  if (factor.exponent > 0)
    return saturatingShiftLeft16(value, 1);
  return roundingDivideByPowerOfTwo16(value, -factor.exponent);
}

ActivationTable thimble::hardSwishTable(double inputScale, int inputZeroPoint,
                                        double outputScale,
                                        int outputZeroPoint) {
  assert(isHardSwishSupported(inputScale, outputScale) &&
         "the importer must have refused these scales");
  HardSwishFactors factors = hardSwishFactors(inputScale, outputScale);
  return tabulate([&](int32_t x) {
    auto highResolution = static_cast<int16_t>((x - inputZeroPoint) * (1 << 7));
    int16_t preshift = saturatingRoundingDoublingHighMul16(
        highResolution, factors.output.multiplier);
    // From [-1, 1] to [0, 1]: (x + 3) / 6.
    int32_t gate =
        (reluishValue(highResolution, factors.reluish) + (1 << 15)) >> 1;
    // This product is rounded towards zero. It cannot overflow: gate >= 0.
    auto product = static_cast<int16_t>(gate * preshift / (1 << 15));
    return clampToInt8(
        roundingDivideByPowerOfTwo16(product, -factors.output.exponent) +
        outputZeroPoint);
  });
}

//===----------------------------------------------------------------------===//
// Piecewise linear functions
//===----------------------------------------------------------------------===//

ActivationTable thimble::leakyReluTable(double inputScale, int inputZeroPoint,
                                        double outputScale, int outputZeroPoint,
                                        float alpha) {
  double in = toFloat32(inputScale);
  double out = toFloat32(outputScale);
  QuantizedMultiplier identity = quantizeMultiplier(in / out);
  QuantizedMultiplier slope =
      quantizeMultiplier(in * static_cast<double>(alpha) / out);
  // The mantissa is made positive and the result negated: rounding is not
  // symmetric.
  bool isNegative = slope.multiplier < 0;
  if (isNegative)
    slope.multiplier = -slope.multiplier;
  return tabulate([&](int32_t x) {
    int32_t centered = x - inputZeroPoint;
    int32_t scaled = multiplyByQuantizedMultiplier(
        centered, centered >= 0 ? identity : slope);
    bool negate = centered < 0 && isNegative;
    return clampToInt8(
        wrappingAdd(outputZeroPoint, negate ? wrappingSub(0, scaled) : scaled));
  });
}

/// Requantization by `factor`, clamped from below at `low`.
static ActivationTable rescaledTable(QuantizedMultiplier factor,
                                     int inputZeroPoint, int outputZeroPoint,
                                     int32_t low) {
  return tabulate([&](int32_t x) {
    int32_t scaled = multiplyByQuantizedMultiplier(x - inputZeroPoint, factor);
    return clampToInt8(wrappingAdd(scaled, outputZeroPoint), low);
  });
}

ActivationTable thimble::reluTable(double inputScale, int inputZeroPoint,
                                   double outputScale, int outputZeroPoint) {
  double ratio = toFloat32(inputScale) / toFloat32(outputScale);
  return rescaledTable(quantizeMultiplier(ratio), inputZeroPoint,
                       outputZeroPoint, std::max(-128, outputZeroPoint));
}

ActivationTable thimble::relu6Table(double inputScale, int inputZeroPoint,
                                    double /*outputScale*/,
                                    int /*outputZeroPoint*/) {
  // The quotient can leave int32 for tiny scales; 255 is beyond any int8.
  float steps =
      std::min(std::round(6.0f / static_cast<float>(inputScale)), 255.0f);
  int32_t six = clampToInt8(static_cast<int32_t>(steps) + inputZeroPoint);
  return tabulate(
      [&](int32_t x) { return clampToInt8(x, inputZeroPoint, six); });
}

ActivationTable thimble::requantizeTable(double inputScale, int inputZeroPoint,
                                         double outputScale,
                                         int outputZeroPoint) {
  double ratio = toFloat32(inputScale) / toFloat32(outputScale);
  return rescaledTable(quantizeMultiplier(ratio), inputZeroPoint,
                       outputZeroPoint, -128);
}

ActivationTable thimble::eluTable(double inputScale, int inputZeroPoint,
                                  double outputScale, int outputZeroPoint) {
  auto in = static_cast<float>(inputScale);
  float inverse = 1 / static_cast<float>(outputScale);
  return tabulate([&](int32_t x) {
    float value = in * static_cast<float>(x - inputZeroPoint);
    float result = value < 0.0f ? std::exp(value) - 1.0f : value;
    float steps =
        std::round(result * inverse) + static_cast<float>(outputZeroPoint);
    return static_cast<int8_t>(std::min(std::max(steps, -128.0f), 127.0f));
  });
}

//===- QuantizedParameters.cpp - Integer parameters of int8 ops -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function per op; the header names the reference of each.
//===----------------------------------------------------------------------===//

#include "thimble/Support/QuantizedParameters.h"

#include "thimble/Support/FixedPointMath.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>

using namespace thimble;

/// The scale as the model file holds it, widened again.
static double toFloat32(double scale) { return static_cast<float>(scale); }

//===----------------------------------------------------------------------===//
// Ranges and requirements
//===----------------------------------------------------------------------===//

/// zero point + round(real / scale); none where the reference reports overflow.
static std::optional<int32_t> quantizeBound(float real,
                                            TensorQuantization output) {
  float steps = std::round(real / static_cast<float>(output.scale));
  // 2^31 itself compares equal to the float the reference compares with, but
  // its conversion is undefined there.
  if (!(steps >= -2147483648.0f && steps < 2147483648.0f))
    return std::nullopt;
  return wrappingAdd(output.zeroPoint, static_cast<int32_t>(steps));
}

std::optional<ClampRange> thimble::clampRange(FusedActivation activation,
                                              TensorQuantization output,
                                              int32_t storageMin,
                                              int32_t storageMax) {
  ClampRange range{storageMin, storageMax};
  if (activation == FusedActivation::None)
    return range;
  float low = activation == FusedActivation::ReluN1To1 ? -1.0f : 0.0f;
  std::optional<int32_t> bound = quantizeBound(low, output);
  if (!bound)
    return std::nullopt;
  range.min = std::max(storageMin, *bound);
  if (activation == FusedActivation::Relu)
    return range;
  bound =
      quantizeBound(activation == FusedActivation::Relu6 ? 6.0f : 1.0f, output);
  if (!bound)
    return std::nullopt;
  range.max = std::min(storageMax, *bound);
  return range;
}

bool thimble::isPoolSupported(TensorQuantization input,
                              TensorQuantization output) {
  float difference = std::fabs(static_cast<float>(input.scale) -
                               static_cast<float>(output.scale));
  return static_cast<double>(difference) <= 1.0e-6 &&
         input.zeroPoint == output.zeroPoint;
}

bool thimble::isConcatenationSupported(TensorQuantization input,
                                       TensorQuantization output) {
  return static_cast<float>(input.scale) == static_cast<float>(output.scale) &&
         input.zeroPoint == output.zeroPoint;
}

//===----------------------------------------------------------------------===//
// Multiply-accumulate ops
//===----------------------------------------------------------------------===//

llvm::SmallVector<QuantizedMultiplier>
thimble::convolutionMultipliers(double inputScale,
                                llvm::ArrayRef<double> weightScales,
                                double outputScale) {
  llvm::SmallVector<QuantizedMultiplier> multipliers;
  for (double weightScale : weightScales)
    multipliers.push_back(
        quantizeMultiplier(toFloat32(inputScale) * toFloat32(weightScale) /
                           toFloat32(outputScale)));
  return multipliers;
}

llvm::SmallVector<QuantizedMultiplier>
thimble::fullyConnectedMultipliers(double inputScale,
                                   llvm::ArrayRef<double> weightScales,
                                   double outputScale) {
  return convolutionMultipliers(inputScale, weightScales, outputScale);
}

bool thimble::isFullyConnectedBiasScaleSupported(double inputScale,
                                                 double weightScale,
                                                 double biasScale,
                                                 double outputScale) {
  double product = toFloat32(inputScale) * toFloat32(weightScale);
  double difference = std::fabs(product - toFloat32(biasScale));
  return difference / toFloat32(outputScale) <= 0.02;
}

//===----------------------------------------------------------------------===//
// Element-wise ops
//===----------------------------------------------------------------------===//

std::optional<AdditionParameters> thimble::additionParameters(
    TensorQuantization input1, TensorQuantization input2,
    TensorQuantization output, FusedActivation activation, ClampRange storage) {
  AdditionParameters parameters;
  // Then the sum of two inputs stays within 32 bits.
  if (storage.max == int16Range.max)
    parameters.leftShift = 15;
  double scale1 = toFloat32(input1.scale);
  double scale2 = toFloat32(input2.scale);
  double twiceLarger = 2 * std::max(scale1, scale2);
  double outputFactor =
      twiceLarger / ((1 << parameters.leftShift) * toFloat32(output.scale));
  std::optional<ClampRange> range =
      clampRange(activation, output, storage.min, storage.max);
  if (!range || !fitsMultiplierSmallerThanOneExp(scale1 / twiceLarger) ||
      !fitsMultiplierSmallerThanOneExp(scale2 / twiceLarger) ||
      !fitsMultiplierSmallerThanOneExp(outputFactor))
    return std::nullopt;
  parameters.zeroPoint1 = input1.zeroPoint;
  parameters.zeroPoint2 = input2.zeroPoint;
  parameters.outputZeroPoint = output.zeroPoint;
  parameters.multiplier1 = quantizeMultiplier(scale1 / twiceLarger);
  parameters.multiplier2 = quantizeMultiplier(scale2 / twiceLarger);
  parameters.outputMultiplier = quantizeMultiplier(outputFactor);
  parameters.range = *range;
  return parameters;
}

std::optional<MultiplicationParameters> thimble::multiplicationParameters(
    TensorQuantization input1, TensorQuantization input2,
    TensorQuantization output, FusedActivation activation, ClampRange storage) {
  std::optional<ClampRange> range =
      clampRange(activation, output, storage.min, storage.max);
  if (!range)
    return std::nullopt;
  QuantizedMultiplier factor =
      quantizeMultiplier(toFloat32(input1.scale) * toFloat32(input2.scale) /
                         toFloat32(output.scale));
  // A longer shift has no meaning on int32.
  if (factor.shift > 30)
    return std::nullopt;
  return MultiplicationParameters{input1.zeroPoint, input2.zeroPoint,
                                  output.zeroPoint, factor, *range};
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

MeanParameters thimble::meanParameters(TensorQuantization input,
                                       TensorQuantization output,
                                       int64_t count) {
  assert(count > 0 && "the mean of nothing");
  QuantizedMultiplier factor =
      quantizeMultiplier(toFloat32(input.scale) / toFloat32(output.scale));
  // As many bits as the division by count will lose are taken up front, but
  // neither overflow nor a right shift above 31 may result.
  int shift = std::min(static_cast<int>(llvm::Log2_64(count)), 32);
  shift = std::min(shift, 31 + factor.shift);
  MeanParameters parameters;
  parameters.sumOffset = static_cast<int32_t>(input.zeroPoint * count);
  parameters.outputZeroPoint = output.zeroPoint;
  parameters.multiplier.multiplier = static_cast<int32_t>(
      (static_cast<int64_t>(factor.multiplier) << shift) / count);
  parameters.multiplier.shift = factor.shift - shift;
  return parameters;
}

std::optional<SoftmaxParameters>
thimble::softmaxParameters(double inputScale, float beta,
                           TensorQuantization output) {
  constexpr int integerBits = 5;
  if (output.zeroPoint != -128 ||
      static_cast<float>(output.scale) != 1.0f / 256)
    return std::nullopt;
  double factor = std::min(static_cast<double>(beta) * toFloat32(inputScale) *
                               (1 << (31 - integerBits)),
                           static_cast<double>((1LL << 31) - 1));
  if (!(factor > 1.0))
    return std::nullopt;
  SoftmaxParameters parameters;
  parameters.inputMultiplier = quantizeMultiplierGreaterThanOne(factor);
  parameters.minDifference =
      -calculateInputRadius(integerBits, parameters.inputMultiplier.shift);
  return parameters;
}

std::array<int32_t, 256>
thimble::softmaxExpTable(const SoftmaxParameters &parameters) {
  std::array<int32_t, 256> table;
  for (int32_t index = 0; index < 256; ++index) {
    int32_t scaled = multiplyByQuantizedMultiplierGreaterThanOne(
        -index, parameters.inputMultiplier);
    table[index] = -index < parameters.minDifference
                       ? 0
                       : expOnNegativeValues(Fixed<5>{scaled}).raw;
  }
  return table;
}

//===----------------------------------------------------------------------===//
// Between float32 and integers
//===----------------------------------------------------------------------===//

static int32_t quantizeTo(float x, TensorQuantization output,
                          ClampRange storage) {
  float steps = std::round(x / static_cast<float>(output.scale));
  if (std::isnan(steps))
    steps = 0.0f;
  // Any bound beyond the number of steps gives the same integer.
  auto bound = static_cast<float>(4 * (storage.max + 1));
  auto limited = static_cast<int32_t>(std::min(std::max(steps, -bound), bound));
  return std::min(std::max(limited + output.zeroPoint, storage.min),
                  storage.max);
}

int8_t thimble::quantizeToInt8(float x, TensorQuantization output) {
  return static_cast<int8_t>(quantizeTo(x, output, ClampRange()));
}

int16_t thimble::quantizeToInt16(float x, TensorQuantization output) {
  return static_cast<int16_t>(quantizeTo(x, output, int16Range));
}

float thimble::dequantize(int32_t x, TensorQuantization input) {
  return static_cast<float>(toFloat32(input.scale) * (x - input.zeroPoint));
}

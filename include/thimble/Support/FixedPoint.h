//===- FixedPoint.h - Quantized multipliers and their rounding --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The integer arithmetic that TFLite's quantized kernels are defined by: a real
// multiplier as a 32-bit mantissa and a power of two, and the roundings with
// which it is applied. Everything here is exact by definition: a lowering that
// wants a cheaper form must prove itself equal to it (FastRequantize.h).
//
// Sources of the formulas (facts; the code is ours): gemmlowp
// fixedpoint/fixedpoint.h; TFLite kernels/internal/common.{h,cc} in its
// double-rounding form (TFLITE_SINGLE_ROUNDING=0), kernels/internal/
// quantization_util.cc.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_FIXEDPOINT_H
#define THIMBLE_SUPPORT_FIXEDPOINT_H

#include <cassert>
#include <cstdint>
#include <limits>

namespace thimble {

/// A real factor `multiplier * 2^(shift - 31)`. For a normal positive factor
/// `multiplier` is in [2^30, 2^31), so it reads as a fraction in [1/2, 1);
/// a positive `shift` shifts left, a negative one right.
struct QuantizedMultiplier {
  int32_t multiplier = 0;
  int shift = 0;

  bool operator==(const QuantizedMultiplier &other) const {
    return multiplier == other.multiplier && shift == other.shift;
  }
  bool operator!=(const QuantizedMultiplier &other) const {
    return !(*this == other);
  }
};

/// Splits `real` (finite) into mantissa and exponent; the mantissa is rounded
/// to 31 bits, halves away from zero. Zero, and any factor whose shift would be
/// below -31, becomes {0, 0}. A negative factor keeps its sign in the mantissa.
/// Source: TFLite `QuantizeMultiplier`.
QuantizedMultiplier quantizeMultiplier(double real);

/// As quantizeMultiplier; TFLite aborts unless 0 < real < 1 and the resulting
/// shift is not positive. `fits` tells beforehand whether it would.
/// Source: TFLite `QuantizeMultiplierSmallerThanOneExp`.
QuantizedMultiplier quantizeMultiplierSmallerThanOneExp(double real);
bool fitsMultiplierSmallerThanOneExp(double real);

/// As quantizeMultiplier; TFLite aborts unless real > 1 and the resulting shift
/// is not negative. Source: TFLite `QuantizeMultiplierGreaterThanOne`.
QuantizedMultiplier quantizeMultiplierGreaterThanOne(double real);

/// The greatest integer |x| that, shifted left by `inputLeftShift`, stays
/// within a fixed-point format of `inputIntegerBits` integer bits and
/// `totalSignedBits` bits besides the sign:
/// floor((2^inputIntegerBits - 1) * 2^(total - integer) / 2^inputLeftShift).
/// `inputLeftShift` is in [0, 62]. Source: TFLite `CalculateInputRadius`.
int32_t calculateInputRadius(int inputIntegerBits, int inputLeftShift,
                             int totalSignedBits = 31);

/// Two's complement `x + y`, `x - y`, `x * 2^amount`: what the reference's
/// int32 code does on any machine when it overflows, without undefined
/// behaviour here. `amount` is in [0, 31].
constexpr int32_t wrappingAdd(int32_t x, int32_t y) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) +
                              static_cast<uint32_t>(y));
}
constexpr int32_t wrappingSub(int32_t x, int32_t y) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) -
                              static_cast<uint32_t>(y));
}
constexpr int32_t wrappingShiftLeft(int32_t x, int amount) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) << amount);
}

/// The nearest integer to `a * b / 2^31`, halves towards plus infinity;
/// (-2^31) * (-2^31) saturates to 2^31 - 1. gemmlowp writes the same rounding
/// as a sign-dependent nudge and a division towards zero; for a product p that
/// is floor((p + 2^30) / 2^31) on both signs.
/// Source: gemmlowp `SaturatingRoundingDoublingHighMul` (int32).
constexpr int32_t saturatingRoundingDoublingHighMul(int32_t a, int32_t b) {
  if (a == std::numeric_limits<int32_t>::min() && b == a)
    return std::numeric_limits<int32_t>::max();
  return static_cast<int32_t>(
      (static_cast<int64_t>(a) * b + (int64_t(1) << 30)) >> 31);
}

/// The same for 16 bits: the nearest integer to `a * b / 2^15`.
/// Source: gemmlowp `SaturatingRoundingDoublingHighMul` (int16).
constexpr int16_t saturatingRoundingDoublingHighMul16(int16_t a, int16_t b) {
  if (a == std::numeric_limits<int16_t>::min() && b == a)
    return std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>((int32_t(a) * b + (1 << 14)) >> 15);
}

/// The nearest integer to `x / 2^exponent`, halves away from zero;
/// `exponent` is in [0, 31]. Source: gemmlowp `RoundingDivideByPOT` (int32).
constexpr int32_t roundingDivideByPowerOfTwo(int32_t x, int exponent) {
  if (exponent == 0)
    return x;
  int64_t half = int64_t(1) << (exponent - 1);
  return static_cast<int32_t>((int64_t(x) + half - (x < 0 ? 1 : 0)) >>
                              exponent);
}

/// The same for 16 bits. gemmlowp's mask has only 16 bits, so from an exponent
/// of 16 on (a factor below 2^-15) it gives 1 for x >= 0 and -1 for x < 0
/// instead of 0; that is kept. Source: gemmlowp `RoundingDivideByPOT` (int16).
constexpr int16_t roundingDivideByPowerOfTwo16(int16_t x, int exponent) {
  if (exponent >= 16)
    return x >= 0 ? 1 : -1;
  return static_cast<int16_t>(roundingDivideByPowerOfTwo(x, exponent));
}

/// `x` times a factor of at most one, rounded twice. `shift` is in [-31, 0].
/// Source: TFLite `MultiplyByQuantizedMultiplierSmallerThanOneExp`.
constexpr int32_t
multiplyByQuantizedMultiplierSmallerThanOneExp(int32_t x,
                                               QuantizedMultiplier factor) {
  return roundingDivideByPowerOfTwo(
      saturatingRoundingDoublingHighMul(x, factor.multiplier), -factor.shift);
}

/// `x` times a factor above one; `x << shift` wraps when it overflows.
/// `shift` is in [0, 31].
/// Source: TFLite `MultiplyByQuantizedMultiplierGreaterThanOne`.
constexpr int32_t
multiplyByQuantizedMultiplierGreaterThanOne(int32_t x,
                                            QuantizedMultiplier factor) {
  return saturatingRoundingDoublingHighMul(wrappingShiftLeft(x, factor.shift),
                                           factor.multiplier);
}

/// `x` times any factor, rounded twice: once at 2^-31 (halves up), once at
/// 2^shift when shift is negative (halves away from zero). For a positive shift
/// `x << shift` is taken first and wraps when it overflows. `shift` is in
/// [-31, 31]. This is THE requantization of 8-bit kernels.
/// Source: TFLite `MultiplyByQuantizedMultiplier` (int32 argument).
constexpr int32_t multiplyByQuantizedMultiplier(int32_t x,
                                                QuantizedMultiplier factor) {
  return factor.shift > 0
             ? multiplyByQuantizedMultiplierGreaterThanOne(x, factor)
             : multiplyByQuantizedMultiplierSmallerThanOneExp(x, factor);
}

/// The requantization of 64-bit accumulators (16x8 kernels): the mantissa is
/// rounded to 15 bits first (at most 0x7FFF), then one rounding, halves up.
/// |x| < 2^47, multiplier >= 0, `shift` in [-31, 7]; the result is truncated to
/// 32 bits. Source: TFLite `MultiplyByQuantizedMultiplier` (int64 argument).
constexpr int32_t
multiplyByQuantizedMultiplierInt64(int64_t x, QuantizedMultiplier factor) {
  int64_t reduced = factor.multiplier < 0x7FFF0000
                        ? (factor.multiplier + (1 << 15)) >> 16
                        : 0x7FFF;
  int totalShift = 15 - factor.shift;
  return static_cast<int32_t>(
      (x * reduced + (int64_t(1) << (totalShift - 1))) >> totalShift);
}

/// `multiplier` rounded to its upper 16 bits, at most 0x7FFF; multiplier >= 0.
/// Source: TFLite `DownScaleInt32ToInt16Multiplier`.
constexpr int16_t downscaleMultiplierToInt16(int32_t multiplier) {
  constexpr int32_t rounding = 1 << 15;
  if (multiplier >= std::numeric_limits<int32_t>::max() - rounding)
    return std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>((multiplier + rounding) >> 16);
}

} // namespace thimble

#endif // THIMBLE_SUPPORT_FIXEDPOINT_H

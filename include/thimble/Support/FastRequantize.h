//===- FastRequantize.h - Cheap forms of the requantization -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a lowering emits instead of the doubly rounded definition, with the
// bounds within which it is equal to it. On Armv7E-M the common form is LSL,
// ADD, SMMLAR, ASR, SSAT.
//
// With m the mantissa and acc << p within int32, the first rounding is
//   h = floor((acc * 2^p * m + 2^31) / 2^32), p = 1 + left shift.
// The second one, halves away from zero, is floor((h + 2^(s-1) - [h < 0]) /
// 2^s) for s >= 1, so the zero point joins the addend as zp * 2^s. [h < 0] may
// be read from acc: they differ only for acc < 0 with h = 0, where either gives
// 0.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_FASTREQUANTIZE_H
#define THIMBLE_SUPPORT_FASTREQUANTIZE_H

#include "thimble/Support/FixedPoint.h"

#include <cstdlib>
#include <optional>

namespace thimble {

/// Constants of the fast form; see apply for what they do.
struct FastRequantization {
  int32_t multiplier = 0;
  /// At least 1: the doubling of the high multiplication plus any left shift.
  int preShift = 1;
  /// s, 0 to 30.
  int rightShift = 0;
  /// s = 0: the zero point; else 2^(s-1) + zp * 2^s.
  int32_t addend = 0;

  /// Before clamping. Exact for |acc| <= the bound given to fastRequantization.
  constexpr int32_t apply(int32_t acc) const {
    int32_t h = static_cast<int32_t>(
        (static_cast<int64_t>(acc * (1 << preShift)) * multiplier +
         (int64_t(1) << 31)) >>
        32);
    if (rightShift == 0)
      return h + addend;
    return (h + addend + (acc >> 31)) >> rightShift;
  }

  /// Without the sign correction: equal to apply after clamping at a lower
  /// bound of at least the zero point (fused RELU), where what it changes is
  /// cut off.
  constexpr int32_t applyAboveZeroPoint(int32_t acc) const {
    int32_t h = static_cast<int32_t>(
        (static_cast<int64_t>(acc * (1 << preShift)) * multiplier +
         (int64_t(1) << 31)) >>
        32);
    return rightShift == 0 ? h + addend : (h + addend) >> rightShift;
  }
};

/// The fast form of `multiplyByQuantizedMultiplier(acc, factor) + zeroPoint`
/// for every |acc| <= `bound`; none if some step could leave 32 bits or the
/// mantissa is negative. Always there for |acc| < 2^30, shift in [-22, 0] and
/// an int8 zero point. Otherwise use the definition (64-bit shifts).
constexpr std::optional<FastRequantization>
fastRequantization(QuantizedMultiplier factor, int32_t zeroPoint,
                   int64_t bound) {
  FastRequantization fast;
  fast.multiplier = factor.multiplier;
  fast.preShift = 1 + (factor.shift > 0 ? factor.shift : 0);
  fast.rightShift = factor.shift > 0 ? 0 : -factor.shift;
  if (factor.multiplier < 0 || bound < 0 || fast.preShift > 30 ||
      fast.rightShift > 30 || bound >= (int64_t(1) << (31 - fast.preShift)))
    return std::nullopt;
  constexpr int64_t limit = std::numeric_limits<int32_t>::max();
  int64_t rounding =
      fast.rightShift == 0 ? 0 : int64_t(1) << (fast.rightShift - 1);
  int64_t addend = rounding + zeroPoint * (int64_t(1) << fast.rightShift);
  int64_t largest =
      ((bound << fast.preShift) * factor.multiplier + (int64_t(1) << 31)) >> 32;
  // One for the sign correction.
  if (largest + (addend < 0 ? -addend : addend) + 1 > limit)
    return std::nullopt;
  fast.addend = static_cast<int32_t>(addend);
  return fast;
}

/// floor((x * m + 2^31) / 2^32) from 16-bit halves, for cores without a
/// 32x32->64 multiplication. m >= 0, any x; every partial sum fits 32 bits.
constexpr int32_t roundedHighMulBySplitting(int32_t x, int32_t m) {
  int32_t xHigh = x >> 16;
  uint32_t xLow = static_cast<uint32_t>(x) & 0xFFFF;
  int32_t mHigh = m >> 16;
  uint32_t mLow = static_cast<uint32_t>(m) & 0xFFFF;
  uint32_t low = xLow * mLow;
  int32_t cross =
      xHigh * static_cast<int32_t>(mLow) + static_cast<int32_t>(low >> 16);
  uint32_t middle = (static_cast<uint32_t>(cross) & 0xFFFF) +
                    xLow * static_cast<uint32_t>(mHigh) + 0x8000;
  return xHigh * mHigh + (cross >> 16) + static_cast<int32_t>(middle >> 16);
}

/// The divisor of an average pool of `count` taps as a multiplication: the
/// rounded quotient of |sum| is ((|sum| + count / 2) * magic) >> 24, unsigned,
/// and the sign is put back. Exact for every sum of `count` int8 values; none
/// for counts of 360 and more, where the product or its error grows too large.
constexpr std::optional<uint32_t> averagePoolMagic(int32_t count) {
  if (count < 1 || count >= 360)
    return std::nullopt;
  return ((uint32_t(1) << 24) + count - 1) / count;
}

/// Applies averagePoolMagic. |sum| <= 128 * count.
constexpr int32_t averageByMagic(int32_t sum, int32_t count, uint32_t magic) {
  uint32_t magnitude = sum < 0 ? 0u - static_cast<uint32_t>(sum) : sum;
  auto quotient = static_cast<int32_t>(((magnitude + count / 2) * magic) >> 24);
  return sum < 0 ? -quotient : quotient;
}

} // namespace thimble

#endif // THIMBLE_SUPPORT_FASTREQUANTIZE_H

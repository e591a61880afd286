//===- quantize.hpp - Real numbers to quantized ones and back ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// real = scale * (quantized - zero point), the affine quantization of
// TensorFlow Lite (its "8-bit quantization specification"). No libm, no tables.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_QUANTIZE_HPP
#define THIMBLE_RT_QUANTIZE_HPP

#include <stdint.h>

namespace thimble::rt {

namespace detail {

/// The limits of the integers of at most 16 bits.
template <typename Integer>
struct Limits {
  static_assert(sizeof(Integer) <= 2, "quantized types have 8 or 16 bits");
  static constexpr bool isSigned = Integer(-1) < Integer(0);
  static constexpr int32_t bits = 8 * sizeof(Integer);
  static constexpr int32_t lowest = isSigned ? -(1 << (bits - 1)) : 0;
  static constexpr int32_t highest = (1 << (isSigned ? bits - 1 : bits)) - 1;
};

} // namespace detail

/// The nearest quantized number, halves away from zero, saturated: what the
/// QUANTIZE operator of TensorFlow Lite computes, with its division in float.
///
/// `scale` is positive, `zeroPoint` within the type. Infinities saturate; a NaN
/// gives the zero point.
template <typename Integer>
constexpr Integer quantize(float value, float scale, int32_t zeroPoint) {
  using Limits = detail::Limits<Integer>;
  // Differences of 16-bit numbers: float holds them and their halves exactly.
  const int32_t lowest = Limits::lowest - zeroPoint;
  const int32_t highest = Limits::highest - zeroPoint;
  const float quotient = value / scale;
  if (!(quotient == quotient))
    return static_cast<Integer>(zeroPoint);
  if (quotient <= static_cast<float>(lowest))
    return static_cast<Integer>(Limits::lowest);
  if (quotient >= static_cast<float>(highest))
    return static_cast<Integer>(Limits::highest);
  // Not floor(x + 0.5): the sum is rounded, for 0.49999997 to 1. The difference
  // below is exact.
  const int32_t towardsZero = static_cast<int32_t>(quotient);
  const float fraction = quotient - static_cast<float>(towardsZero);
  const int32_t away = (fraction >= 0.5f) - (fraction <= -0.5f);
  return static_cast<Integer>(towardsZero + away + zeroPoint);
}

/// The real number that a quantized one stands for.
template <typename Integer>
constexpr float dequantize(Integer value, float scale, int32_t zeroPoint) {
  static_assert(sizeof(Integer) <= 2, "quantized types have 8 or 16 bits");
  return scale * static_cast<float>(static_cast<int32_t>(value) - zeroPoint);
}

} // namespace thimble::rt

#endif // THIMBLE_RT_QUANTIZE_HPP

//===- FixedPointMath.h - exp, logistic and tanh on integers ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fixed-point elementary functions that TFLite's int8 softmax, logistic and
// tanh are defined by, bit for bit. A value of `Fixed<m>` is raw / 2^(31 - m),
// so it has m integer bits, 31 - m fractional bits and a sign.
//
// Sources of the formulas and constants (facts; the code is ours): gemmlowp
// fixedpoint/fixedpoint.h (`exp_on_negative_values`,
// `one_over_one_plus_x_for_x_in_0_1`,
// `one_minus_x_over_one_plus_x_for_x_in_0_1`, `logistic`, `tanh`), TFLite
// kernels/internal/common.h (`GetReciprocal`).
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_FIXEDPOINTMATH_H
#define THIMBLE_SUPPORT_FIXEDPOINTMATH_H

#include "thimble/Support/FixedPoint.h"

namespace thimble {

/// A fixed-point number with `IntegerBits` integer bits in 32 bits.
template <int IntegerBits>
struct Fixed {
  static_assert(IntegerBits >= 0 && IntegerBits < 31, "no fraction left");
  static constexpr int fractionalBits = 31 - IntegerBits;

  int32_t raw = 0;

  /// 1.0, or the greatest number below it where 1.0 does not fit.
  static constexpr Fixed one() {
    if constexpr (IntegerBits == 0)
      return {std::numeric_limits<int32_t>::max()};
    else
      return {int32_t(1) << fractionalBits};
  }
};

template <int M>
constexpr Fixed<M> operator+(Fixed<M> a, Fixed<M> b) {
  return {wrappingAdd(a.raw, b.raw)};
}
template <int M>
constexpr Fixed<M> operator-(Fixed<M> a, Fixed<M> b) {
  return {wrappingSub(a.raw, b.raw)};
}
/// Integer bits add up, as the ranges multiply.
template <int M, int N>
constexpr Fixed<M + N> operator*(Fixed<M> a, Fixed<N> b) {
  return {saturatingRoundingDoublingHighMul(a.raw, b.raw)};
}

/// The same number in another format: saturating when integer bits are lost,
/// rounded (halves away from zero) when fractional bits are.
template <int To, int From>
constexpr Fixed<To> rescale(Fixed<From> x) {
  if constexpr (From <= To) {
    return {roundingDivideByPowerOfTwo(x.raw, To - From)};
  } else {
    int64_t wide = static_cast<int64_t>(x.raw) * (int64_t(1) << (From - To));
    if (wide < std::numeric_limits<int32_t>::min())
      return {std::numeric_limits<int32_t>::min()};
    if (wide > std::numeric_limits<int32_t>::max())
      return {std::numeric_limits<int32_t>::max()};
    return {static_cast<int32_t>(wide)};
  }
}

namespace detail {

/// exp(x) for x in [-1/4, 0): the Taylor polynomial of degree four about -1/8.
constexpr Fixed<0> expOnLastQuarter(Fixed<0> a) {
  constexpr Fixed<0> expMinusOneEighth{1895147668};
  constexpr Fixed<0> oneThird{715827883};
  Fixed<0> x = a + Fixed<0>{int32_t(1) << 28};
  Fixed<0> x2 = x * x;
  Fixed<0> x3 = x2 * x;
  Fixed<0> x4 = x2 * x2;
  Fixed<0> x4Over4{roundingDivideByPowerOfTwo(x4.raw, 2)};
  Fixed<0> tail = (x4Over4 + x3) * oneThird + x2;
  Fixed<0> halfTail{roundingDivideByPowerOfTwo(tail.raw, 1)};
  return expMinusOneEighth + expMinusOneEighth * (x + halfTail);
}

/// 1 / ((1 + a) / 2) in [1, 2] for a in [0, 1): three Newton steps from
/// 48/17 - 32/17 d. Shared by both quotients below.
constexpr Fixed<2> reciprocalOfHalfSumWithOne(Fixed<0> a) {
  constexpr Fixed<2> start{1515870810};  // 48 / 17
  constexpr Fixed<2> slope{-1010580540}; // -32 / 17
  int64_t sum = static_cast<int64_t>(a.raw) + Fixed<0>::one().raw;
  Fixed<0> halfDenominator{
      static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2)};
  Fixed<2> x = start + halfDenominator * slope;
  for (int step = 0; step < 3; ++step) {
    Fixed<2> error = Fixed<2>::one() - halfDenominator * x;
    x = x + rescale<2>(x * error);
  }
  return x;
}

} // namespace detail

/// exp(a) for a <= 0. The fractional quarter goes through a polynomial, every
/// higher bit multiplies by its own constant exp(-2^k).
template <int IntegerBits>
constexpr Fixed<0> expOnNegativeValues(Fixed<IntegerBits> a) {
  static_assert(IntegerBits <= 5, "wider formats need a clamp at -32");
  // exp(-2^k) for k = -2 .. 4, with no integer bit.
  constexpr int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                 39332535,   720401,     242};
  constexpr int fractionalBits = Fixed<IntegerBits>::fractionalBits;
  if (a.raw == 0)
    return Fixed<0>::one();
  constexpr int32_t quarter = int32_t(1) << (fractionalBits - 2);
  Fixed<IntegerBits> lastQuarter{(a.raw & (quarter - 1)) - quarter};
  Fixed<0> result = detail::expOnLastQuarter(rescale<0>(lastQuarter));
  int32_t remainder = wrappingSub(lastQuarter.raw, a.raw);
  for (int k = -2; k < IntegerBits; ++k)
    if (remainder & (int32_t(1) << (fractionalBits + k)))
      result = result * Fixed<0>{factors[k + 2]};
  return result;
}

/// 1 / (1 + a) for a in [0, 1).
constexpr Fixed<0> oneOverOnePlusX(Fixed<0> a) {
  // The factor two is a change of format, the result then loses its only bit.
  return rescale<0>(Fixed<1>{detail::reciprocalOfHalfSumWithOne(a).raw});
}

/// (1 - a) / (1 + a) for a in [0, 1).
constexpr Fixed<0> oneMinusXOverOnePlusX(Fixed<0> a) {
  return rescale<0>(detail::reciprocalOfHalfSumWithOne(a) - Fixed<2>::one());
}

/// 1 / (1 + exp(-a)) for any a.
template <int IntegerBits>
constexpr Fixed<0> logistic(Fixed<IntegerBits> a) {
  if (a.raw == 0)
    return {int32_t(1) << 30};
  Fixed<IntegerBits> negative = a.raw > 0 ? Fixed<IntegerBits>{-a.raw} : a;
  Fixed<0> positiveResult = oneOverOnePlusX(expOnNegativeValues(negative));
  return a.raw > 0 ? positiveResult : Fixed<0>::one() - positiveResult;
}

/// tanh(a) for any a.
template <int IntegerBits>
constexpr Fixed<0> tanh(Fixed<IntegerBits> a) {
  if (a.raw == 0)
    return {0};
  // Doubling the argument is a change of format.
  Fixed<IntegerBits + 1> minusTwice{a.raw > 0 ? -a.raw : a.raw};
  Fixed<0> magnitude = oneMinusXOverOnePlusX(expOnNegativeValues(minusTwice));
  return a.raw > 0 ? magnitude : Fixed<0>{wrappingSub(0, magnitude.raw)};
}

/// A reciprocal as `value * 2^-bitsOverUnit`, value in (1/2, 1].
struct Reciprocal {
  Fixed<0> value;
  int bitsOverUnit = 0;
};

/// The reciprocal of x > 0. Source: TFLite `GetReciprocal`.
template <int IntegerBits>
constexpr Reciprocal reciprocal(Fixed<IntegerBits> x) {
  int leadingZeros = 0;
  for (uint32_t bits = x.raw; !(bits >> 31); bits <<= 1)
    ++leadingZeros;
  // The leading one becomes the 1 of 1 + a.
  uint32_t normalized = static_cast<uint32_t>(x.raw) << leadingZeros;
  Fixed<0> a{static_cast<int32_t>(normalized - (uint32_t(1) << 31))};
  return {oneOverOnePlusX(a), IntegerBits - leadingZeros};
}

} // namespace thimble

#endif // THIMBLE_SUPPORT_FIXEDPOINTMATH_H

//===- FixedPoint.cpp - Quantized multipliers -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the quantized arithmetic that starts from real numbers. It runs
// in the compiler only, so doubles are fine here.
//===----------------------------------------------------------------------===//

#include "thimble/Support/FixedPoint.h"

#include <cmath>

using namespace thimble;

QuantizedMultiplier thimble::quantizeMultiplier(double real) {
  assert(std::isfinite(real) && "quantized multipliers are finite");
  if (real == 0.0)
    return {};
  int shift = 0;
  double fraction = std::frexp(real, &shift);
  auto mantissa = static_cast<int64_t>(
      std::round(fraction * static_cast<double>(1LL << 31)));
  // Rounding up to a full 1.0 moves the value into the next binade.
  if (mantissa == (1LL << 31)) {
    mantissa /= 2;
    ++shift;
  }
  // Every bit would be shifted out; the reference stores a plain zero so that
  // no shift amount above 31 ever reaches the kernels.
  if (shift < -31)
    return {};
  return {static_cast<int32_t>(mantissa), shift};
}

bool thimble::fitsMultiplierSmallerThanOneExp(double real) {
  return real > 0.0 && real < 1.0 && quantizeMultiplier(real).shift <= 0;
}

QuantizedMultiplier thimble::quantizeMultiplierSmallerThanOneExp(double real) {
  assert(fitsMultiplierSmallerThanOneExp(real) &&
         "the importer must have refused a factor outside (0, 1)");
  return quantizeMultiplier(real);
}

QuantizedMultiplier thimble::quantizeMultiplierGreaterThanOne(double real) {
  QuantizedMultiplier factor = quantizeMultiplier(real);
  assert(real > 1.0 && factor.shift >= 0 && "a factor above one is expected");
  return factor;
}

int32_t thimble::calculateInputRadius(int inputIntegerBits, int inputLeftShift,
                                      int totalSignedBits) {
  assert(inputLeftShift >= 0 && inputLeftShift <= 62 &&
         "the shift of an input radius is a left shift");
  // The numerator is exact in a double and the denominator a power of two, so
  // the floor of the quotient is an integer shift.
  int64_t largest = ((int64_t(1) << inputIntegerBits) - 1)
                    << (totalSignedBits - inputIntegerBits);
  return static_cast<int32_t>(largest >> inputLeftShift);
}

//===- ActivationTables.h - Unary int8 ops as 256-entry tables --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An op that maps one int8 to one int8 has 256 possible results. They are
// computed here, at compile time, exactly as TFLite Micro's reference kernel
// computes them with the parameters of its Prepare step, so the target only
// looks them up.
//
// Scales are float32 in a .tflite file. The functions take the double that the
// type carries and round it to float32 first, because several of the
// reference's Prepare steps divide in float32.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_ACTIVATIONTABLES_H
#define THIMBLE_SUPPORT_ACTIVATIONTABLES_H

#include <array>
#include <cstdint>

namespace thimble {

/// The result for input x is at index `uint8_t(x + 128)`: entry 0 belongs to
/// -128, entry 255 to 127.
using ActivationTable = std::array<int8_t, 256>;

/// Looks `x` up in `table`.
inline int8_t lookUp(const ActivationTable &table, int8_t x) {
  return table[static_cast<uint8_t>(x + 128)];
}

/// LOGISTIC. The reference needs outputZeroPoint == -128 and always produces
/// scale 1/256, whatever the output's scale says.
/// Source: micro/kernels/logistic_common.cc, reference/integer_ops/logistic.h.
ActivationTable logisticTable(double inputScale, int inputZeroPoint,
                              double outputScale, int outputZeroPoint);

/// TANH. The reference always produces scale 1/128 with zero point 0, whatever
/// the output's type says. Source: micro/kernels/tanh.cc,
/// reference/integer_ops/tanh.h.
ActivationTable tanhTable(double inputScale, int inputZeroPoint,
                          double outputScale, int outputZeroPoint);

/// Whether the reference takes LOGISTIC or TANH with this input scale: its
/// multiplication by scale * 2^27 must be a shift it can do (scale in about
/// [2^-28, 16)).
bool isLogisticOrTanhSupported(double inputScale);

/// HARD_SWISH, in the reference's 16-bit arithmetic.
/// Source: micro/kernels/hard_swish_common.cc, reference/hard_swish.h.
ActivationTable hardSwishTable(double inputScale, int inputZeroPoint,
                               double outputScale, int outputZeroPoint);

/// The reference refuses HARD_SWISH when inputScale / (128 * outputScale) is
/// one or more.
bool isHardSwishSupported(double inputScale, double outputScale);

/// LEAKY_RELU with its two multipliers. `alpha` may be
/// negative or above one.
/// Source: micro/kernels/leaky_relu_common.cc, reference/leaky_relu.h.
ActivationTable leakyReluTable(double inputScale, int inputZeroPoint,
                               double outputScale, int outputZeroPoint,
                               float alpha);

/// RELU with requantization.
/// Source: micro/kernels/activations_common.cc, activations.h.
ActivationTable reluTable(double inputScale, int inputZeroPoint,
                          double outputScale, int outputZeroPoint);

/// RELU6. The reference clamps in the input's scale and copies: it never
/// requantizes, whatever the output's type says.
/// Source: micro/kernels/activations_common.cc (`Relu6Prepare`), activations.h.
ActivationTable relu6Table(double inputScale, int inputZeroPoint,
                           double outputScale, int outputZeroPoint);

/// QUANTIZE from int8 to int8.
/// Source: micro/kernels/quantize_common.cc, reference/requantize.h.
ActivationTable requantizeTable(double inputScale, int inputZeroPoint,
                                double outputScale, int outputZeroPoint);

/// ELU by float32 (the host's expf, so an entry may differ by one where expf
/// does). Source: micro/kernels/elu.cc (`PopulateLookupTable`).
ActivationTable eluTable(double inputScale, int inputZeroPoint,
                         double outputScale, int outputZeroPoint);

} // namespace thimble

#endif // THIMBLE_SUPPORT_ACTIVATIONTABLES_H

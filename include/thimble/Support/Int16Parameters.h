//===- Int16Parameters.h - Parameters and tables of int16 ops ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What TFLite Micro prepares for its 16-bit kernels (16x8: int16 activations of
// zero point 0, int8 weights) where that is another thing than for int8, which
// QuantizedParameters.h has.
//
// As there, scales are rounded to float32 first, and a function returns
// std::nullopt where the reference refuses the model or is undefined.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_INT16PARAMETERS_H
#define THIMBLE_SUPPORT_INT16PARAMETERS_H

#include "thimble/Support/QuantizedParameters.h"

namespace thimble {

/// A convolution or product of a multiplier above this overflows: its 64-bit
/// rescaling takes shifts of up to 7 bits to the left.
inline constexpr int maxWideShift = 7;
/// Bounds the sums that it takes, and so the biases: |sum| < 2^47, half of it
/// for the products (2^22 each, of fewer than 2^24).
inline constexpr int64_t maxWideBias = int64_t(1) << 46;

/// The one rounding of an exact sum: x * `multiplier` (the mantissa's upper 16
/// bits) * 2^-`shift`, halves up. `shift` is in [8, 46].
/// Source: internal/common.cc `MultiplyByQuantizedMultiplier` (int64 argument).
struct WideMultiplier {
  int32_t multiplier = 0;
  int shift = 0;
};
WideMultiplier wideMultiplier(QuantizedMultiplier factor);

/// 512 linear pieces of a function; entry 512 ends the last one.
using Int16Table = std::array<int16_t, 513>;

/// Looks `x` up: the seven low bits are the place between two entries.
/// Source: internal/common.h `LUTLookup` (int16).
int16_t lookUp(const Int16Table &table, int16_t x);

/// SOFTMAX: the difference to the maximum is rescaled, so that [-10, 0] is
/// [-65535, 0], and moved up by 32767; the exponential of that is looked up,
/// and the reciprocal of the sum. Source: micro/kernels/softmax_common.cc,
/// reference/softmax.h `SoftmaxInt16`.
/// @{
std::optional<QuantizedMultiplier>
softmaxInt16Multiplier(double inputScale, float beta,
                       TensorQuantization output);
/// exp(x) on [-10, 0] in Q0.15.
const Int16Table &expInt16Table();
/// 1 / (1 + x) on [0, 1] in Q0.15.
const Int16Table &reciprocalInt16Table();
/// `output` has the length of `row`.
void softmaxInt16(QuantizedMultiplier inputMultiplier,
                  llvm::ArrayRef<int16_t> row,
                  llvm::MutableArrayRef<int16_t> output);
/// @}

/// LOGISTIC and TANH take (x * multiplier + half) >> shift, in units of
/// 1/12288 (24 * 512), to the table below.
struct SigmoidParameters {
  int32_t multiplier = 0;
  int shift = 0;
};
/// Refused unless the output is of scale 1/32768, and if the input's scale is
/// above 32767/12288 or vanishes.
/// Source: micro/kernels/logistic_common.cc, tanh.cc.
/// @{
std::optional<SigmoidParameters>
logisticInt16Parameters(double inputScale, TensorQuantization output);
std::optional<SigmoidParameters> tanhInt16Parameters(double inputScale,
                                                     TensorQuantization output);
/// @}
/// 65536 / (1 + exp(-i / 24)), raised so that lines between entries are off by
/// as much above as below; the last is 65535.
/// Source: internal/common.h `sigmoid_table_uint16`.
const std::array<uint16_t, 256> &sigmoidTable();
/// Source: reference/integer_ops/logistic.h, tanh.h.
/// @{
int16_t logisticInt16(SigmoidParameters parameters, int16_t x);
int16_t tanhInt16(SigmoidParameters parameters, int16_t x);
/// @}

/// The only quantization of int16 results of SOFTMAX, LOGISTIC and TANH.
inline constexpr TensorQuantization int16Fraction{1.0 / 32768, 0};

/// RELU6 clamps to [0, this] and does not rescale: 6 in the input's scale.
int16_t relu6Int16Bound(double inputScale);

} // namespace thimble

#endif // THIMBLE_SUPPORT_INT16PARAMETERS_H

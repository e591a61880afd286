//===- QuantizedParameters.h - Integer parameters of int8 ops ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The integer parameters of each int8 op (and of int16 ops, where they are
// computed alike; the others are in Int16Parameters.h), computed from scales
// and zero points exactly as TFLite Micro computes them before it runs a
// kernel. A lowering takes its multipliers from here and never derives its own:
// the order and the precision of these few divisions decide the last bit of the
// output.
//
// A function returns std::nullopt where the reference refuses the model; an
// importer reports that, a lowering may dereference. Scales are rounded to
// float32 first (a .tflite file holds no more) and then used in double.
// Up to 2026-10-02 the reference computed the multipliers of SUB and of
// per-tensor FULLY_CONNECTED in float32; from 2026-10-14 it uses double. This
// is the newer arithmetic.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_QUANTIZEDPARAMETERS_H
#define THIMBLE_SUPPORT_QUANTIZEDPARAMETERS_H

#include "thimble/Support/FixedPoint.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <array>
#include <optional>

namespace thimble {

/// Scale and zero point of one per-tensor quantized value.
struct TensorQuantization {
  double scale = 1.0;
  int32_t zeroPoint = 0;
};

/// An activation fused into an op.
enum class FusedActivation { None, Relu, ReluN1To1, Relu6 };

/// Inclusive bounds in units of the stored integer.
struct ClampRange {
  int32_t min = -128;
  int32_t max = 127;
};
inline constexpr ClampRange int16Range{-32768, 32767};

/// The range of `activation` for an output stored in [storageMin, storageMax]:
/// zero point + round(bound / scale), the quotient in float32, halves away from
/// zero; none if a quotient leaves int32.
/// Source: kernel_util.cc `CalculateActivationRangeQuantized`.
std::optional<ClampRange> clampRange(FusedActivation activation,
                                     TensorQuantization output,
                                     int32_t storageMin = -128,
                                     int32_t storageMax = 127);

/// The multiplier of each output channel of CONV_2D and DEPTHWISE_CONV_2D:
/// input scale * weight scale / output scale. `weightScales` has one entry (for
/// all channels) or one per channel; the result has as many.
/// Source: kernel_util.cc `PopulateConvolutionQuantizationParams`.
llvm::SmallVector<QuantizedMultiplier>
convolutionMultipliers(double inputScale, llvm::ArrayRef<double> weightScales,
                       double outputScale);

/// The same for FULLY_CONNECTED. Source: micro/kernels/
/// fully_connected_common.cc, kernel_util.cc
/// `GetQuantizedConvolutionMultipler`.
llvm::SmallVector<QuantizedMultiplier> fullyConnectedMultipliers(
    double inputScale, llvm::ArrayRef<double> weightScales, double outputScale);

/// The reference refuses a per-tensor FULLY_CONNECTED whose bias scale is more
/// than 2 % of the output scale away from input scale * weight scale.
bool isFullyConnectedBiasScaleSupported(double inputScale, double weightScale,
                                        double biasScale, double outputScale);

/// ADD and SUB: both inputs go to a common scale, 20 bits up (15 for int16).
struct AdditionParameters {
  int leftShift = 20;
  int32_t zeroPoint1 = 0;
  int32_t zeroPoint2 = 0;
  int32_t outputZeroPoint = 0;
  QuantizedMultiplier multiplier1;
  QuantizedMultiplier multiplier2;
  QuantizedMultiplier outputMultiplier;
  ClampRange range;
};

/// All tensors are stored in `storage`. Refused if a multiplier is not within
/// (0, 1). Source: micro/kernels/add_common.cc, sub_common.cc.
std::optional<AdditionParameters> additionParameters(TensorQuantization input1,
                                                     TensorQuantization input2,
                                                     TensorQuantization output,
                                                     FusedActivation activation,
                                                     ClampRange storage = {});

/// MUL, on tensors stored in `storage`. Source: micro/kernels/mul_common.cc.
struct MultiplicationParameters {
  int32_t zeroPoint1 = 0;
  int32_t zeroPoint2 = 0;
  int32_t outputZeroPoint = 0;
  QuantizedMultiplier outputMultiplier;
  ClampRange range;
};

std::optional<MultiplicationParameters>
multiplicationParameters(TensorQuantization input1, TensorQuantization input2,
                         TensorQuantization output, FusedActivation activation,
                         ClampRange storage = {});

/// AVERAGE_POOL_2D and MAX_POOL_2D never requantize: the reference wants scales
/// within 1e-6 of each other (absolute) and equal zero points.
/// Source: micro/kernels/pooling_common.cc `PoolingPrepare`.
bool isPoolSupported(TensorQuantization input, TensorQuantization output);

/// CONCATENATION copies: scale and zero point of each input must be those of
/// the output, as float32. Source: micro/kernels/concatenation.cc.
bool isConcatenationSupported(TensorQuantization input,
                              TensorQuantization output);

/// MEAN over `count` elements: the sum is multiplied by
/// input scale / output scale / count, the count being divided into the
/// mantissa (truncated), whose top bit may therefore be clear. Source:
/// micro/kernels/reduce_common.cc, reference/reduce.h
/// (`QuantizedMeanOrSum`; integers have no special case for axes 1 and 2).
struct MeanParameters {
  /// What is subtracted from the raw sum: zero point * count.
  int32_t sumOffset = 0;
  int32_t outputZeroPoint = 0;
  QuantizedMultiplier multiplier;
};

MeanParameters meanParameters(TensorQuantization input,
                              TensorQuantization output, int64_t count);

/// SOFTMAX from int8 to int8.
struct SoftmaxParameters {
  /// Takes a difference to five integer bits; its shift is not negative.
  QuantizedMultiplier inputMultiplier;
  /// Differences below count as zero and yield -128.
  int32_t minDifference = 0;
};

/// Refused unless the output is scale 1/256, zero point -128, and
/// beta * scale * 2^26 > 1.
/// Source: micro/kernels/softmax_common.cc, quantization_util.cc
/// `PreprocessSoftmaxScaling`.
std::optional<SoftmaxParameters>
softmaxParameters(double inputScale, float beta, TensorQuantization output);

/// exp(x) without integer bits for each difference -index; 0 below
/// minDifference. The sum of a row takes each entry rounded to 12 integer bits:
/// (entry + 2048) >> 12, in unsigned arithmetic.
std::array<int32_t, 256> softmaxExpTable(const SoftmaxParameters &parameters);

/// QUANTIZE from float32: clamp(round(x / scale) + zero point), the quotient in
/// float32, halves away from zero. What leaves int32 saturates (the reference
/// leaves it undefined). NaN gives the zero point.
/// Source: reference/quantize.h `AffineQuantize`.
int8_t quantizeToInt8(float x, TensorQuantization output);

/// The same to int16.
int16_t quantizeToInt16(float x, TensorQuantization output);

/// DEQUANTIZE of int8 or int16: scale * (x - zero point), rounded to float32
/// once. Source: reference/dequantize.h `Dequantize`.
float dequantize(int32_t x, TensorQuantization input);

} // namespace thimble

#endif // THIMBLE_SUPPORT_QUANTIZEDPARAMETERS_H

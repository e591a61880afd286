//===- Requantize.h - From accumulators to outputs --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The end of every multiply-accumulate nest: an int32 accumulator becomes an
// int8 or int16 output bit for bit as TFLite's MultiplyByQuantizedMultiplier
// (double rounding) makes it, an exact one as the form for int64 (one rounding)
// does, a float one gets its bias; all are clamped.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_REQUANTIZE_H
#define THIMBLE_LOOPNEST_REQUANTIZE_H

#include "mlir/Support/LLVM.h"
#include "thimble/LoopNest/StepBuilder.h"
#include "thimble/Support/FastRequantize.h"
#include "thimble/Support/Int16Parameters.h"
#include <limits>

namespace thimble {

/// One output channel of an integer op.
struct OutputChannel {
  int64_t bias = 0; ///< with the input zero point folded in
  QuantizedMultiplier multiplier;
  /// An upper bound of the accumulator's magnitude over all inputs.
  int64_t accumulatorBound = 0;
};

/// int32 multiplier * shift of one accumulator, general form: exact for every
/// accumulator and shift. `left` and `right` are i32, one of them zero.
mlir::Value buildMultiplyByQuantizedMultiplier(StepBuilder &b, mlir::Value x,
                                               mlir::Value multiplier,
                                               mlir::Value left,
                                               mlir::Value right);
/// round(x * multiplier / 2^31), ties up: gemmlowp's SRDHM but for the product
/// of two INT32_MIN.
mlir::Value buildHighMul(StepBuilder &b, mlir::Value x, mlir::Value multiplier);
/// round(x / 2^exponent), ties away from zero; exponent >= 0.
mlir::Value buildRoundingShift(StepBuilder &b, mlir::Value x,
                               mlir::Value exponent);
/// multiplier * x + zeroPoint for |x| <= bound, in the cheapest exact form.
mlir::Value buildRequantize(StepBuilder &b, mlir::Value x,
                            QuantizedMultiplier multiplier, int32_t zeroPoint,
                            int64_t bound);

/// min(max(x, low), high) without libm; unbounded sides cost nothing.
mlir::Value buildFloatClamp(StepBuilder &b, mlir::Value x, float low,
                            float high);

class Requantizer {
public:
  /// int8 activations: outputs round(acc * multiplier) + zeroPoint in
  /// [low, high].
  static Requantizer integer(llvm::ArrayRef<OutputChannel> channels,
                             int32_t zeroPoint, int32_t low, int32_t high);
  /// The same of int16 activations with zero point 0, whose sums wrap.
  static Requantizer wrapping16(llvm::ArrayRef<OutputChannel> channels,
                                int32_t low, int32_t high);
  /// int16 activations and exact sums, below 2^47; multipliers are below
  /// 2^maxWideShift.
  static Requantizer exact16(llvm::ArrayRef<OutputChannel> channels,
                             int32_t low, int32_t high);
  /// Outputs acc + bias in [low, high].
  static Requantizer floating(llvm::ArrayRef<float> bias, float low,
                              float high);

  bool isFloat() const { return floatingPoint; }
  /// Bytes of an activation, read or written.
  unsigned elementBytes() const { return activationBytes; }
  unsigned weightBytes() const { return floatingPoint ? 4 : 1; }
  /// True if accumulators are 64 bits: some sum may leave 32.
  bool isWide() const { return form == Form::Exact64; }

  /// True if four channels can be finished at a time by vector instructions.
  bool canVectorize() const {
    return !floatingPoint && fast && activationBytes == 1;
  }
  /// Lays the tables out for storeVector: one array a parameter instead of one
  /// record a channel. Before addTables.
  void vectorize() { planar = true; }

  /// Adds the tables `parameters` (a record a channel) and, where all channels
  /// share one multiplier, `multiplier`. buildStep sees them at `firstTable`.
  /// A record is the bias alone, if the multiplier is shared, or 8 bytes: the
  /// bias above a byte for the shift, and the multiplier's mantissa. The shift
  /// has a word of its own if some bias needs more than 24 bits. All else
  /// follows from the shift. Exact sums have records of their own.
  void addTables(StepSpec &spec);

  /// An activation or a weight at an address, as multiplyAdd wants it.
  mlir::Value loadInput(StepBuilder &b, mlir::Value address) const;
  mlir::Value loadWeight(StepBuilder &b, mlir::Value address) const;
  /// sum + x * w in the accumulator's type, two roundings for floats.
  mlir::Value multiplyAdd(StepBuilder &b, mlir::Value sum, mlir::Value x,
                          mlir::Value w) const;

  /// The address of a channel's record; `channel` counts from the range start.
  mlir::Value record(StepBuilder &b, mlir::Value channel) const;
  /// Whether an accumulator lives through a loop, which has no register left
  /// for a shift that was loaded with the bias, or through unrolled code.
  enum class Lifetime { Loop, Unrolled };
  mlir::Value initial(StepBuilder &b, mlir::Value record, int64_t index,
                      Lifetime lifetime) const;
  /// Outputs of channel `index` behind `record`, ready to be stored. For all
  /// LLVM knows a store changes the parameters: they are loaded once for all
  /// outputs that are finished together.
  StepBuilder::Values finish(StepBuilder &b, mlir::ValueRange accumulators,
                             mlir::Value record, int64_t index) const;

  /// The same for the four channels from `record` on, on vectors of four i32.
  mlir::Value initialVector(StepBuilder &b, mlir::Value record) const;
  void storeVector(StepBuilder &b, mlir::Value accumulators, mlir::Value record,
                   mlir::Value address) const;

  /// Finishes and stores a block of `channels` accumulators a pixel (or, after
  /// `vectorize`, one vector of four) at `address`; pixels are `pixelBytes`
  /// apart there.
  void storeBlock(StepBuilder &b, mlir::ValueRange accumulators,
                  int64_t channels, mlir::Value record, mlir::Value address,
                  int64_t pixelBytes) const;

private:
  enum class Form {
    Doubly,  ///< rounded twice; or floats
    Exact32, ///< exact sums that fit 32 bits: one product, one shift
    Exact64, ///< any
  };
  /// What the tables hold for the shift: its distance right for vectors as
  /// VRSHL wants it, one less than the distance for the fast form, the shift
  /// itself for the general one.
  int32_t shiftCode(const OutputChannel &channel) const;
  /// The words of a channel's record.
  llvm::SmallVector<int32_t> recordOf(const OutputChannel &channel) const;
  /// Where a channel's multiplier and the byte of its shift are, given its
  /// bias.
  std::pair<mlir::Value, mlir::Value> addresses(StepBuilder &b,
                                                mlir::Value bias) const;
  StepBuilder::Values finishFast(StepBuilder &b, mlir::ValueRange accumulators,
                                 mlir::Value multiplier,
                                 mlir::Value shift) const;

  /// Clamped outputs of integers that are rounded twice, and of exact sums.
  /// `own` is the channel's record.
  StepBuilder::Values finishDoubly(StepBuilder &b,
                                   mlir::ValueRange accumulators,
                                   mlir::Value own) const;
  StepBuilder::Values finishExact(StepBuilder &b, mlir::ValueRange accumulators,
                                  mlir::Value own) const;

  Form form = Form::Doubly;
  int preShift = 0; ///< of Exact32: how far sums are shifted left first
  unsigned activationBytes = 1;
  bool floatingPoint = false;
  bool fast = false;   ///< one shift right, rounding and zero point folded
  bool shared = false; ///< one multiplier for all channels
  /// The shift is the low byte of the bias's word.
  bool packed = false;
  int32_t zeroPoint = 0;
  int32_t low = 0, high = 0;
  float floatLow = -std::numeric_limits<float>::infinity();
  float floatHigh = std::numeric_limits<float>::infinity();
  llvm::SmallVector<OutputChannel> channels;
  llvm::SmallVector<float> floatBias;
  bool planar = false;
  int64_t recordBytes = 0; ///< between the same parameter of two channels
  int64_t fieldBytes = 4;  ///< between two parameters of one channel
  unsigned firstTable = 0;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_REQUANTIZE_H

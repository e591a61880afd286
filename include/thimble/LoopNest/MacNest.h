//===- MacNest.h - Blocked multiply-accumulate loops ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One output row of a convolution or a matrix product: P pixels by C channels
// are accumulated at a time, so that every loaded input serves C products and
// every loaded weight P of them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_MACNEST_H
#define THIMBLE_LOOPNEST_MACNEST_H

#include "thimble/LoopNest/Requantize.h"
#include "thimble/LoopNest/TapSource.h"

namespace thimble {

/// Accumulators held in registers: pixels by (groups of) channels, and how many
/// products of a run are unrolled.
struct BlockShape {
  int64_t pixels, channels, unroll;
};

class MacNest {
public:
  /// `weights` are outputChannels rows of kernelHeight * kernelWidth *
  /// inputChannels elements (TFLite's OHWI order), in bytes.
  MacNest(const WindowGeometry &geometry, Requantizer requantizer,
          std::vector<uint8_t> weights, uint8_t paddingByte,
          const TargetInfo &target);

  /// Fills in all but the operands of the spec.
  void describe(StepSpec &spec);
  void build(StepBuilder &b) const;

private:
  using Value = mlir::Value;
  using ValueRange = mlir::ValueRange;
  using Values = StepBuilder::Values;

  void chooseBlock(const TargetInfo &target);
  WeightLayout weightLayout() const;
  NestForm form(const TargetInfo &target) const;
  NestWork work(NestForm form) const; ///< of a step
  /// True if rows may be computed as one long row.
  bool joinsRows() const {
    return g.isPointwise() && g.strideH == 1 && g.strideW == 1;
  }
  int64_t groupBytes() const; ///< of the weights of `lanes` channels
  /// `count` products from place `start` of every base on.
  Values addProducts(StepBuilder &b, Values sums, ValueRange inputs,
                     Value weights, Value start, int64_t count) const;
  /// The products of `bytes` bytes of every channel's weights, `block.unroll`
  /// weights at a time.
  Values addByIndex(StepBuilder &b, Values sums, ValueRange inputs,
                    Value weights, int64_t bytes) const;
  Values addByPointers(StepBuilder &b, Values sums, ValueRange inputs,
                       Value weights, int64_t bytes) const;
  Values accumulateRun(StepBuilder &b, Values accumulators, ValueRange inputs,
                       Value weights) const;
  void storeBlock(StepBuilder &b, ValueRange sums, Value record,
                  Value out) const;
  /// `group` is the channel that the block's weights begin with, `channel` that
  /// of its outputs.
  void buildBlock(StepBuilder &b, Value pixel, Value group,
                  Value channel) const;

  int64_t unrolledLength() const; ///< how much of a run is in the loop
  WindowGeometry g;
  Requantizer requantizer;
  std::vector<uint8_t> weights;
  BlockShape block;
  /// Output channels of one accumulator: 4 in a vector, or 1.
  int64_t lanes = 1;
  /// Four scalar accumulators of one pixel are requantized as a vector.
  bool finishVector = false;
  int64_t elementBytes, weightBytes;
  TapSource source;
  double stepCycles;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_MACNEST_H

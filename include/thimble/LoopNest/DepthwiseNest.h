//===- DepthwiseNest.h - Depthwise convolution loops ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One output row of a depthwise convolution: P pixels of one channel at a time,
// all taps unrolled, so that an input element is loaded once for all the
// windows of the block that have it.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_DEPTHWISENEST_H
#define THIMBLE_LOOPNEST_DEPTHWISENEST_H

#include "thimble/LoopNest/MacNest.h"

namespace thimble {

class DepthwiseNest {
public:
  /// `weights` in TFLite's order (tap, output channel).
  DepthwiseNest(const WindowGeometry &geometry, Requantizer requantizer,
                llvm::ArrayRef<uint8_t> weights, uint8_t paddingByte,
                const TargetInfo &target);

  /// Fills in all but the operands of the spec; of those that are there, how a
  /// range of channels shifts them.
  void describe(StepSpec &spec);
  void build(StepBuilder &b) const;

private:
  using Value = mlir::Value;
  using ValueRange = mlir::ValueRange;
  using Values = StepBuilder::Values;

  void choosePixels();
  WeightLayout weightLayout() const;
  NestWork work() const; ///< of a step
  Value load(StepBuilder &b, Value address) const;
  /// Columns, relative to the block's first, that some window of it reads.
  llvm::SmallVector<int64_t> columns() const;
  void fillTable(StepBuilder &b, Value pixel) const;
  /// What the columns of a window row are found from: their addresses' place
  /// in the table, or the address of the first.
  Value columnsBase(StepBuilder &b, Value pixel, Value ky, Value channel) const;
  Value loadColumn(StepBuilder &b, Value base, int64_t index, int64_t column,
                   Value channel) const;
  Values addRow(StepBuilder &b, Values sums, Value pixel, Value ky,
                Value inputChannel, Value weights) const;
  /// `group` is the channel that the weights begin with, `outputChannel` that
  /// of the outputs.
  void buildChannel(StepBuilder &b, Value pixel, Value inputChannel,
                    Value group, Value outputChannel) const;
  void buildChannels(StepBuilder &b, Value pixel) const;

  WindowGeometry g;
  Requantizer requantizer;
  std::vector<uint8_t> weights;
  uint8_t paddingByte;
  int64_t pixels; ///< of a block
  int64_t multiplier;
  int64_t elementBytes;
  int64_t pointerBytes;
  double stepCycles;
  bool unrollRows;
  int64_t lanes = 1; ///< channels of one accumulator: 4 in a vector, or 1
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_DEPTHWISENEST_H

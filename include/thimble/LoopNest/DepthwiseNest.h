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

  /// Bytes of int32 sums that input rows can be added to one by one, if there
  /// is one output row of which each element is computed once; otherwise 0.
  int64_t sumBytes() const;
  /// Adds the row `b.row` to `b.sums`. After describe.
  void buildAbsorb(StepBuilder &b) const;
  /// Makes the output row of `b.sums`. After describe.
  void buildAbsorbed(StepBuilder &b) const;

private:
  /// What is done with the accumulators of a block of outputs.
  enum class Part {
    Whole,    ///< all window rows are added up, then stored as outputs
    Absorb,   ///< one window row is added to sums in memory
    Absorbed, ///< sums in memory are stored as outputs
  };

  using Value = mlir::Value;
  using ValueRange = mlir::ValueRange;
  using Values = StepBuilder::Values;

  void choosePixels();
  WeightLayout weightLayout() const;
  NestWork work() const; ///< of a step
  Value loadInput(StepBuilder &b, Value address) const;
  Value loadWeight(StepBuilder &b, Value address) const;
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
  Values addAllRows(StepBuilder &b, Values sums, Value pixel,
                    Value inputChannel, Value weights) const;
  Values initialSums(StepBuilder &b, Value record) const;
  void storeOutputs(StepBuilder &b, const Values &sums, Value record,
                    Value pixel, Value outputChannel) const;
  /// Where the sums of a block are in memory, one address a pixel.
  Values sumAddresses(StepBuilder &b, Value pixel, Value outputChannel) const;
  /// `group` is the channel that the weights begin with, `outputChannel` that
  /// of the outputs.
  void buildChannel(StepBuilder &b, Part part, Value pixel, Value inputChannel,
                    Value group, Value outputChannel) const;
  void buildChannels(StepBuilder &b, Part part, Value pixel) const;
  void buildPart(StepBuilder &b, Part part) const;

  WindowGeometry g;
  Requantizer requantizer;
  std::vector<uint8_t> weights;
  uint8_t paddingByte;
  int64_t pixels; ///< of a block
  int64_t multiplier;
  int64_t elementBytes, weightBytes;
  int64_t pointerBytes;
  double stepCycles;
  bool unrollRows;
  int64_t lanes = 1; ///< channels of one accumulator: 4 in a vector, or 1
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_DEPTHWISENEST_H

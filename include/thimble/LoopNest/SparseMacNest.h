//===- SparseMacNest.h - Products of the weights that are there -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The convolution or matrix product of MacNest for int8 weights of which whole
// blocks are zero: those take neither time nor room. Same results, bit for bit:
// integer sums do not depend on products by zero.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_SPARSEMACNEST_H
#define THIMBLE_LOOPNEST_SPARSEMACNEST_H

#include "thimble/LoopNest/Requantize.h"
#include "thimble/LoopNest/SparseWeights.h"
#include "thimble/LoopNest/TapSource.h"

namespace thimble {

/// The table `weights` is one stream: for each group of `rows` output channels,
/// for each run of the window (TapSource), for each block that is kept, a byte
/// for how far it is from the one before it (from the start of the run), in
/// units of `unit` bytes, and its rows * columns weights, input channel by
/// input channel. The byte 255 ends the run. Distances that do not fit are
/// bridged by blocks of zeros.
class SparseMacNest {
public:
  /// `weights` are in TFLite's OHWI order, one byte each; `shape` is that of
  /// the blocks of zeros, of which the nest may take parts.
  SparseMacNest(const WindowGeometry &geometry, Requantizer requantizer,
                llvm::ArrayRef<uint8_t> weights, SparseBlocks shape,
                uint8_t paddingByte, const TargetInfo &target);

  /// Fills in all but the operands of the spec.
  void describe(StepSpec &spec);
  void build(StepBuilder &b) const;

private:
  using Value = mlir::Value;
  using ValueRange = mlir::ValueRange;
  using Values = StepBuilder::Values;

  void chooseBlock(SparseBlocks shape, const TargetInfo &target);
  /// Where a block is in its window: the run, and bytes from its address.
  std::pair<int64_t, int64_t> placeOf(const SparseWeights::Block &block) const;
  int64_t runs() const { return source.runPitch() ? 1 : source.runs(); }
  void chooseUnit();
  void appendRun(llvm::ArrayRef<const SparseWeights::Block *> blocks);
  void makeStream();
  double estimateStep(const TargetInfo &target) const; ///< in cycles

  /// What changes from block to block: the sums, the inputs' addresses, and
  /// the stream behind the distance to the next block.
  struct State {
    Values sums, inputs;
    Value stream, distance;
  };
  Values pack(const State &state) const;
  State unpack(ValueRange values) const;
  void nextDistance(StepBuilder &b, State &state) const;
  /// The products of one block for all pixels.
  void addBlock(StepBuilder &b, State &state) const;
  void addRun(StepBuilder &b, Value pixel, Value run, Values &sums,
              Value &stream) const;
  /// Returns where the next group's stream begins.
  Value buildGroup(StepBuilder &b, Value pixel, Value channel,
                   Value stream) const;

  WindowGeometry g;
  Requantizer requantizer;
  TapSource source;
  SparseWeights sparse;
  int64_t pixels = 1;
  NestForm form = NestForm::Sparse;
  int64_t lanes = 1; ///< output channels in a vector
  int64_t unit = 1;
  std::vector<uint8_t> stream;
  int64_t storedBlocks = 0; ///< with those of zeros that bridge distances
  double stepCycles;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_SPARSEMACNEST_H

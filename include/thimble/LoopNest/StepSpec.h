//===- StepSpec.h - What a row step needs -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The unit of work is a row step: one output row of one op. A row is W*C
// contiguous elements of an NHWC tensor; other ranks have one row per index of
// all dimensions but the last. These structures are the contract between an
// op, the memory planner and the code that calls the step.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_STEPSPEC_H
#define THIMBLE_LOOPNEST_STEPSPEC_H

#include "thimble/LoopNest/WeightLayout.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>

namespace thimble {

/// The rows of an operand that one step reads: rows
/// `step * stride - padBefore + k * dilation` for k in [0, rows). A row above
/// or below the image is the padding row.
struct RowWindow {
  int64_t rows = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t padBefore = 0;
  /// The step needs the whole tensor with contiguous rows.
  bool whole = false;

  /// True if step s reads row s and nothing else.
  bool isIdentity() const {
    return !whole && rows == 1 && stride == 1 && padBefore == 0;
  }
};

/// Bytes computed when compiling that the step reads, in target byte order
/// (little endian), such as reordered weights or requantization parameters.
struct ConstantTable {
  std::string name; ///< suffix of the symbol, as `weights`
  std::vector<uint8_t> bytes;
  unsigned alignment = 1;
  /// How far the pointer moves on per output channel, 0 if all share the bytes.
  /// What a range of channels reads need not be contiguous (parameters that
  /// are one array each); weights are: see StepSpec::weightLayout.
  int64_t channelBytes = 0;
};

/// An operand that is an activation (weights and biases are tables).
struct RowOperand {
  unsigned index; ///< of the op's operand
  RowWindow window;
  int64_t rowBytes; ///< pitch between rows
  int64_t height;   ///< rows of one image; rows outside are padding
  int64_t images = 1;
  /// How far the row pointers (but not that of the padding row) move on per
  /// StepSpec::channelGranule of output channels: 0 unless an output channel
  /// reads channels of its own.
  int64_t granuleBytes = 0;
};

/// What the step function of an op needs. Its arguments, in this order: per
/// operand a row pointer (an array of `window.rows` row pointers if the window
/// has several), the output row, one pointer per table, the padding row and
/// scratch where there is any, `pixels` if rows can be joined, and `channels`
/// if a range of output channels can be computed.
struct StepSpec {
  llvm::SmallVector<RowOperand> operands;
  int64_t steps = 1;          ///< output rows; 1 if an operand is needed whole
  int64_t outputRowBytes = 0; ///< pitch of output rows
  llvm::SmallVector<ConstantTable> tables;
  /// Length of the padding row in bytes, 0 for none, and what it holds.
  int64_t paddingRowBytes = 0;
  uint8_t paddingByte = 0;
  /// How much of the padding row a step reads if no row of its windows is
  /// outside: taps of padded columns are found there.
  int64_t paddingTapBytes = 0;
  int64_t scratchBytes = 0; ///< 8-byte aligned
  /// The number of pixels of a row if consecutive rows may be computed as one
  /// long row: `pixels` is then an argument.
  std::optional<int64_t> pixels;
  /// The number of output channels if a range of them can be computed: the
  /// pointers to the output, tables and operands' rows are then those of the
  /// range's first channel (see channelBytes and granuleBytes).
  std::optional<int64_t> channels;
  /// Ranges begin at its multiples, end at one or with the last channel, and
  /// have at least that many channels: see channelBounds.
  int64_t channelGranule = 1;
  /// The order of the weights in `tables[weightTable]`, if the op has weights.
  std::optional<WeightLayout> weightLayout;
  unsigned weightTable = 0;
  /// Cycles of a step, estimated from the nest's loops (NestCost.h), and 0 of
  /// ops that have no such estimate.
  double stepCycles = 0;
  /// Operands whose row the output row may overwrite in the same step.
  llvm::SmallVector<unsigned> overwrites;
  /// The output holds operand 0's bytes unchanged: no code is needed where the
  /// planner gives both the same address.
  bool isCopy = false;
};

/// Splits the output channels of a spec into ranges of `size`, rounded up to
/// the granule; a rest that is too short joins the range before it. Returns the
/// first channel of each range and the number of channels.
llvm::SmallVector<int64_t> channelBounds(const StepSpec &spec, int64_t size);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_STEPSPEC_H

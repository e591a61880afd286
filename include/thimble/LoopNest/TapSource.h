//===- TapSource.h - Where the taps of a window are found -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A multiply-accumulate nest reads, for a few neighbouring pixels, runs of
// consecutive elements: in the rows that the step was given, in padded copies
// of them or of their ends, or through a table of addresses.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_TAPSOURCE_H
#define THIMBLE_LOOPNEST_TAPSOURCE_H

#include "thimble/LoopNest/NestCost.h"
#include "thimble/LoopNest/WindowGeometry.h"

namespace thimble {

class TapSource {
public:
  using Value = mlir::Value;
  using Values = StepBuilder::Values;

  /// With `mayPatch`, rows too long to be worth a copy are read where they are,
  /// except by windows that reach out of the image; else one table of addresses
  /// serves all taps, and few distances between runs vary.
  TapSource(const WindowGeometry &geometry, int64_t elementBytes,
            uint8_t paddingByte, const TargetInfo &target, bool mayPatch);

  /// How many pixels are computed together; before all that follows.
  void setPixels(int64_t count) { pixels = count; }

  /// Contiguous elements of a run: a window row, or the channels of one tap.
  int64_t runLength() const;
  /// Runs of a window, row after row.
  int64_t runs() const;
  /// Bytes from one run of a window to the next if that is the same for all of
  /// them, so that a window is one run with gaps.
  std::optional<int64_t> runPitch() const;
  /// Bytes from the run of a pixel to that of the next one; none if each has an
  /// address of its own.
  std::optional<int64_t> pixelPitch() const;

  /// Fills in padding row and scratch of the spec.
  void describe(StepSpec &spec) const;
  /// Adds what a step does here; `work.pixelBlocks` is counted already.
  void addWork(NestWork &work) const;
  /// Once a step.
  void prepareStep(StepBuilder &b) const;
  /// Once for the pixels from `pixel` on.
  void preparePixels(StepBuilder &b, Value pixel) const;
  /// Addresses of run `run` (an i32) of the pixels from `pixel` on.
  Values addresses(StepBuilder &b, Value pixel, Value run) const;

private:
  enum class Kind {
    Direct,  ///< in the rows; no tap is outside the image's columns
    RowCopy, ///< in padded copies of the window's rows, in scratch
    Patches, ///< in the rows, or a padded copy of the block's pixels in scratch
    TapTable, ///< through a table of one address a tap and pixel, in scratch
  };

  int64_t copyPitch() const; ///< bytes of a padded row copy
  void copyRow(StepBuilder &b, Value to, Value from) const;
  int64_t patchColumns() const; ///< that the windows of a block read
  int64_t patchPitch() const;   ///< bytes of a row of a patch
  /// Stores, for each window row, the address of the block's first tap.
  void fillRowTable(StepBuilder &b, Value first) const;
  Value copyPatch(StepBuilder &b, Value to, Value row, Value width,
                  Value first) const;
  void fillTapTable(StepBuilder &b, Value first) const;

  WindowGeometry g;
  int64_t elementBytes, pointerBytes;
  uint8_t paddingByte;
  int64_t pixels = 1;
  Kind kind = Kind::Direct;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_TAPSOURCE_H

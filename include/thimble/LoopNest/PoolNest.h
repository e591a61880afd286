//===- PoolNest.h - Pooling loops -------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One output row of an average or maximum pool over windows, any padding.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_POOLNEST_H
#define THIMBLE_LOOPNEST_POOLNEST_H

#include "thimble/LoopNest/WindowGeometry.h"

namespace thimble {

/// Sums in memory, of `count` numbers of `elementBytes` bytes each: as narrow
/// as they fit. Four bytes are those of a float.
class SumArray {
public:
  SumArray(int64_t count, int64_t elementBytes)
      : isFloat(elementBytes == 4),
        isNarrow(elementBytes == 1 && count <= 256) {}

  int64_t elementBytes() const { return isNarrow ? 2 : 4; }
  /// The sum `index` (an i32) of those at `base`, an i32 or a float.
  mlir::Value load(StepBuilder &b, mlir::Value base, mlir::Value index) const;
  void store(StepBuilder &b, mlir::Value sum, mlir::Value base,
             mlir::Value index) const;

private:
  bool isFloat, isNarrow;
};

/// What a pool makes of the elements of a window.
enum class PoolKind { Average, Maximum };

class PoolNest {
public:
  /// Elements are floats of four bytes or integers of one or two. Integer
  /// outputs are clamped to [low, high], float ones to the real range.
  PoolNest(const WindowGeometry &geometry, PoolKind kind, int64_t elementBytes,
           int32_t low, int32_t high, float floatLow, float floatHigh)
      : g(geometry), kind(kind), elementBytes(elementBytes),
        isFloat(elementBytes == 4), low(low), high(high), floatLow(floatLow),
        floatHigh(floatHigh) {}

  /// Fills in all but the operands of the spec.
  void describe(StepSpec &spec) const;
  void build(StepBuilder &b) const;

  /// Bytes of sums that input rows can be added to one by one, if there is one
  /// output row and nothing is padded; otherwise 0.
  int64_t sumBytes() const;
  /// Adds the row `b.row` to `b.sums`.
  void buildAbsorb(StepBuilder &b) const;
  /// Makes the output row of `b.sums`.
  void buildAbsorbed(StepBuilder &b) const;

private:
  using Value = mlir::Value;

  bool isCountConstant() const { return !g.isPadded(); }
  /// The window's rows that are inside the image.
  Value countRows(StepBuilder &b) const;
  Value load(StepBuilder &b, Value address) const;
  Value combine(StepBuilder &b, Value sum, Value x) const;
  /// The number that no maximum is below.
  int32_t least() const { return elementBytes == 2 ? -32768 : -128; }
  Value reduce(StepBuilder &b, Value first, Value begin, Value end,
               Value channel) const;
  /// Runs `body` for each element of the output row: the column where its
  /// window begins, its channel, its number.
  void forEachOutput(
      StepBuilder &b,
      llvm::function_ref<void(Value first, Value channel, Value output)> body)
      const;
  Value finish(StepBuilder &b, Value sum, Value count) const;
  Value divide(StepBuilder &b, Value sum, Value count) const;

  WindowGeometry g;
  PoolKind kind;
  int64_t elementBytes;
  bool isFloat;
  int32_t low, high;
  float floatLow, floatHigh;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_POOLNEST_H

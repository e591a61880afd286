//===- StreamSchedule.h - The calls that a stream makes ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the order of a thimble.stream and writes down, for every event, what the
// code must be told that is called then.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_STREAMSCHEDULE_H
#define THIMBLE_LIB_CODEGEN_STREAMSCHEDULE_H

#include "thimble/Codegen/Kernel.h"

namespace thimble {

/// What all row steps of a layer have in common; the rest are arguments of its
/// function, behind the number of the row.
struct RowLayerUse {
  /// Whether rows are written to their places, not to `newest`.
  std::optional<bool> inPlace;
  /// Per operand, which row of the window is in `newest` (the window's number
  /// of rows if none is).
  llvm::SmallVector<std::optional<int64_t>, 2> newest;
};

/// A call; the number of the row counts up from call to call.
struct RowCall {
  int32_t source; ///< as in RowEvent
  RowEvent::Kind kind;
  /// Values of the arguments that RowLayerUse leaves open.
  llvm::SmallVector<int64_t, 3> arguments;
  /// Of a row that is held: how many steps were run after the one of its
  /// number.
  int64_t lag = 0;

  bool operator==(const RowCall &other) const {
    return source == other.source && kind == other.kind &&
           arguments == other.arguments && lag == other.lag;
  }
};

struct StreamSchedule {
  std::vector<RowCall> calls;      ///< those that differ
  std::vector<int32_t> sequence;   ///< indices into `calls`, one an event
  std::vector<RowLayerUse> layers; ///< by kernel

  /// Runs the order. Needs kernels and placements.
  static StreamSchedule get(StreamOp stream, const TargetInfo &target);
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_STREAMSCHEDULE_H

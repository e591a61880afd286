//===- LineBuffers.h - When which bytes of a plan are live ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: the time line of a schedule, and the pieces of
// memory that tensors, scratch and sums occupy on it.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_LINEBUFFERS_H
#define THIMBLE_LIB_MEMORY_LINEBUFFERS_H

#include "thimble/Memory/RowPlan.h"

namespace thimble::detail {

/// Bytes [offset, offset + size) of a piece are live from moment `start` to
/// moment `end`, both included. Step t of the time line is moment 2t, the
/// copies behind it are made at moment 2t + 1.
struct LiveBytes {
  int64_t start;
  int64_t end;
  int64_t offset;
  int64_t size;
};

/// A piece of memory that gets one address.
struct Piece {
  int64_t size = 0;
  int64_t alignment = 4;
  llvm::SmallVector<LiveBytes, 0> live; ///< ascending starts
};

/// The pieces of one tensor: all of it, or rings and newest rows.
struct TensorPieces {
  int body = -1;    ///< index of the piece, -1 for none
  int64_t rows = 0; ///< of the ring, 0 for the whole tensor
  int newest = -1;  ///< index of the piece, -1 for none
};

/// The schedule, laid out in time.
struct TimeLine {
  /// By op: the step of the time line at which each of its steps runs; a single
  /// one of a whole call.
  llvm::SmallVector<llvm::SmallVector<int64_t, 0>, 0> steps;
  llvm::SmallVector<int> streamOf; ///< by op: its segment, -1 if called whole
  int64_t length = 0;

  bool isStreamed(unsigned op) const { return streamOf[op] >= 0; }
};

/// All that is placed.
struct LineBuffers {
  TimeLine time;
  llvm::SmallVector<Piece, 0> pieces;
  llvm::SmallVector<TensorPieces, 0> tensors;
  llvm::SmallVector<int> scratch, kept; ///< by op: index of a piece, or -1
  llvm::SmallVector<llvm::SmallVector<StreamEvent, 0>, 0> events;
  int64_t movedBytes = 0;
};

LineBuffers layOutRows(const StreamProblem &problem,
                       const RowSchedule &schedule, LineLayout layout);

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_LINEBUFFERS_H

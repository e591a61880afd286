//===- OpGraph.h - Ops and the buffers they read and write ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the memory planner knows of a network: which op reads and writes which
// buffers, how many bytes they have, and which operand a result may overwrite.
// Tensors that are views of each other are one buffer; constants are none.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_OPGRAPH_H
#define THIMBLE_MEMORY_OPGRAPH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace thimble {

/// A tensor of activations. Sizes and alignments in bytes.
struct GraphBuffer {
  int64_t size = 0;
  int64_t alignment = 1;
  bool isInput = false;  ///< holds a value before the first op
  bool isOutput = false; ///< is read after the last op
};

/// `result` may begin exactly where `operand` begins, if the op is the last
/// that reads the operand. Both are buffers of the graph.
struct InPlaceOption {
  unsigned operand;
  unsigned result;
};

/// The op computes row after row of `result`, and with row s the bytes of some
/// rows of `operand` become free. If it is the last op that reads the operand,
/// the result may therefore lie partly over it. Rows are contiguous. In
/// ascending order results move to lower addresses; those of a chain of layers
/// stay where they are if every other one begins with its last row.
struct RowOverlap {
  unsigned operand;
  unsigned result;
  int64_t operandRowBytes;
  int64_t resultRowBytes;
  /// By row of the operand: the last result row that is written while the op
  /// still reads it, or -1 if it never does.
  llvm::SmallVector<int64_t> last;
  /// The same in descending order of result rows: the lowest row. Empty if the
  /// op has no such order, or several operands that overlap.
  llvm::SmallVector<int64_t> first;

  bool mayDescend() const { return !first.empty(); }
  /// Whether `row` is read in step `step` or later in the order.
  bool isLive(int64_t row, int64_t step, bool descending) const {
    if (descending)
      return first[row] >= 0 && first[row] <= step;
    return last[row] >= step;
  }
};

/// A step of the network.
struct GraphOp {
  llvm::SmallVector<unsigned, 4>
      operands;                           ///< buffers, each named at least once
  llvm::SmallVector<unsigned, 2> results; ///< buffers, each of a single op
  int64_t scratchBytes = 0;               ///< live during the op only
  int64_t scratchAlignment = 1;
  llvm::SmallVector<InPlaceOption, 1> inPlace;
  /// Each operand and result at most once as a pair.
  llvm::SmallVector<RowOverlap, 0> overlaps;
};

/// Ops in a valid order: every buffer is an input or written before it is read.
/// No op may write an input.
struct OpGraph {
  llvm::SmallVector<GraphBuffer> buffers;
  llvm::SmallVector<GraphOp, 0> ops;

  unsigned addBuffer(int64_t size, int64_t alignment = 1) {
    buffers.push_back({size, alignment, false, false});
    return buffers.size() - 1;
  }
  unsigned addInput(int64_t size, int64_t alignment = 1) {
    buffers.push_back({size, alignment, true, false});
    return buffers.size() - 1;
  }
  /// Adds an op and returns it, to set scratch bytes and in-place options.
  GraphOp &addOp(llvm::ArrayRef<unsigned> operands,
                 llvm::ArrayRef<unsigned> results) {
    GraphOp &op = ops.emplace_back();
    op.operands.assign(operands.begin(), operands.end());
    op.results.assign(results.begin(), results.end());
    return op;
  }
};

} // namespace thimble

#endif // THIMBLE_MEMORY_OPGRAPH_H

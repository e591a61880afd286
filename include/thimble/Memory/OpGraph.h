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

/// A step of the network.
struct GraphOp {
  llvm::SmallVector<unsigned, 4>
      operands;                           ///< buffers, each named at least once
  llvm::SmallVector<unsigned, 2> results; ///< buffers, each of a single op
  int64_t scratchBytes = 0;               ///< live during the op only
  int64_t scratchAlignment = 1;
  llvm::SmallVector<InPlaceOption, 1> inPlace;
};

/// Ops in a valid order: every buffer is an input or written before it is read.
/// No op may write an input.
struct OpGraph {
  llvm::SmallVector<GraphBuffer> buffers;
  llvm::SmallVector<GraphOp> ops;

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

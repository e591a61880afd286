//===- RowGraph.h - How rows flow through a network -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The network as the planner of row streams sees it. The unit of work is a step
// of an op: one output row, or one input row of an op that adds rows up. The
// unit of storage is a row of a tensor. A state is the number of finished steps
// of each op; whole tensors, results over operands, and streams of any shape
// are all orders of these steps. Sizes are bytes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_ROWGRAPH_H
#define THIMBLE_MEMORY_ROWGRAPH_H

#include "thimble/LoopNest/RowTable.h"

namespace thimble {

/// An activation.
struct RowTensor {
  int64_t rows = 0;
  int64_t rowBytes = 0;
  bool isInput = false;  ///< whole before the first step
  bool isOutput = false; ///< read after the last step, whole
};

/// A tensor that an op reads.
struct RowRead {
  unsigned tensor;
  RowTable table;
};

/// An op of one result. Without `mayStream` it has one step.
struct RowOp {
  llvm::SmallVector<RowRead, 2> reads; ///< each tensor once
  unsigned result = 0;
  int64_t steps = 1;
  bool mayStream = false;
  /// The last step makes the only result row; before, sums are kept.
  bool absorbs = false;
  /// Bytes from the first to the last step: sums, or decoded weights.
  int64_t keptBytes = 0;
  /// By step: bytes that are live in it only.
  llvm::SmallVector<int64_t> scratch;
  /// The reads whose row the result's row may take the place of if it is not
  /// needed any more.
  llvm::SmallVector<unsigned, 2> overwrites;
};

/// Ops in an order in which they can run. Every tensor is an input or the
/// result of one op.
class RowGraph {
public:
  unsigned addTensor(RowTensor tensor);
  /// The op's reads name tensors of the graph, and so does its result.
  unsigned addOp(RowOp op);

  const RowTensor &getTensor(unsigned tensor) const { return tensors[tensor]; }
  const RowOp &getOp(unsigned op) const { return ops[op]; }
  llvm::ArrayRef<RowTensor> getTensors() const { return tensors; }
  llvm::ArrayRef<RowOp> getOps() const { return ops; }
  unsigned getNumOps() const { return ops.size(); }

  /// An op and which of its reads it is.
  struct Reader {
    unsigned op;
    unsigned read;
  };
  llvm::ArrayRef<Reader> getReaders(unsigned tensor) const {
    return readers[tensor];
  }
  /// The op that makes the tensor, or -1.
  int getProducer(unsigned tensor) const { return producers[tensor]; }

  /// Rows of the op's result that exist after `steps` steps.
  int64_t rowsMade(unsigned op, int64_t steps) const;
  /// The step of the producer after which `row` of the tensor exists, or -1 for
  /// an input.
  int64_t producingStep(unsigned tensor, int64_t row) const;
  /// Steps of the producer that must be finished before step `step` of `op`
  /// finds what it reads by read `read`.
  int64_t stepsNeeded(unsigned op, unsigned read, int64_t step) const;
  /// Rows from the first on that the reader does not need after `steps` steps.
  int64_t rowsFreed(Reader reader, int64_t steps) const;
  /// Whether rows of the result may take the bytes of rows of that read, if
  /// they die then.
  bool mayOverwrite(unsigned op, unsigned read) const;

private:
  llvm::SmallVector<RowTensor, 0> tensors;
  llvm::SmallVector<RowOp, 0> ops;
  llvm::SmallVector<llvm::SmallVector<Reader, 2>, 0> readers; ///< by tensor
  llvm::SmallVector<int> producers;                           ///< by tensor
  /// By op and read: rowsFreed after each number of steps.
  llvm::SmallVector<llvm::SmallVector<llvm::SmallVector<int64_t>, 2>, 0> freed;
};

/// How far every op is, and what is live.
class RowState {
public:
  /// Ops before `begin` have finished, no other has begun.
  RowState(const RowGraph &graph, unsigned begin = 0);

  /// Whether the next step of the op finds its rows.
  bool isEnabled(unsigned op) const;
  bool isFinished(unsigned op) const {
    return done[op] == graph.getOp(op).steps;
  }
  /// An op whose result the next step of `op` waits for, the last of its reads
  /// if `last`, or -1.
  int findMissing(unsigned op, bool last) const;
  /// Runs the next step and returns the bytes that are live while it runs.
  int64_t run(unsigned op);
  int64_t getLiveBytes() const { return live; }
  int64_t getStepsDone(unsigned op) const { return done[op]; }

private:
  bool isInPlace(unsigned op) const;
  int64_t liveRows(unsigned tensor) const;
  int64_t touchedBytes(unsigned op) const;

  const RowGraph &graph;
  llvm::SmallVector<int64_t> done; ///< steps, by op
  int64_t live = 0;
};

} // namespace thimble

#endif // THIMBLE_MEMORY_ROWGRAPH_H

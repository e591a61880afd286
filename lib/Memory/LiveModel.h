//===- LiveModel.h - Live bytes of a graph, op by op ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: who reads what, and what running one op costs. The
// search, the heuristics and the evaluation of an order share it, so that they
// cannot disagree.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_LIVEMODEL_H
#define THIMBLE_LIB_MEMORY_LIVEMODEL_H

#include "thimble/Memory/Schedule.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace thimble::detail {

class LiveModel {
public:
  explicit LiveModel(const OpGraph &graph);

  /// Whether the op in question is the last one to read a buffer. Outputs are
  /// never asked for.
  using IsLastUse = llvm::function_ref<bool(unsigned buffer)>;

  /// Bytes while an op runs, and after it.
  struct Cost {
    int64_t during;
    int64_t after;
  };
  Cost getCost(unsigned op, int64_t liveBefore, IsLastUse isLastUse) const;

  /// The set of overwritings, each operand and result at most once, that saves
  /// the most bytes; all that is possible if `options` is given.
  llvm::SmallVector<InPlaceOption, 2>
  chooseInPlace(unsigned op, IsLastUse isLastUse,
                llvm::SmallVectorImpl<InPlaceOption> *options = nullptr) const;

  /// Whether the operand dies with the op of `overlap`.
  bool mayOverlap(const RowOverlap &overlap, IsLastUse isLastUse) const {
    return !graph.buffers[overlap.operand].isOutput &&
           isLastUse(overlap.operand);
  }

  /// Bytes that the op needs in any order.
  int64_t getLowerBound(unsigned op) const;
  /// Bytes of all inputs: live before the first op.
  int64_t getInputBytes() const { return inputBytes; }
  /// Bytes that are live when the first op begins (unused inputs are not).
  int64_t getInitialBytes() const { return initialBytes; }

  const OpGraph &getGraph() const { return graph; }
  /// Buffers, each once.
  llvm::ArrayRef<unsigned> getOperands(unsigned op) const {
    return operands[op];
  }
  /// Ops, each once, ascending.
  llvm::ArrayRef<unsigned> getConsumers(unsigned buffer) const {
    return consumers[buffer];
  }
  llvm::ArrayRef<unsigned> getPredecessors(unsigned op) const {
    return predecessors[op];
  }
  llvm::ArrayRef<unsigned> getSuccessors(unsigned op) const {
    return successors[op];
  }
  unsigned getNumOps() const { return graph.ops.size(); }

private:
  /// Bytes of result and operands that are not live at once while the op
  /// computes rows of its first result: `dying` has a bit for each of its first
  /// overlaps.
  int64_t getRowSaving(unsigned op, unsigned dying) const;
  int64_t getRowSaving(unsigned op, IsLastUse isLastUse) const;

  const OpGraph &graph;
  /// By op and set of operands that die.
  llvm::SmallVector<llvm::SmallVector<int64_t, 2>, 0> rowSavings;
  llvm::SmallVector<llvm::SmallVector<unsigned, 2>, 0> operands;
  llvm::SmallVector<llvm::SmallVector<unsigned, 2>, 0> consumers;
  llvm::SmallVector<llvm::SmallVector<unsigned, 2>, 0> predecessors;
  llvm::SmallVector<llvm::SmallVector<unsigned, 2>, 0> successors;
  int64_t inputBytes = 0;
  int64_t initialBytes = 0;
};

/// Runs ops one after the other. Work and memory: proportional to what they
/// read and write, not to the graph.
class Replay {
public:
  /// Begins where the ops before `begin` have run and left `live` bytes.
  Replay(const LiveModel &model, unsigned begin, int64_t live)
      : model(model), begin(begin), live(live) {}
  explicit Replay(const LiveModel &model)
      : Replay(model, 0, model.getInitialBytes()) {}

  LiveModel::Cost getCost(unsigned op) const;
  /// Runs the op and returns the bytes that are live while it runs.
  int64_t run(unsigned op);
  bool isReady(unsigned op) const {
    return countFrom(model.getPredecessors(op)) ==
           numPredecessorsRun.lookup(op);
  }
  bool isLastUse(unsigned buffer) const {
    return countFrom(model.getConsumers(buffer)) ==
           numReadersRun.lookup(buffer) + 1;
  }
  int64_t getLiveBytes() const { return live; }

private:
  /// How many of the ascending ops are not before `begin`.
  unsigned countFrom(llvm::ArrayRef<unsigned> ops) const;

  const LiveModel &model;
  unsigned begin;
  llvm::DenseMap<unsigned, unsigned> numReadersRun;      ///< by buffer
  llvm::DenseMap<unsigned, unsigned> numPredecessorsRun; ///< by op
  int64_t live;
};

/// Ops `begin` to `end - 1` of the graph's own order, which run after all ops
/// before and before all ops behind them in every order.
struct Segment {
  unsigned begin;
  unsigned end;
};

/// What the exact search found out about a segment.
struct SegmentResult {
  llvm::SmallVector<unsigned> order; ///< empty if the limit was reached
  int64_t peak = 0;                  ///< of `order`
  int64_t lowerBound = 0;            ///< of every order
};

/// Finds an order of the segment with a peak of at most `goal`, or the lowest
/// one. `liveBefore` bytes are live when it begins. Counts `visited` up, not
/// beyond `limit`.
SegmentResult searchSegment(const LiveModel &model, Segment segment,
                            int64_t liveBefore, int64_t goal, uint64_t limit,
                            uint64_t &visited);

/// Follows only the best few sets of finished ops of each size, fewer in longer
/// segments, so that about `limit` are visited. Proves nothing.
SegmentResult searchBeam(const LiveModel &model, Segment segment,
                         int64_t liveBefore, int64_t goal, uint64_t limit);

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_LIVEMODEL_H

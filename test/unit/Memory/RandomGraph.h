//===- RandomGraph.h - Random graphs for tests of the planner ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small graphs of every kind the planner has to deal with. Equal seeds give
// equal graphs with every standard library.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_MEMORY_RANDOMGRAPH_H
#define THIMBLE_TEST_UNIT_MEMORY_RANDOMGRAPH_H

#include "thimble/Memory/OpGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <random>

namespace thimble {

struct GraphShape {
  unsigned numOps;
  unsigned maxOperands;
  int64_t maxSize;
  unsigned reach = 5; ///< operands are among the last so many buffers
  bool hasInPlace = false;
  bool hasScratch = false;
  bool hasSecondResults = false;
  bool hasInnerOutputs = false;
  bool hasAlignment = false;
  bool hasOverlaps = false; ///< some ops compute rows through windows
};

class GraphGenerator {
public:
  explicit GraphGenerator(unsigned seed) : engine(seed) {}

  int64_t pick(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }

  OpGraph make(const GraphShape &shape) {
    OpGraph graph;
    for (int64_t i = 0, e = pick(1, 2); i < e; ++i)
      addBuffer(graph, shape, /*isInput=*/true);
    for (unsigned i = 0; i < shape.numOps; ++i)
      addOp(graph, shape);
    graph.buffers.back().isOutput = true;
    return graph;
  }

  /// A chain of ops with random sizes up to 10,000.
  OpGraph makeChain(unsigned length) {
    OpGraph graph;
    unsigned last = graph.addInput(pick(1, 10000));
    for (unsigned i = 0; i < length; ++i) {
      unsigned next = graph.addBuffer(pick(1, 10000));
      graph.addOp({last}, {next});
      last = next;
    }
    graph.buffers[last].isOutput = true;
    return graph;
  }

private:
  unsigned addBuffer(OpGraph &graph, const GraphShape &shape, bool isInput) {
    unsigned number = graph.addBuffer(pick(0, shape.maxSize),
                                      shape.hasAlignment ? 1 << pick(0, 3) : 1);
    graph.buffers[number].isInput = isInput;
    graph.buffers[number].isOutput = shape.hasInnerOutputs && pick(0, 5) == 0;
    return number;
  }

  void addOp(OpGraph &graph, const GraphShape &shape) {
    GraphOp op;
    int64_t last = graph.buffers.size() - 1;
    int64_t first = std::max<int64_t>(0, last - int64_t(shape.reach) + 1);
    for (int64_t i = 0, e = pick(1, shape.maxOperands); i < e; ++i)
      op.operands.push_back(pick(first, last));
    int64_t numResults = shape.hasSecondResults ? pick(1, 2) : 1;
    for (int64_t i = 0; i < numResults; ++i)
      op.results.push_back(addBuffer(graph, shape, /*isInput=*/false));
    if (shape.hasScratch && pick(0, 1))
      op.scratchBytes = pick(0, shape.maxSize);
    if (shape.hasInPlace)
      for (unsigned operand : op.operands)
        for (unsigned result : op.results)
          if (pick(0, 1))
            op.inPlace.push_back({operand, result});
    if (shape.hasOverlaps && pick(0, 3))
      addOverlaps(graph, op);
    graph.ops.push_back(op);
  }

  /// Gives the op a result of some rows, each computed from a window of the
  /// rows of every operand.
  void addOverlaps(OpGraph &graph, GraphOp &op) {
    unsigned result = op.results.front();
    int64_t steps = pick(2, 7), rowBytes = pick(1, 9) * 4;
    graph.buffers[result].size = steps * rowBytes;
    op.inPlace.clear(); // of other sizes
    for (unsigned operand : op.operands) {
      bool isKnown = llvm::any_of(op.overlaps, [&](const RowOverlap &o) {
        return o.operand == operand;
      });
      int64_t size = graph.buffers[operand].size;
      if (isKnown || size == 0)
        continue;
      int64_t height = 1;
      for (int64_t count : {2, 3, 4, 5, 6, 7})
        if (size % count == 0 && pick(0, 2))
          height = count;
      RowOverlap overlap{operand, result, size / height, rowBytes, {}, {}};
      int64_t reach = pick(0, 2), shift = pick(0, 1);
      for (int64_t row = 0; row < height; ++row) {
        int64_t middle = row * steps / height;
        bool isRead = pick(0, 9);
        overlap.last.push_back(isRead ? std::min(middle + reach, steps - 1)
                                      : -1);
        overlap.first.push_back(isRead ? std::max<int64_t>(middle - shift, 0)
                                       : -1);
      }
      op.overlaps.push_back(overlap);
    }
    if (op.overlaps.size() > 1 || pick(0, 2) == 0)
      for (RowOverlap &overlap : op.overlaps)
        overlap.first.clear();
  }

  std::mt19937_64 engine;
};

} // namespace thimble

#endif // THIMBLE_TEST_UNIT_MEMORY_RANDOMGRAPH_H

//===- MinCut.h - Maximum flow in a network ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: Dinic's algorithm (1970), blocking flows along
// shortest paths. The value of the flow is that of the minimum cut (Ford and
// Fulkerson 1956).
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_MINCUT_H
#define THIMBLE_LIB_MEMORY_MINCUT_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace thimble::detail {

class FlowNetwork {
public:
  static constexpr int64_t unlimited = int64_t(1) << 50;

  unsigned addNode() {
    edgesOf.emplace_back();
    return edgesOf.size() - 1;
  }
  /// Returns the number of the edge.
  unsigned addEdge(unsigned from, unsigned to, int64_t capacity);
  void setCapacity(unsigned edge, int64_t capacity) {
    edges[edge].capacity = capacity;
  }
  /// The least capacity that separates the nodes, or `unlimited` or more if
  /// nothing does. Capacities are as they were afterwards.
  int64_t findMinCut(unsigned source, unsigned sink);

private:
  struct Edge {
    unsigned to;
    int64_t capacity;
    int64_t rest; ///< capacity less flow; the edge behind it is its reverse
  };

  bool findLevels(unsigned source, unsigned sink);
  int64_t augment(unsigned source, unsigned sink);

  llvm::SmallVector<Edge, 0> edges;
  llvm::SmallVector<llvm::SmallVector<unsigned, 4>, 0> edgesOf;
  llvm::SmallVector<int, 0> level;
  llvm::SmallVector<unsigned, 0> next; ///< edge to be tried next, by node
};

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_MINCUT_H

//===- MinCut.cpp - Maximum flow in a network -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Paths are kept on a stack of our own: they are as long as the network.
//
//===----------------------------------------------------------------------===//

#include "MinCut.h"
#include <algorithm>

using namespace thimble::detail;
using llvm::SmallVector;

unsigned FlowNetwork::addEdge(unsigned from, unsigned to, int64_t capacity) {
  unsigned number = edges.size();
  edges.push_back({to, capacity, 0});
  edges.push_back({from, 0, 0});
  edgesOf[from].push_back(number);
  edgesOf[to].push_back(number + 1);
  return number;
}

bool FlowNetwork::findLevels(unsigned source, unsigned sink) {
  level.assign(edgesOf.size(), -1);
  SmallVector<unsigned, 0> queue = {source};
  level[source] = 0;
  for (size_t i = 0; i < queue.size() && level[sink] < 0; ++i)
    for (unsigned edge : edgesOf[queue[i]])
      if (edges[edge].rest > 0 && level[edges[edge].to] < 0) {
        level[edges[edge].to] = level[queue[i]] + 1;
        queue.push_back(edges[edge].to);
      }
  return level[sink] >= 0;
}

int64_t FlowNetwork::augment(unsigned source, unsigned sink) {
  SmallVector<unsigned, 0> path; // edges
  unsigned node = source;
  while (node != sink) {
    bool advanced = false;
    for (unsigned &i = next[node]; i < edgesOf[node].size(); ++i) {
      const Edge &edge = edges[edgesOf[node][i]];
      if (edge.rest > 0 && level[edge.to] == level[node] + 1) {
        path.push_back(edgesOf[node][i]);
        node = edge.to;
        advanced = true;
        break;
      }
    }
    if (advanced)
      continue;
    if (path.empty())
      return 0;
    unsigned back = path.pop_back_val();
    node = edges[back ^ 1].to;
    ++next[node];
  }
  int64_t flow = unlimited;
  for (unsigned edge : path)
    flow = std::min(flow, edges[edge].rest);
  for (unsigned edge : path) {
    edges[edge].rest -= flow;
    edges[edge ^ 1].rest += flow;
  }
  return flow;
}

int64_t FlowNetwork::findMinCut(unsigned source, unsigned sink) {
  for (Edge &edge : edges)
    edge.rest = edge.capacity;
  int64_t total = 0;
  while (total < unlimited && findLevels(source, sink)) {
    next.assign(edgesOf.size(), 0);
    while (int64_t flow = augment(source, sink)) {
      total += flow;
      if (total >= unlimited)
        break;
    }
  }
  return total;
}

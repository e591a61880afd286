//===- Lifetimes.cpp - When buffers are live ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sweeps over the steps: in a long chain every buffer meets a few others only,
// and no more than those are looked at.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/Lifetimes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <cassert>

using namespace thimble;
using llvm::ArrayRef;
using llvm::SmallVector;

SmallVector<Lifetime> thimble::computeLifetimes(const OpGraph &graph,
                                                ArrayRef<unsigned> order) {
  assert(order.size() == graph.ops.size() && "each op once");
  SmallVector<Lifetime> lifetimes(graph.buffers.size());
  auto use = [&](unsigned buffer, int64_t step) {
    Lifetime &lifetime = lifetimes[buffer];
    if (lifetime.isEmpty())
      lifetime.first = step;
    lifetime.last = step;
  };
  for (auto [number, buffer] : llvm::enumerate(graph.buffers))
    if (buffer.isInput)
      lifetimes[number] = {-1, -1};
  int64_t numSteps = order.size();
  for (int64_t step = 0; step < numSteps; ++step) {
    const GraphOp &op = graph.ops[order[step]];
    for (unsigned operand : op.operands) {
      assert(!lifetimes[operand].isEmpty() && "read before it is written");
      use(operand, step);
    }
    for (unsigned result : op.results)
      use(result, step);
  }
  for (auto [number, buffer] : llvm::enumerate(graph.buffers))
    if (buffer.isOutput && !lifetimes[number].isEmpty())
      lifetimes[number].last = numSteps;
  return lifetimes;
}

void thimble::forEachMeeting(
    ArrayRef<Lifetime> lifetimes,
    llvm::function_ref<void(unsigned, unsigned)> callback) {
  SmallVector<unsigned> byFirst;
  for (unsigned i = 0; i < lifetimes.size(); ++i)
    if (!lifetimes[i].isEmpty())
      byFirst.push_back(i);
  llvm::sort(byFirst, [&](unsigned a, unsigned b) {
    return std::pair(lifetimes[a].first, a) < std::pair(lifetimes[b].first, b);
  });
  SmallVector<unsigned> live;
  for (unsigned current : byFirst) {
    llvm::erase_if(live, [&](unsigned other) {
      return lifetimes[other].last < lifetimes[current].first;
    });
    for (unsigned other : live)
      callback(std::min(current, other), std::max(current, other));
    live.push_back(current);
  }
}

LivePeak thimble::findLivePeak(ArrayRef<Lifetime> lifetimes,
                               ArrayRef<int64_t> sizes,
                               ArrayRef<int64_t> shared) {
  assert(lifetimes.size() == sizes.size() && "one size for each buffer");
  int64_t end = -1;
  for (const Lifetime &lifetime : lifetimes)
    end = std::max(end, lifetime.last);
  // change[s + 1]: by how much the live bytes of step s exceed those before.
  SmallVector<int64_t> change(end + 3, 0);
  for (auto [lifetime, size] : llvm::zip_equal(lifetimes, sizes)) {
    if (lifetime.isEmpty())
      continue;
    change[lifetime.first + 1] += size;
    change[lifetime.last + 2] -= size;
  }
  LivePeak peak;
  int64_t live = 0;
  for (int64_t step = -1; step <= end; ++step) {
    live += change[step + 1];
    bool isShared = step >= 0 && step < static_cast<int64_t>(shared.size());
    int64_t bytes = live - (isShared ? shared[step] : 0);
    if (bytes > peak.bytes)
      peak = {bytes, step};
  }
  return peak;
}

//===- Lifetimes.h - When buffers are live ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First and last steps of buffers in a given order of ops, which of them meet,
// and where most bytes are live. Steps are positions in the order, from 0 to
// n - 1; step -1 stands for the time before the first op and n for the time
// after the last. Sizes are bytes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_LIFETIMES_H
#define THIMBLE_MEMORY_LIFETIMES_H

#include "thimble/Memory/OpGraph.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace thimble {

/// The steps at which a buffer is live, both inclusive. A result is live from
/// the step that writes it, an operand up to the last step that reads it, so
/// the two meet in the step of the op.
struct Lifetime {
  int64_t first = 0;
  int64_t last = -1;

  /// A buffer that is neither written nor an input is never live.
  bool isEmpty() const { return last < first; }
  bool meets(const Lifetime &other) const {
    return !isEmpty() && !other.isEmpty() && first <= other.last &&
           other.first <= last;
  }
};

/// Lifetimes of all buffers of the graph if its ops run in `order` (numbers of
/// ops, each once, every buffer written before it is read). Inputs are live
/// from step -1 to their last use, outputs to step n, unused results in the
/// step of their op.
llvm::SmallVector<Lifetime> computeLifetimes(const OpGraph &graph,
                                             llvm::ArrayRef<unsigned> order);

/// Calls `callback` with the numbers of every two lifetimes that meet, the
/// smaller first. The work is proportional to the number of such pairs.
void forEachMeeting(llvm::ArrayRef<Lifetime> lifetimes,
                    llvm::function_ref<void(unsigned, unsigned)> callback);

/// The most bytes that are live at one step, and the first such step.
struct LivePeak {
  int64_t bytes = 0;
  int64_t step = -1;
};

/// The peak of the sum of the sizes of live buffers. `shared[s]` bytes are
/// taken off at step s, where a result overwrites an operand; empty means none.
LivePeak findLivePeak(llvm::ArrayRef<Lifetime> lifetimes,
                      llvm::ArrayRef<int64_t> sizes,
                      llvm::ArrayRef<int64_t> shared = {});

} // namespace thimble

#endif // THIMBLE_MEMORY_LIFETIMES_H

//===- RowBound.h - What a network needs at least ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every order of steps must at some time be about to run step s of op k. The
// state of fewest live bytes in which that is possible is a minimum closure of
// the steps that are finished, that is a minimum cut (Picard 1976). The largest
// of these minima over all steps bounds every order that computes each row once
// and the rows of an op in ascending order; calls that compute rows in
// descending order are bounded by what they need themselves.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_ROWBOUND_H
#define THIMBLE_MEMORY_ROWBOUND_H

#include "thimble/Memory/RowSchedule.h"

namespace thimble {

struct RowBound {
  int64_t bytes = 0;
  int op = -1; ///< whose step needs that many; -1 for the inputs as such
  int64_t step = 0;
};

/// The bound of a graph. `orders` are any orders of all its steps: what they
/// need in a step is an upper bound of the step's minimum, so that most steps
/// need no cut. The better they are, the faster it is. `descending` says, by
/// op, what a call needs at least that computes its rows in descending order.
RowBound findRowBound(const RowGraph &graph, llvm::ArrayRef<StepOrder> orders,
                      llvm::ArrayRef<int64_t> descending);

} // namespace thimble

#endif // THIMBLE_MEMORY_ROWBOUND_H

//===- PeriodicRuns.h - A sequence as repeated pieces -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the cheapest way to write a sequence down as runs: a piece and how
// often it follows itself.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_PERIODICRUNS_H
#define THIMBLE_SUPPORT_PERIODICRUNS_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace thimble {

/// `count` times the `length` symbols from `begin` of a sequence.
struct PeriodicRun {
  unsigned begin = 0;
  unsigned length = 0;
  unsigned count = 1;
};

/// What runs may look like, and what they cost besides one for each symbol of
/// the piece.
struct PeriodicRunCost {
  unsigned maxLength = 255; ///< of the piece
  unsigned maxCount = ~0u;
  unsigned repeated = 2; ///< of a run with a count above 1
  unsigned single = 2;   ///< of a run with a count of 1
};

/// The runs of least cost that, one behind the other, are `symbols`. Runs in
/// which a piece is repeated take as many as there are. Work: proportional to
/// symbols times maxLength.
std::vector<PeriodicRun> findPeriodicRuns(llvm::ArrayRef<int32_t> symbols,
                                          const PeriodicRunCost &cost);

} // namespace thimble

#endif // THIMBLE_SUPPORT_PERIODICRUNS_H

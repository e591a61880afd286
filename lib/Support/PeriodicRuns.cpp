//===- PeriodicRuns.cpp - A sequence as repeated pieces -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dynamic programming from the end of the sequence: what follows a run costs
// the same whatever stands before it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Support/PeriodicRuns.h"
#include <algorithm>

using namespace thimble;

std::vector<PeriodicRun>
thimble::findPeriodicRuns(llvm::ArrayRef<int32_t> symbols,
                          const PeriodicRunCost &cost) {
  unsigned size = symbols.size();
  unsigned maxLength = std::min(cost.maxLength, size);
  // For each period, how many symbols from here on equal the one a period
  // behind; and for each position, the best run from there and its cost.
  std::vector<unsigned> equal(maxLength + 1, 0);
  std::vector<unsigned> best(size + 1, 0);
  std::vector<PeriodicRun> choice(size);
  for (unsigned i = size; i-- > 0;) {
    best[i] = ~0u;
    auto offer = [&](unsigned length, unsigned count) {
      unsigned fixed = count > 1 ? cost.repeated : cost.single;
      unsigned total = fixed + length + best[i + length * count];
      // Of several, the one that repeats from here on.
      if (total < best[i] || (total == best[i] && count > 1)) {
        best[i] = total;
        choice[i] = {i, length, count};
      }
    };
    for (unsigned length = 1; length <= maxLength && i + length <= size;
         ++length) {
      bool repeats = i + length < size && symbols[i] == symbols[i + length];
      equal[length] = repeats ? equal[length] + 1 : 0;
      unsigned count = std::min(1 + equal[length] / length, cost.maxCount);
      offer(length, 1);
      if (count > 1)
        offer(length, count);
    }
  }
  std::vector<PeriodicRun> runs;
  for (unsigned i = 0; i < size; i += choice[i].length * choice[i].count)
    runs.push_back(choice[i]);
  return runs;
}

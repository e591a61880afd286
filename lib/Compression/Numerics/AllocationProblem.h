//===- AllocationProblem.h - Allocation in general terms --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes, cycles and loss as coordinates, of which one is minimized and some
// are bounded; and what the two searches for allocations share.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_NUMERICS_ALLOCATIONPROBLEM_H
#define THIMBLE_LIB_COMPRESSION_NUMERICS_ALLOCATIONPROBLEM_H

#include "thimble/Compression/Numerics/Allocation.h"

namespace thimble {

/// Bytes, cycles, loss.
using CostVector = std::array<double, 3>;

/// Options that are not dominated, and the budgets.
struct AllocationProblem {
  struct Option {
    CostVector cost;
    /// In the caller's list.
    int64_t index;
  };
  std::vector<std::vector<Option>> layers;
  /// Infinite: no budget.
  CostVector limits;
  /// What excesses are measured in, by coordinate.
  CostVector scales;
  /// The coordinate to minimize.
  int goal = 2;

  AllocationProblem(const AllocationOptions &options,
                    const AllocationBudgets &budgets);

  bool isBounded(int dimension) const {
    return limits[dimension] < std::numeric_limits<double>::infinity();
  }
  /// What sums may exceed a limit by: they are rounded.
  double getSlack(int dimension) const { return 1e-9 * scales[dimension]; }
  /// How far `total` is outside the budgets; 0 inside.
  double getExcess(const CostVector &total) const;
  CostVector sum(const std::vector<int64_t> &choices) const;
};

/// A vector of positions in AllocationProblem::layers.
struct AllocationCandidate {
  std::vector<int64_t> choices;
  CostVector total;
  double excess = 0;
};

/// Multipliers of the bounded coordinates, the good candidates met on the way
/// to them, improved by exchanges, best first; and the bound that they prove.
struct LagrangianResult {
  CostVector multipliers = {0, 0, 0};
  std::vector<AllocationCandidate> candidates;
};

LagrangianResult searchMultipliers(const AllocationProblem &problem);

/// Searches all allocations better than `incumbent` (if that is feasible) and
/// puts the best there. Returns whether nothing was cut off.
bool searchPartialAllocations(const AllocationProblem &problem,
                              const CostVector &multipliers,
                              AllocationCandidate &incumbent);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_NUMERICS_ALLOCATIONPROBLEM_H

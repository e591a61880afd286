//===- Allocation.h - One option for each layer, within budgets -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each layer can be coded in several ways that differ in bytes, cycles and in
// what the network loses. Budgets are on sums over layers.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_ALLOCATION_H
#define THIMBLE_COMPRESSION_NUMERICS_ALLOCATION_H

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace thimble {

/// What one way to code a layer costs; also what all layers cost together.
struct AllocationCost {
  double bytes = 0;
  double cycles = 0;
  /// In any unit that adds up over layers.
  double loss = 0;
};

/// By layer, the options; at least one each.
using AllocationOptions = std::vector<std::vector<AllocationCost>>;

/// One option of each layer.
struct Allocation {
  /// By layer, the index of its option.
  std::vector<int64_t> choices;
  AllocationCost total;
};

enum class AllocationGoal { Bytes, Cycles, Loss };

/// What must hold of the total, and what shall be least.
struct AllocationBudgets {
  double maxBytes = std::numeric_limits<double>::infinity();
  double maxCycles = std::numeric_limits<double>::infinity();
  double maxLoss = std::numeric_limits<double>::infinity();
  AllocationGoal goal = AllocationGoal::Loss;
};

/// What chooseAllocation() found.
struct AllocationResult {
  /// The best within the budgets or, if none is, the nearest: least in how far
  /// it exceeds them, each excess relative to its budget.
  Allocation best;
  bool isFeasible = false;
  /// Nothing was cut off in the search: there is nothing better or, if it is
  /// not feasible, nothing is.
  bool isExact = false;
};

/// The sum over layers.
AllocationCost sumCosts(const AllocationOptions &options,
                        const std::vector<int64_t> &choices);

/// The lower convex hull of loss against bytes + cyclePrice * cycles: all
/// allocations that are best for some exchange rate, from the cheapest to the
/// least loss. Between neighbours one layer changes.
std::vector<Allocation> walkFrontier(const AllocationOptions &options,
                                     double cyclePrice = 0);

/// Minimizes the goal within the budgets: Lagrangian multipliers (Everett,
/// "Generalized Lagrange multiplier method", 1963) with repair and exchanges
/// give a good allocation and a lower bound, and a search over partial
/// allocations that neither are dominated nor exceed that bound finds the best.
/// The search is cut off where it grows large. Deterministic.
AllocationResult chooseAllocation(const AllocationOptions &options,
                                  const AllocationBudgets &budgets);

/// Something that several options need, and that is there once for all.
struct SharedCharge {
  /// By layer and option, whether it is needed.
  std::vector<std::vector<bool>> isNeeded;
  double bytes = 0;
  /// By what part the loss must be less with it, where the loss is the goal:
  /// sums of losses are not exact.
  double leastGain = 0;
};

/// The better of what chooseAllocation() finds without those options, and of
/// what it finds with them when the charge is taken off the budget for bytes.
/// The total does not contain the charge. Each layer has an option without it.
AllocationResult chooseAllocation(const AllocationOptions &options,
                                  const AllocationBudgets &budgets,
                                  const SharedCharge &charge);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_ALLOCATION_H

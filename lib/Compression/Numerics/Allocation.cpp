//===- Allocation.cpp - One option for each layer, within budgets ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The frontier, and the two searches put together.
//
//===----------------------------------------------------------------------===//

#include "AllocationProblem.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

using namespace thimble;

AllocationCost thimble::sumCosts(const AllocationOptions &options,
                                 const std::vector<int64_t> &choices) {
  AllocationCost total;
  for (size_t layer = 0; layer < options.size(); ++layer) {
    const AllocationCost &cost = options[layer][choices[layer]];
    total.bytes += cost.bytes;
    total.cycles += cost.cycles;
    total.loss += cost.loss;
  }
  return total;
}

//===----------------------------------------------------------------------===//
// The frontier
//===----------------------------------------------------------------------===//

namespace {

/// A point of a layer's hull.
struct HullPoint {
  double price, loss;
  int64_t index;
};

} // namespace

/// The lower convex hull of a layer's options, by rising price and falling
/// loss.
static std::vector<HullPoint> getHull(const std::vector<AllocationCost> &layer,
                                      double cyclePrice) {
  std::vector<HullPoint> points, hull;
  for (size_t i = 0; i < layer.size(); ++i)
    points.push_back({layer[i].bytes + cyclePrice * layer[i].cycles,
                      layer[i].loss, int64_t(i)});
  std::sort(points.begin(), points.end(),
            [](const HullPoint &left, const HullPoint &right) {
              return std::tie(left.price, left.loss, left.index) <
                     std::tie(right.price, right.loss, right.index);
            });
  for (const HullPoint &point : points) {
    if (!hull.empty() && point.loss >= hull.back().loss)
      continue;
    // The last point is above the line from the one before it to the new one.
    while (hull.size() >= 2) {
      const HullPoint &a = hull[hull.size() - 2], &b = hull.back();
      if ((a.loss - b.loss) * (point.price - b.price) >
          (b.loss - point.loss) * (b.price - a.price))
        break;
      hull.pop_back();
    }
    hull.push_back(point);
  }
  return hull;
}

std::vector<Allocation> thimble::walkFrontier(const AllocationOptions &options,
                                              double cyclePrice) {
  struct Step {
    double slope;
    size_t layer, place;
    int64_t index;
  };
  std::vector<Step> steps;
  Allocation current;
  for (size_t layer = 0; layer < options.size(); ++layer) {
    assert(!options[layer].empty() && "a layer needs an option");
    std::vector<HullPoint> hull = getHull(options[layer], cyclePrice);
    current.choices.push_back(hull[0].index);
    for (size_t i = 1; i < hull.size(); ++i)
      steps.push_back({(hull[i - 1].loss - hull[i].loss) /
                           (hull[i].price - hull[i - 1].price),
                       layer, i, hull[i].index});
  }
  // Within a layer slopes fall, so that its steps stay in order.
  std::sort(steps.begin(), steps.end(),
            [](const Step &left, const Step &right) {
              return std::tie(right.slope, left.layer, left.place) <
                     std::tie(left.slope, right.layer, right.place);
            });
  current.total = sumCosts(options, current.choices);
  std::vector<Allocation> frontier = {current};
  for (const Step &step : steps) {
    current.choices[step.layer] = step.index;
    current.total = sumCosts(options, current.choices);
    frontier.push_back(current);
  }
  return frontier;
}

//===----------------------------------------------------------------------===//
// The problem
//===----------------------------------------------------------------------===//

static CostVector toVector(const AllocationCost &cost) {
  return {cost.bytes, cost.cycles, cost.loss};
}

AllocationProblem::AllocationProblem(const AllocationOptions &options,
                                     const AllocationBudgets &budgets)
    : limits{budgets.maxBytes, budgets.maxCycles, budgets.maxLoss},
      goal(int(budgets.goal)) {
  for (int d = 0; d < 3; ++d) {
    double largest = 0;
    for (const std::vector<AllocationCost> &layer : options)
      for (const AllocationCost &cost : layer)
        largest = std::max(largest, std::abs(toVector(cost)[d]));
    scales[d] = isBounded(d) && limits[d] > 0 ? limits[d]
                : largest > 0                 ? largest
                                              : 1;
  }
  for (const std::vector<AllocationCost> &layer : options) {
    assert(!layer.empty() && "a layer needs an option");
    std::vector<Option> all, kept;
    for (size_t i = 0; i < layer.size(); ++i)
      all.push_back({toVector(layer[i]), int64_t(i)});
    auto isNoWorse = [&](const Option &left, const Option &right) {
      for (int d = 0; d < 3; ++d)
        if ((d == goal || isBounded(d)) && left.cost[d] > right.cost[d])
          return false;
      return true;
    };
    // What nobody asked for decides only between equals: the first in this
    // order stays.
    std::sort(all.begin(), all.end(),
              [&](const Option &left, const Option &right) {
                return std::tie(left.cost[goal], left.cost, left.index) <
                       std::tie(right.cost[goal], right.cost, right.index);
              });
    for (const Option &option : all) {
      bool isDominated = false;
      for (const Option &other : all)
        if (&other != &option && isNoWorse(other, option))
          isDominated |= !isNoWorse(option, other) || &other < &option;
      if (!isDominated)
        kept.push_back(option);
    }
    layers.push_back(std::move(kept));
  }
}

double AllocationProblem::getExcess(const CostVector &total) const {
  double excess = 0;
  for (int d = 0; d < 3; ++d)
    if (isBounded(d) && total[d] > limits[d] + getSlack(d))
      excess += (total[d] - limits[d]) / scales[d];
  return excess;
}

CostVector AllocationProblem::sum(const std::vector<int64_t> &choices) const {
  CostVector total = {0, 0, 0};
  for (size_t layer = 0; layer < layers.size(); ++layer)
    for (int d = 0; d < 3; ++d)
      total[d] += layers[layer][choices[layer]].cost[d];
  return total;
}

AllocationResult thimble::chooseAllocation(const AllocationOptions &options,
                                           const AllocationBudgets &budgets) {
  AllocationProblem problem(options, budgets);
  LagrangianResult lagrangian = searchMultipliers(problem);
  AllocationCandidate best = lagrangian.candidates.front();
  AllocationResult result;
  result.isExact =
      searchPartialAllocations(problem, lagrangian.multipliers, best);
  result.isFeasible = best.excess == 0;
  for (size_t layer = 0; layer < options.size(); ++layer)
    result.best.choices.push_back(
        problem.layers[layer][best.choices[layer]].index);
  result.best.total = sumCosts(options, result.best.choices);
  return result;
}

/// Indices of the choices are those of all options.
static AllocationResult chooseWithout(const AllocationOptions &options,
                                      const AllocationBudgets &budgets,
                                      const SharedCharge &charge) {
  AllocationOptions rest(options.size());
  std::vector<std::vector<int64_t>> indices(options.size());
  for (size_t layer = 0; layer < options.size(); ++layer)
    for (size_t i = 0; i < options[layer].size(); ++i)
      if (!charge.isNeeded[layer][i]) {
        rest[layer].push_back(options[layer][i]);
        indices[layer].push_back(i);
      }
  AllocationResult result = chooseAllocation(rest, budgets);
  for (size_t layer = 0; layer < options.size(); ++layer)
    result.best.choices[layer] = indices[layer][result.best.choices[layer]];
  return result;
}

AllocationResult thimble::chooseAllocation(const AllocationOptions &options,
                                           const AllocationBudgets &budgets,
                                           const SharedCharge &charge) {
  AllocationResult without = chooseWithout(options, budgets, charge);
  AllocationBudgets rest = budgets;
  rest.maxBytes -= charge.bytes;
  if (rest.maxBytes <= 0)
    return without;
  AllocationResult with = chooseAllocation(options, rest);
  if (!with.isFeasible || !without.isFeasible)
    return with.isFeasible ? with : without;
  const AllocationCost &more = with.best.total, &less = without.best.total;
  switch (budgets.goal) {
  case AllocationGoal::Bytes:
    return more.bytes + charge.bytes < less.bytes ? with : without;
  case AllocationGoal::Cycles:
    return more.cycles < less.cycles ? with : without;
  case AllocationGoal::Loss:
    return more.loss < (1 - charge.leastGain) * less.loss ? with : without;
  }
  return without;
}

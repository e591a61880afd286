//===- AllocationMultipliers.cpp - What budgets are worth -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With a price on each bounded coordinate layers choose on their own. The
// prices that give the best lower bound are searched one coordinate at a time;
// every allocation met is repaired and improved by exchanges.
//
//===----------------------------------------------------------------------===//

#include "AllocationProblem.h"
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

using namespace thimble;

namespace {

class MultiplierSearch {
public:
  explicit MultiplierSearch(const AllocationProblem &problem)
      : problem(problem) {}

  LagrangianResult run();

private:
  CostVector chooseAtPrices(const CostVector &prices);
  void searchPrice(CostVector &prices, int dimension);
  bool improveByOne(AllocationCandidate &candidate) const;
  bool improveByTwo(AllocationCandidate &candidate) const;
  void consider(AllocationCandidate &candidate, size_t layer, size_t other,
                int64_t option, int64_t otherOption,
                AllocationCandidate &best) const;

  const AllocationProblem &problem;
  std::set<std::vector<int64_t>> met;
};

} // namespace

/// Whether the first is better: nearer to the budgets, or as near and of less
/// cost.
static bool isBetter(const AllocationProblem &problem,
                     const AllocationCandidate &left,
                     const AllocationCandidate &right) {
  if (std::abs(left.excess - right.excess) > 1e-12)
    return left.excess < right.excess;
  return left.total[problem.goal] <
         right.total[problem.goal] - 1e-12 * problem.scales[problem.goal];
}

/// Every layer's cheapest option at these prices; the sum.
CostVector MultiplierSearch::chooseAtPrices(const CostVector &prices) {
  std::vector<int64_t> choices;
  for (const auto &layer : problem.layers) {
    double least = 0;
    int64_t best = -1;
    for (size_t i = 0; i < layer.size(); ++i) {
      double price = layer[i].cost[problem.goal];
      for (int d = 0; d < 3; ++d)
        price += prices[d] * layer[i].cost[d];
      if (best < 0 || price < least)
        least = price, best = i;
    }
    choices.push_back(best);
  }
  CostVector total = problem.sum(choices);
  met.insert(std::move(choices));
  return total;
}

/// The least price at which the budget of `dimension` is kept, the other
/// prices as they are: there the lower bound, concave in it, is greatest.
void MultiplierSearch::searchPrice(CostVector &prices, int dimension) {
  auto isKept = [&](double price) {
    prices[dimension] = price;
    return chooseAtPrices(prices)[dimension] <=
           problem.limits[dimension] + problem.getSlack(dimension);
  };
  if (isKept(0))
    return;
  double unit = problem.scales[problem.goal] / problem.scales[dimension];
  double low = 0, high = unit * 1e-6;
  while (high < unit * 1e9 && !isKept(high))
    low = high, high *= 10;
  for (int step = 0; step < 50; ++step) {
    double middle = (low + high) / 2;
    (isKept(middle) ? high : low) = middle;
  }
  prices[dimension] = high;
}

/// Replaces `best` if changing one or two layers of `candidate` is better.
void MultiplierSearch::consider(AllocationCandidate &candidate, size_t layer,
                                size_t other, int64_t option,
                                int64_t otherOption,
                                AllocationCandidate &best) const {
  AllocationCandidate changed;
  changed.total = candidate.total;
  auto change = [&](size_t which, int64_t to) {
    const auto &options = problem.layers[which];
    for (int d = 0; d < 3; ++d)
      changed.total[d] +=
          options[to].cost[d] - options[candidate.choices[which]].cost[d];
  };
  change(layer, option);
  if (other != layer)
    change(other, otherOption);
  changed.excess = problem.getExcess(changed.total);
  if (!isBetter(problem, changed, best))
    return;
  changed.choices = candidate.choices;
  changed.choices[layer] = option;
  if (other != layer)
    changed.choices[other] = otherOption;
  best = std::move(changed);
}

bool MultiplierSearch::improveByOne(AllocationCandidate &candidate) const {
  AllocationCandidate best = candidate;
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    for (size_t i = 0; i < problem.layers[layer].size(); ++i)
      consider(candidate, layer, layer, i, i, best);
  bool hasChanged = best.choices != candidate.choices;
  candidate = std::move(best);
  return hasChanged;
}

bool MultiplierSearch::improveByTwo(AllocationCandidate &candidate) const {
  AllocationCandidate best = candidate;
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    for (size_t other = layer + 1; other < problem.layers.size(); ++other)
      for (size_t i = 0; i < problem.layers[layer].size(); ++i)
        for (size_t j = 0; j < problem.layers[other].size(); ++j)
          consider(candidate, layer, other, i, j, best);
  bool hasChanged = best.choices != candidate.choices;
  candidate = std::move(best);
  return hasChanged;
}

LagrangianResult MultiplierSearch::run() {
  LagrangianResult result;
  CostVector &prices = result.multipliers;
  chooseAtPrices(prices);
  for (int round = 0; round < 8; ++round) {
    CostVector before = prices;
    for (int d = 0; d < 3; ++d)
      if (problem.isBounded(d))
        searchPrice(prices, d);
    if (prices == before)
      break;
  }
  // The extremes: if a budget can be kept at all, these keep it.
  for (int d = 0; d < 3; ++d)
    if (problem.isBounded(d)) {
      CostVector extreme = {0, 0, 0};
      extreme[d] = 1e12 * problem.scales[problem.goal] / problem.scales[d];
      chooseAtPrices(extreme);
    }
  for (const std::vector<int64_t> &choices : met) {
    AllocationCandidate candidate{choices, problem.sum(choices)};
    candidate.excess = problem.getExcess(candidate.total);
    while (improveByOne(candidate))
      ;
    result.candidates.push_back(std::move(candidate));
  }
  auto compare = [&](const AllocationCandidate &left,
                     const AllocationCandidate &right) {
    return std::tie(left.excess, left.total[problem.goal], left.choices) <
           std::tie(right.excess, right.total[problem.goal], right.choices);
  };
  std::sort(result.candidates.begin(), result.candidates.end(), compare);
  // Exchanges are dear; few starting points suffice.
  result.candidates.resize(std::min<size_t>(result.candidates.size(), 4));
  for (AllocationCandidate &candidate : result.candidates)
    for (int pass = 0; pass < 20 && improveByTwo(candidate); ++pass)
      while (improveByOne(candidate))
        ;
  for (AllocationCandidate &candidate : result.candidates) {
    candidate.total = problem.sum(candidate.choices);
    candidate.excess = problem.getExcess(candidate.total);
  }
  std::sort(result.candidates.begin(), result.candidates.end(), compare);
  return result;
}

LagrangianResult thimble::searchMultipliers(const AllocationProblem &problem) {
  return MultiplierSearch(problem).run();
}

//===- PartialAllocations.cpp - Layer by layer, all that may win ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dynamic programming over layers. A partial allocation is dropped if another
// is no worse in anything, if no completion keeps the budgets, or if the
// Lagrangian bound of its completions is no better than what is known.
//
//===----------------------------------------------------------------------===//

#include "AllocationProblem.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

using namespace thimble;

namespace {

/// An option of each layer up to one.
struct Partial {
  CostVector total;
  /// Lower bound of the goal over all completions.
  double bound;
  /// Among the partial allocations of the layer before.
  int64_t parent;
  int64_t option;
};

class PartialSearch {
public:
  PartialSearch(const AllocationProblem &problem, const CostVector &multipliers)
      : problem(problem), multipliers(multipliers) {}

  bool run(AllocationCandidate &incumbent);

private:
  void measureRest();
  std::vector<Partial> extend(const std::vector<Partial> &partials,
                              size_t layer, double known) const;
  std::vector<Partial> dropDominated(std::vector<Partial> partials) const;
  void thin(std::vector<Partial> &partials, size_t layer) const;

  const AllocationProblem &problem;
  CostVector multipliers;
  /// By layer, over all layers from it on: the least of each coordinate, and
  /// the least price.
  std::vector<CostVector> leastRest;
  std::vector<double> leastPrice;
};

/// Partial allocations that are kept of a layer.
const size_t mostPartials = 5000;

void PartialSearch::measureRest() {
  size_t count = problem.layers.size();
  leastRest.assign(count + 1, {0, 0, 0});
  leastPrice.assign(count + 1, 0);
  for (size_t layer = count; layer-- > 0;) {
    CostVector least;
    double leastHere = std::numeric_limits<double>::infinity();
    least.fill(leastHere);
    for (const auto &option : problem.layers[layer]) {
      double price = option.cost[problem.goal];
      for (int d = 0; d < 3; ++d) {
        least[d] = std::min(least[d], option.cost[d]);
        price += multipliers[d] * option.cost[d];
      }
      leastHere = std::min(leastHere, price);
    }
    for (int d = 0; d < 3; ++d)
      leastRest[layer][d] = leastRest[layer + 1][d] + least[d];
    leastPrice[layer] = leastPrice[layer + 1] + leastHere;
  }
}

std::vector<Partial> PartialSearch::extend(const std::vector<Partial> &partials,
                                           size_t layer, double known) const {
  std::vector<Partial> result;
  for (size_t parent = 0; parent < partials.size(); ++parent)
    for (size_t i = 0; i < problem.layers[layer].size(); ++i) {
      Partial next{partials[parent].total, 0, int64_t(parent), int64_t(i)};
      bool isPossible = true;
      next.bound = leastPrice[layer + 1];
      for (int d = 0; d < 3; ++d) {
        next.total[d] += problem.layers[layer][i].cost[d];
        if (!problem.isBounded(d))
          continue;
        isPossible &= next.total[d] + leastRest[layer + 1][d] <=
                      problem.limits[d] + problem.getSlack(d);
        next.bound += multipliers[d] * (next.total[d] - problem.limits[d]);
      }
      next.bound += next.total[problem.goal];
      next.bound = std::max(next.bound, next.total[problem.goal] +
                                            leastRest[layer + 1][problem.goal]);
      if (isPossible && next.bound < known)
        result.push_back(next);
    }
  return result;
}

std::vector<Partial>
PartialSearch::dropDominated(std::vector<Partial> partials) const {
  // The goal first, and at most two bounded coordinates.
  int others[2] = {-1, -1}, count = 0;
  for (int d = 0; d < 3; ++d)
    if (d != problem.goal && problem.isBounded(d))
      others[count++] = d;
  auto keyOf = [&](const Partial &partial) {
    auto at = [&](int d) { return d < 0 ? 0 : partial.total[d]; };
    return CostVector{partial.total[problem.goal], at(others[0]),
                      at(others[1])};
  };
  std::sort(partials.begin(), partials.end(),
            [&](const Partial &left, const Partial &right) {
              return std::make_tuple(keyOf(left), left.parent, left.option) <
                     std::make_tuple(keyOf(right), right.parent, right.option);
            });
  // Of those seen so far, all with a goal no worse: the second coordinate, and
  // the least third for up to that; thirds fall as seconds rise.
  std::map<double, double> stairs;
  std::vector<Partial> kept;
  for (const Partial &partial : partials) {
    CostVector key = keyOf(partial);
    auto above = stairs.upper_bound(key[1]);
    if (above != stairs.begin() && std::prev(above)->second <= key[2])
      continue;
    while (above != stairs.end() && above->second >= key[2])
      above = stairs.erase(above);
    stairs[key[1]] = key[2];
    kept.push_back(partial);
  }
  return kept;
}

/// Keeps those with the best bounds, and for each budget some that spare it.
void PartialSearch::thin(std::vector<Partial> &partials, size_t layer) const {
  auto byBound = [](const Partial &left, const Partial &right) {
    return std::tie(left.bound, left.parent, left.option) <
           std::tie(right.bound, right.parent, right.option);
  };
  std::sort(partials.begin(), partials.end(), byBound);
  auto last = partials.begin() + mostPartials;
  auto spendingOf = [&](const Partial &partial, int which) {
    double most = 0;
    for (int d = 0; d < 3; ++d)
      if (problem.isBounded(d) && (which == d || which == 3))
        most = std::max(most, (partial.total[d] + leastRest[layer + 1][d]) /
                                  problem.scales[d]);
    return most;
  };
  std::vector<Partial> kept(partials.begin(), last);
  for (int which = 0; which < 4; ++which) {
    std::sort(last, partials.end(),
              [&](const Partial &left, const Partial &right) {
                return spendingOf(left, which) < spendingOf(right, which);
              });
    size_t some = std::min<size_t>(500, partials.end() - last);
    kept.insert(kept.end(), last, last + some);
    last += some;
  }
  partials = std::move(kept);
}

bool PartialSearch::run(AllocationCandidate &incumbent) {
  measureRest();
  double known = std::numeric_limits<double>::infinity();
  // Gains below are rounding.
  if (incumbent.excess == 0)
    known = incumbent.total[problem.goal] -
            1e-9 * std::abs(incumbent.total[problem.goal]);
  bool isExact = true;
  std::vector<std::vector<Partial>> all = {{{{0, 0, 0}, 0, -1, -1}}};
  for (size_t layer = 0; layer < problem.layers.size(); ++layer) {
    std::vector<Partial> next = dropDominated(extend(all.back(), layer, known));
    if (next.size() > mostPartials) {
      thin(next, layer);
      isExact = false;
    }
    if (next.empty())
      return isExact;
    all.push_back(std::move(next));
  }
  // What is least of the goal comes first.
  int64_t place = 0;
  AllocationCandidate found;
  for (size_t layer = problem.layers.size(); layer > 0; --layer) {
    found.choices.insert(found.choices.begin(), all[layer][place].option);
    place = all[layer][place].parent;
  }
  found.total = problem.sum(found.choices);
  found.excess = problem.getExcess(found.total);
  incumbent = std::move(found);
  return isExact;
}

} // namespace

bool thimble::searchPartialAllocations(const AllocationProblem &problem,
                                       const CostVector &multipliers,
                                       AllocationCandidate &incumbent) {
  return PartialSearch(problem, multipliers).run(incumbent);
}

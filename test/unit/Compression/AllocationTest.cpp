//===- AllocationTest.cpp - Tests of choosing within budgets --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against all allocations of few layers.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Allocation.h"
#include "RandomLayers.h"
#include "gtest/gtest.h"
#include <functional>

using namespace thimble;

namespace {

const double infinity = std::numeric_limits<double>::infinity();

/// Options as layers have: loss falls with bytes, roughly.
AllocationOptions randomOptions(int64_t layers, int64_t most,
                                std::mt19937 &random) {
  std::uniform_real_distribution<double> uniform(0.5, 1.5);
  AllocationOptions options(layers);
  for (auto &layer : options) {
    double size = 100 * uniform(random) * uniform(random);
    double sensitivity = uniform(random) * uniform(random);
    int64_t count = randomUpTo(most, random);
    for (int64_t i = 0; i < count; ++i) {
      double bits = uniform(random) * 4;
      layer.push_back({std::floor(size * bits),
                       std::floor(size * 9 * uniform(random)),
                       sensitivity * std::exp2(-bits) * uniform(random)});
    }
  }
  return options;
}

void forEachAllocation(
    const AllocationOptions &options,
    const std::function<void(const AllocationCost &)> &visit) {
  std::vector<int64_t> choices(options.size());
  while (true) {
    visit(sumCosts(options, choices));
    size_t layer = 0;
    while (layer < options.size() &&
           ++choices[layer] == int64_t(options[layer].size()))
      choices[layer++] = 0;
    if (layer == options.size())
      return;
  }
}

double goalOf(const AllocationCost &cost, AllocationGoal goal) {
  return goal == AllocationGoal::Bytes    ? cost.bytes
         : goal == AllocationGoal::Cycles ? cost.cycles
                                          : cost.loss;
}

bool isWithin(const AllocationCost &cost, const AllocationBudgets &budgets) {
  return cost.bytes <= budgets.maxBytes * (1 + 1e-9) &&
         cost.cycles <= budgets.maxCycles * (1 + 1e-9) &&
         cost.loss <= budgets.maxLoss * (1 + 1e-9);
}

/// Budgets around what a random allocation needs, so that some can't be kept.
AllocationBudgets randomBudgets(const AllocationOptions &options, int kinds,
                                std::mt19937 &random) {
  std::uniform_real_distribution<double> uniform(0.6, 1.2);
  std::vector<int64_t> choices;
  for (const auto &layer : options)
    choices.push_back(randomUpTo(layer.size(), random) - 1);
  AllocationCost cost = sumCosts(options, choices);
  AllocationBudgets budgets;
  if (kinds & 1)
    budgets.maxBytes = cost.bytes * uniform(random);
  if (kinds & 2)
    budgets.maxCycles = cost.cycles * uniform(random);
  if (kinds & 4)
    budgets.maxLoss = cost.loss * uniform(random);
  return budgets;
}

TEST(Allocation, BestOfAll) {
  std::mt19937 random(1);
  int feasible = 0, infeasible = 0;
  for (int trial = 0; trial < 600; ++trial) {
    AllocationOptions options = randomOptions(randomUpTo(5, random), 5, random);
    AllocationBudgets budgets = randomBudgets(options, trial % 8, random);
    budgets.goal = AllocationGoal(trial / 8 % 3);
    double best = infinity;
    forEachAllocation(options, [&](const AllocationCost &cost) {
      if (isWithin(cost, budgets))
        best = std::min(best, goalOf(cost, budgets.goal));
    });
    AllocationResult result = chooseAllocation(options, budgets);
    EXPECT_TRUE(result.isExact);
    ASSERT_EQ(result.isFeasible, best < infinity) << trial;
    AllocationCost total = sumCosts(options, result.best.choices);
    EXPECT_EQ(total.bytes, result.best.total.bytes);
    (result.isFeasible ? feasible : infeasible)++;
    if (!result.isFeasible)
      continue;
    EXPECT_TRUE(isWithin(total, budgets));
    EXPECT_NEAR(goalOf(total, budgets.goal), best, 1e-8 * best) << trial;
  }
  EXPECT_GT(feasible, 100);
  EXPECT_GT(infeasible, 50);
}

TEST(Allocation, NearestWhereNothingFits) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 60; ++trial) {
    AllocationOptions options = randomOptions(randomUpTo(4, random), 4, random);
    AllocationCost least;
    least.bytes = least.cycles = infinity;
    forEachAllocation(options, [&](const AllocationCost &cost) {
      least.bytes = std::min(least.bytes, cost.bytes);
      least.cycles = std::min(least.cycles, cost.cycles);
    });
    AllocationBudgets budgets;
    budgets.maxBytes = least.bytes * 0.9;
    if (trial % 2)
      budgets.maxCycles = least.cycles * 0.8;
    auto excessOf = [&](const AllocationCost &cost) {
      return (cost.bytes - budgets.maxBytes) / budgets.maxBytes +
             (trial % 2 ? (cost.cycles - budgets.maxCycles) / budgets.maxCycles
                        : 0);
    };
    double nearest = infinity;
    forEachAllocation(options, [&](const AllocationCost &cost) {
      nearest = std::min(nearest, excessOf(cost));
    });
    AllocationResult result = chooseAllocation(options, budgets);
    EXPECT_FALSE(result.isFeasible);
    EXPECT_NEAR(excessOf(result.best.total), nearest, 1e-9) << trial;
  }
}

TEST(Allocation, ManyLayers) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 3; ++trial) {
    AllocationOptions options = randomOptions(25, 40, random);
    AllocationBudgets budgets;
    std::vector<Allocation> frontier = walkFrontier(options);
    const Allocation &middle = frontier[frontier.size() / 2];
    budgets.maxBytes = middle.total.bytes;
    budgets.maxCycles =
        trial ? middle.total.cycles * (1 - 0.05 * trial) : infinity;
    AllocationResult result = chooseAllocation(options, budgets);
    ASSERT_TRUE(result.isFeasible);
    EXPECT_TRUE(isWithin(result.best.total, budgets));
    // Without the budget on cycles this is the optimum: no allocation of as few
    // bytes has less loss than the hull.
    if (!trial)
      EXPECT_NEAR(result.best.total.loss, middle.total.loss,
                  1e-9 * middle.total.loss);
    else
      EXPECT_LT(result.best.total.loss, 1.5 * middle.total.loss);
    EXPECT_EQ(result.best.choices,
              chooseAllocation(options, budgets).best.choices);
  }
}

TEST(Allocation, LargeSearchesAreCutOff) {
  // Three budgets of which each can be kept, but hardly all: nothing bounds the
  // search.
  std::mt19937 random(5);
  AllocationOptions options = randomOptions(30, 60, random);
  std::vector<Allocation> frontier = walkFrontier(options);
  AllocationCost middle = frontier[frontier.size() / 2].total;
  AllocationBudgets budgets;
  budgets.maxBytes = middle.bytes, budgets.maxCycles = 0.7 * middle.cycles;
  budgets.maxLoss = 1.1 * middle.loss;
  AllocationResult result = chooseAllocation(options, budgets);
  EXPECT_FALSE(result.isExact && result.isFeasible);
  EXPECT_LT(result.best.total.bytes, 1.2 * budgets.maxBytes);
  EXPECT_LT(result.best.total.cycles, 1.2 * budgets.maxCycles);
  EXPECT_LT(result.best.total.loss, 1.2 * budgets.maxLoss);
  EXPECT_EQ(result.best.choices,
            chooseAllocation(options, budgets).best.choices);
}

TEST(Allocation, FrontierIsTheHull) {
  std::mt19937 random(4);
  for (int trial = 0; trial < 40; ++trial) {
    double cyclePrice = trial % 2 ? 0.05 : 0;
    AllocationOptions options = randomOptions(randomUpTo(4, random), 5, random);
    std::vector<Allocation> frontier = walkFrontier(options, cyclePrice);
    auto priceOf = [&](const AllocationCost &cost) {
      return cost.bytes + cyclePrice * cost.cycles;
    };
    for (size_t i = 1; i < frontier.size(); ++i) {
      EXPECT_GT(priceOf(frontier[i].total), priceOf(frontier[i - 1].total));
      EXPECT_LT(frontier[i].total.loss, frontier[i - 1].total.loss);
      int changes = 0;
      for (size_t layer = 0; layer < options.size(); ++layer)
        changes += frontier[i].choices[layer] != frontier[i - 1].choices[layer];
      EXPECT_EQ(changes, 1);
    }
    // Whatever a byte is worth, no allocation is better than all of these.
    for (double rate : {1e-9, 1e-4, 1e-3, 1e-2, 1e6}) {
      double best = infinity, ours = infinity;
      forEachAllocation(options, [&](const AllocationCost &cost) {
        best = std::min(best, cost.loss + rate * priceOf(cost));
      });
      for (const Allocation &allocation : frontier)
        ours = std::min(ours, allocation.total.loss +
                                  rate * priceOf(allocation.total));
      EXPECT_NEAR(ours, best, 1e-9 * best);
    }
  }
}

TEST(Allocation, OneLayerAndEqualOptions) {
  AllocationOptions options = {{{10, 5, 1}, {10, 3, 1}, {10, 3, 1}}};
  AllocationResult result = chooseAllocation(options, {});
  EXPECT_TRUE(result.isFeasible);
  // What no budget is on decides between equals.
  EXPECT_EQ(result.best.choices, (std::vector<int64_t>{1}));
  EXPECT_EQ(walkFrontier(options).size(), 1u);
  AllocationBudgets budgets;
  budgets.maxBytes = 0;
  EXPECT_FALSE(chooseAllocation(options, budgets).isFeasible);
  budgets.maxBytes = 10;
  EXPECT_TRUE(chooseAllocation(options, budgets).isFeasible);
  EXPECT_TRUE(chooseAllocation({}, budgets).isFeasible);
}

/// Two layers; the second option of each is shorter by 30 bytes and needs what
/// is shared.
AllocationResult chooseShared(double charge, double gain,
                              const AllocationBudgets &budgets) {
  AllocationOptions options = {{{100, 0, 1}, {70, 0, 1}, {50, 0, 3}},
                               {{100, 0, 1}, {70, 0, 1}, {50, 0, 3}}};
  std::vector<bool> isNeeded = {false, true, false};
  return chooseAllocation(options, budgets,
                          {{isNeeded, isNeeded}, charge, gain});
}

TEST(Allocation, WhatIsSharedIsPaidOnce) {
  AllocationBudgets budgets;
  budgets.maxBytes = 199;
  // 140 bytes and the charge, or 150 bytes with a loss of 4.
  EXPECT_EQ(chooseShared(50, 0, budgets).best.choices,
            (std::vector<int64_t>{1, 1}));
  AllocationResult dear = chooseShared(90, 0, budgets);
  EXPECT_TRUE(dear.isFeasible);
  EXPECT_EQ(dear.best.total.loss, 4);
  EXPECT_EQ(dear.best.total.bytes, 150);
  // A gain of a half is not enough where it must be more.
  EXPECT_EQ(chooseShared(50, 0.6, budgets).best.total.loss, 4);
  // More than the budget.
  EXPECT_EQ(chooseShared(300, 0, budgets).best.total.loss, 4);
}

TEST(Allocation, WhatIsSharedCountsAmongTheFewestBytes) {
  AllocationBudgets budgets;
  budgets.goal = AllocationGoal::Bytes;
  budgets.maxLoss = 2;
  EXPECT_EQ(chooseShared(59, 0, budgets).best.total.bytes, 140);
  EXPECT_EQ(chooseShared(61, 0, budgets).best.total.bytes, 200);
  // Only the options that share keep both budgets.
  budgets.goal = AllocationGoal::Loss;
  budgets.maxBytes = 190;
  EXPECT_TRUE(chooseShared(50, 0.9, budgets).isFeasible);
}

} // namespace

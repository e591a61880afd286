//===- PlacementHeuristic.cpp - First fit from both ends ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Places one buffer after the other at the lowest offset that nothing placed
// before forbids, or at the highest one below a goal. Alternating the ends is
// optimal for a chain of layers, where each buffer meets its predecessor and
// its successor only. Where a round ends too high, the buffers that stick out
// come first in the next one ("squeaky wheel optimization", Joslin and
// Clements 1999).
//
//===----------------------------------------------------------------------===//

#include "PlacementSolvers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MathExtras.h"

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;

namespace {

/// The splitmix64 generator (Steele, Lea, Flood 2014): the same numbers with
/// every standard library.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  /// A number below `bound`.
  uint64_t below(uint64_t bound) {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % bound;
  }

private:
  uint64_t state;
};

/// What decides a round: in which order buffers are placed, and from which end.
struct Strategy {
  SmallVector<unsigned> order;
  SmallVector<bool> isFromTop; ///< by buffer
};

class FirstFit {
public:
  FirstFit(const PlacementProblem &problem, int64_t goal, uint64_t &placed)
      : problem(problem), goal(goal), placed(placed) {}

  /// Places all buffers with `top` as the upper end. Keeps the result if it is
  /// the best. Returns the arena's bytes.
  int64_t run(const Strategy &strategy, int64_t top);

  /// Several fixed orders. Returns the strategy of the best.
  Strategy runDeterministic();

  /// Random changes to the best strategy so far.
  void runRandomised(Strategy strategy, const PlacementOptions &options);

  Offsets takeBest() { return std::move(best); }

private:
  void collectForbidden(unsigned buffer);
  int64_t findLowest(unsigned buffer);
  std::optional<int64_t> findHighest(unsigned buffer, int64_t top);
  SmallVector<SmallVector<unsigned>> getOrders() const;
  SmallVector<bool> getAlternatingEnds() const;
  void mutate(Strategy &strategy, Random &random) const;

  const PlacementProblem &problem;
  int64_t goal;
  uint64_t &placed;
  Offsets best;
  int64_t bestArena = -1;
  Offsets offsets;                     ///< of the current round, or -1
  SmallVector<OpenInterval> forbidden; ///< offsets, scratch of one buffer
};

} // namespace

void FirstFit::collectForbidden(unsigned buffer) {
  forbidden.clear();
  for (auto neighbor : problem.getNeighbors(buffer)) {
    int64_t other = offsets[neighbor.buffer];
    if (other < 0)
      continue;
    const PlacementProblem::Pair &pair = problem.getPairs()[neighbor.pair];
    for (OpenInterval i : pair.forbidden.getIntervals())
      forbidden.push_back(pair.second == buffer
                              ? OpenInterval{other + i.low, other + i.high}
                              : OpenInterval{other - i.high, other - i.low});
  }
}

int64_t FirstFit::findLowest(unsigned buffer) {
  int64_t alignment = problem.getBuffer(buffer).alignment;
  llvm::sort(forbidden, [](const OpenInterval &a, const OpenInterval &b) {
    return a.low < b.low;
  });
  int64_t offset = 0;
  for (OpenInterval i : forbidden)
    if (i.contains(offset))
      offset = llvm::divideCeil(i.high, alignment) * alignment;
  return offset;
}

std::optional<int64_t> FirstFit::findHighest(unsigned buffer, int64_t top) {
  const PlacementBuffer &description = problem.getBuffer(buffer);
  int64_t alignment = description.alignment;
  int64_t offset = top - description.size;
  if (offset < 0)
    return std::nullopt;
  offset -= offset % alignment;
  llvm::sort(forbidden, [](const OpenInterval &a, const OpenInterval &b) {
    return a.high > b.high;
  });
  for (OpenInterval i : forbidden) {
    if (!i.contains(offset))
      continue;
    if (i.low < 0)
      return std::nullopt;
    offset = i.low - i.low % alignment;
  }
  return offset;
}

int64_t FirstFit::run(const Strategy &strategy, int64_t top) {
  offsets.clear();
  for (const PlacementBuffer &buffer : problem.getBuffers())
    offsets.push_back(buffer.fixedOffset.value_or(-1));
  for (unsigned buffer : strategy.order) {
    if (offsets[buffer] >= 0)
      continue;
    collectForbidden(buffer);
    std::optional<int64_t> offset;
    if (strategy.isFromTop[buffer])
      offset = findHighest(buffer, top);
    offsets[buffer] = offset ? *offset : findLowest(buffer);
  }
  placed += problem.size();
  int64_t arena = getArenaBytes(problem, offsets);
  if (bestArena < 0 || arena < bestArena) {
    bestArena = arena;
    best = offsets;
  }
  return arena;
}

SmallVector<SmallVector<unsigned>> FirstFit::getOrders() const {
  SmallVector<int64_t> size, load;
  for (const PlacementBuffer &buffer : problem.getBuffers())
    size.push_back(buffer.size);
  for (unsigned buffer = 0; buffer < problem.size(); ++buffer) {
    load.push_back(size[buffer]);
    for (auto neighbor : problem.getNeighbors(buffer))
      load.back() += size[neighbor.buffer];
  }
  auto asGiven = llvm::to_vector(llvm::seq(0u, problem.size()));
  auto sortedBy = [&](const SmallVector<int64_t> &keys) {
    SmallVector<unsigned> order(asGiven.begin(), asGiven.end());
    llvm::sort(order, [&](unsigned a, unsigned b) {
      return keys[a] != keys[b] ? keys[a] > keys[b] : a < b;
    });
    return order;
  };
  return {sortedBy(size), SmallVector<unsigned>(asGiven), sortedBy(load)};
}

/// Disjoint neighbours at opposite ends where possible, neighbours that may
/// share bytes at the same end.
SmallVector<bool> FirstFit::getAlternatingEnds() const {
  SmallVector<bool> isFromTop(problem.size(), false);
  SmallVector<bool> isSeen(problem.size(), false);
  SmallVector<unsigned> queue;
  for (unsigned start = 0; start < problem.size(); ++start) {
    if (isSeen[start])
      continue;
    isSeen[start] = true;
    queue.assign(1, start);
    for (unsigned i = 0; i < queue.size(); ++i)
      for (auto neighbor : problem.getNeighbors(queue[i])) {
        unsigned other = neighbor.buffer;
        if (isSeen[other])
          continue;
        isSeen[other] = true;
        isFromTop[other] =
            isFromTop[queue[i]] !=
            problem.isDisjoint(problem.getPairs()[neighbor.pair]);
        queue.push_back(other);
      }
  }
  return isFromTop;
}

Strategy FirstFit::runDeterministic() {
  Strategy bestStrategy;
  SmallVector<bool> fromBottom(problem.size(), false);
  for (const SmallVector<bool> &ends : {getAlternatingEnds(), fromBottom})
    for (const SmallVector<unsigned> &order : getOrders()) {
      Strategy strategy{order, ends};
      int64_t before = bestArena;
      if (run(strategy, goal) < before || before < 0)
        bestStrategy = strategy;
      if (bestArena <= goal)
        return bestStrategy;
    }
  return bestStrategy;
}

void FirstFit::mutate(Strategy &strategy, Random &random) const {
  // Which calls of the generator come first must not depend on the library.
  SmallVector<unsigned> &order = strategy.order;
  SmallVector<unsigned> front, rest;
  for (unsigned buffer : order) {
    bool sticksOut = best[buffer] + problem.getBuffer(buffer).size > goal;
    (sticksOut && random.below(2) == 0 ? front : rest).push_back(buffer);
  }
  order = std::move(front);
  order.append(rest);
  for (uint64_t i = 0, e = 1 + random.below(3); i < e; ++i) {
    uint64_t one = random.below(order.size());
    uint64_t two = random.below(order.size());
    std::swap(order[one], order[two]);
    if (random.below(2) == 0)
      strategy.isFromTop[one] = !strategy.isFromTop[one];
  }
}

void FirstFit::runRandomised(Strategy strategy,
                             const PlacementOptions &options) {
  Random random(options.seed);
  int64_t current = bestArena;
  for (unsigned round = 0; round < options.restarts && bestArena > goal &&
                           placed < options.heuristicBudget;
       ++round) {
    Strategy changed = strategy;
    mutate(changed, random);
    // The goal may be out of reach: aim at something between as well.
    int64_t top =
        round % 2 ? goal : goal + int64_t(random.below(bestArena - goal));
    int64_t arena = run(changed, top);
    // Equal is taken too, or the walk would stay on a plateau.
    if (arena <= current) {
      current = arena;
      strategy = std::move(changed);
    }
  }
}

Offsets thimble::detail::placeHeuristically(const PlacementProblem &problem,
                                            int64_t goal,
                                            const PlacementOptions &options,
                                            uint64_t &placed) {
  FirstFit solver(problem, goal, placed);
  Strategy strategy = solver.runDeterministic();
  solver.runRandomised(std::move(strategy), options);
  return solver.takeBest();
}

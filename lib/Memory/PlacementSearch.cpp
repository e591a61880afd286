//===- PlacementSearch.cpp - Exact placement by branch and bound ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides whether a placement of at most H bytes exists, for several H. A state
// is an interval [lo, hi] for every offset and for every pair's difference.
// Each rule has the form "x_b - x_a >= c", so the vector of all lo is itself
// the placement if no difference of it is forbidden (alignment included: it
// only rounds lo up). Otherwise one of the violated differences has to be on
// one of the two sides of the forbidden interval it is in, and the search
// branches on that. This is complete for any forbidden set, unlike trying first
// fit in all orders, which is so for disjointness only.
//
//===----------------------------------------------------------------------===//

#include "PlacementSolvers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace thimble;
using namespace thimble::detail;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

enum class Outcome { Found, Impossible, OutOfNodes };

class Search {
public:
  Search(const PlacementProblem &problem, ArrayRef<Clique> cliques);

  /// Looks for a placement of at most `height` bytes; counts `nodes` up, not
  /// beyond `limit`.
  Outcome run(int64_t height, uint64_t &nodes, uint64_t limit);

  /// The placement that `run` found.
  ArrayRef<int64_t> getOffsets() const {
    return ArrayRef<int64_t>(bounds).take_front(numBuffers);
  }

private:
  /// A difference in a forbidden interval, to be put below or above it.
  struct Decision {
    unsigned pair;
    OpenInterval interval;
    bool isAboveFirst;
  };
  /// An open branch: what to undo, and what is still to be tried.
  struct Branch {
    size_t trailSize;
    Decision decision;
    bool isSecondTried;
  };

  // All bounds in one array, so that undoing needs one trail.
  unsigned lo(unsigned buffer) const { return buffer; }
  unsigned hi(unsigned buffer) const { return numBuffers + buffer; }
  unsigned least(unsigned pair) const { return 2 * numBuffers + pair; }
  unsigned most(unsigned pair) const {
    return 2 * numBuffers + numPairs + pair;
  }

  bool initialize(int64_t height);
  void set(unsigned index, int64_t value);
  bool raise(unsigned buffer, int64_t value);
  bool lower(unsigned buffer, int64_t value);
  void enqueue(unsigned buffer);
  bool propagate();
  bool propagatePair(unsigned pair);
  bool fitsChangedCliques();
  bool fitsClique(const Clique &clique) const;
  std::optional<Decision> decide() const;
  bool apply(const Decision &decision, bool isAbove);
  bool backtrack(llvm::SmallVectorImpl<Branch> &branches);

  const PlacementProblem &problem;
  ArrayRef<Clique> cliques;
  unsigned numBuffers;
  unsigned numPairs;
  uint64_t nodeCost; ///< a node takes time in proportion to the pairs
  SmallVector<int64_t> bounds;
  SmallVector<std::pair<unsigned, int64_t>> trail; ///< index, old value
  SmallVector<unsigned> queue;                     ///< buffers that changed
  SmallVector<bool> isQueued;
  SmallVector<SmallVector<unsigned>, 0> cliquesOf; ///< by buffer
  SmallVector<int64_t> weights; ///< 1 + contradictions met, by buffer
  SmallVector<bool> isCliqueChanged;
  SmallVector<unsigned> changedCliques;
};

} // namespace

Search::Search(const PlacementProblem &problem, ArrayRef<Clique> cliques)
    : problem(problem), cliques(cliques), numBuffers(problem.size()),
      numPairs(problem.getPairs().size()), nodeCost(1 + numPairs / 128),
      isQueued(numBuffers, false), cliquesOf(numBuffers),
      weights(numBuffers, 1), isCliqueChanged(cliques.size(), false) {
  for (auto [number, clique] : llvm::enumerate(cliques))
    for (unsigned buffer : clique.buffers)
      cliquesOf[buffer].push_back(number);
}

//===----------------------------------------------------------------------===//
// Propagation
//===----------------------------------------------------------------------===//

void Search::set(unsigned index, int64_t value) {
  trail.push_back({index, bounds[index]});
  bounds[index] = value;
}

void Search::enqueue(unsigned buffer) {
  for (unsigned clique : cliquesOf[buffer]) {
    if (isCliqueChanged[clique])
      continue;
    isCliqueChanged[clique] = true;
    changedCliques.push_back(clique);
  }
  if (isQueued[buffer])
    return;
  isQueued[buffer] = true;
  queue.push_back(buffer);
}

bool Search::raise(unsigned buffer, int64_t value) {
  if (value <= bounds[lo(buffer)])
    return true;
  // Offsets are not negative, so neither is a value above a bound.
  value = llvm::alignTo(value, problem.getBuffer(buffer).alignment);
  set(lo(buffer), value);
  enqueue(buffer);
  return value <= bounds[hi(buffer)];
}

bool Search::lower(unsigned buffer, int64_t value) {
  if (value >= bounds[hi(buffer)])
    return true;
  if (value < 0)
    return false;
  value -= value % problem.getBuffer(buffer).alignment;
  set(hi(buffer), value);
  enqueue(buffer);
  return bounds[lo(buffer)] <= value;
}

/// Tightens the difference of a pair by the offsets and the offsets by the
/// difference. Returns false if nothing is left.
bool Search::propagatePair(unsigned pair) {
  const PlacementProblem::Pair &p = problem.getPairs()[pair];
  unsigned a = p.first, b = p.second;
  int64_t dLeast = std::max(bounds[least(pair)], bounds[lo(b)] - bounds[hi(a)]);
  int64_t dMost = std::min(bounds[most(pair)], bounds[hi(b)] - bounds[lo(a)]);
  if (const OpenInterval *i = p.forbidden.find(dLeast))
    dLeast = i->high;
  if (const OpenInterval *i = p.forbidden.find(dMost))
    dMost = i->low;
  if (dLeast > dMost)
    return false;
  if (dLeast != bounds[least(pair)])
    set(least(pair), dLeast);
  if (dMost != bounds[most(pair)])
    set(most(pair), dMost);
  return raise(b, bounds[lo(a)] + dLeast) && lower(b, bounds[hi(a)] + dMost) &&
         raise(a, bounds[lo(b)] - dMost) && lower(a, bounds[hi(b)] - dLeast);
}

bool Search::propagate() {
  bool isPossible = true;
  for (unsigned i = 0; i < queue.size(); ++i) {
    unsigned buffer = queue[i];
    isQueued[buffer] = false;
    if (!isPossible)
      continue;
    for (auto neighbor : problem.getNeighbors(buffer))
      if (!propagatePair(neighbor.pair)) {
        isPossible = false;
        ++weights[buffer];
        ++weights[neighbor.buffer];
        break;
      }
  }
  queue.clear();
  return fitsChangedCliques() && isPossible;
}

/// Disjoint buffers that all begin at `from` or above and end at `to` or below
/// need at most `to - from` bytes.
bool Search::fitsClique(const Clique &clique) const {
  struct Window {
    int64_t from, to, size;
  };
  SmallVector<Window, 16> windows;
  for (unsigned buffer : clique.buffers) {
    int64_t size =
        llvm::alignTo(problem.getBuffer(buffer).size, clique.alignment);
    windows.push_back({bounds[lo(buffer)], bounds[hi(buffer)] + size, size});
  }
  llvm::sort(windows,
             [](const Window &a, const Window &b) { return a.from > b.from; });
  for (const Window &last : windows) {
    int64_t sum = 0;
    for (const Window &window : windows) {
      if (window.to > last.to)
        continue;
      sum += window.size;
      if (window.from + sum > last.to)
        return false;
    }
  }
  return true;
}

/// Checks the cliques of which a bound has changed.
bool Search::fitsChangedCliques() {
  bool isPossible = true;
  for (unsigned clique : changedCliques) {
    isCliqueChanged[clique] = false;
    if (!isPossible || fitsClique(cliques[clique]))
      continue;
    isPossible = false;
    for (unsigned buffer : cliques[clique].buffers)
      ++weights[buffer];
  }
  changedCliques.clear();
  return isPossible;
}

//===----------------------------------------------------------------------===//
// Branching
//===----------------------------------------------------------------------===//

bool Search::initialize(int64_t height) {
  bounds.assign(2 * (numBuffers + numPairs), 0);
  trail.clear();
  for (unsigned pair = 0; pair < numPairs; ++pair) {
    bounds[least(pair)] = -height;
    bounds[most(pair)] = height;
  }
  bool isPossible = true;
  for (unsigned i = 0; i < numBuffers; ++i) {
    const PlacementBuffer &buffer = problem.getBuffer(i);
    int64_t highest = height - buffer.size;
    if (highest >= 0)
      highest -= highest % buffer.alignment;
    if (buffer.fixedOffset) {
      isPossible &= *buffer.fixedOffset <= highest;
      bounds[lo(i)] = highest = *buffer.fixedOffset;
    }
    bounds[hi(i)] = highest;
    isPossible &= highest >= 0;
    enqueue(i);
  }
  isPossible = propagate() && isPossible;
  return isPossible;
}

/// The violated difference with the least room on both sides, because there a
/// contradiction shows first; buffers that caused contradictions before count
/// more ("dom/wdeg", Boussemart et al. 2004). Nothing if no rule is violated.
std::optional<Search::Decision> Search::decide() const {
  std::optional<Decision> best;
  int64_t bestRoom = 0, bestWeight = 1;
  for (auto [number, pair] : llvm::enumerate(problem.getPairs())) {
    unsigned a = pair.first, b = pair.second;
    int64_t difference = bounds[lo(b)] - bounds[lo(a)];
    const OpenInterval *interval = pair.forbidden.find(difference);
    if (!interval)
      continue;
    int64_t roomAbove = bounds[hi(b)] - bounds[lo(a)] - interval->high;
    int64_t roomBelow = bounds[hi(a)] - bounds[lo(b)] + interval->low;
    int64_t room =
        1 + std::max<int64_t>(roomAbove, 0) + std::max<int64_t>(roomBelow, 0);
    int64_t weight = weights[a] + weights[b];
    if (best && room * bestWeight >= bestRoom * weight)
      continue;
    bestRoom = room;
    bestWeight = weight;
    best = Decision{unsigned(number), *interval, roomAbove >= roomBelow};
  }
  return best;
}

bool Search::apply(const Decision &decision, bool isAbove) {
  unsigned pair = decision.pair;
  if (isAbove)
    set(least(pair), std::max(bounds[least(pair)], decision.interval.high));
  else
    set(most(pair), std::min(bounds[most(pair)], decision.interval.low));
  enqueue(problem.getPairs()[pair].first);
  return propagate();
}

/// Goes on to the second side of the latest decision that has one left.
bool Search::backtrack(llvm::SmallVectorImpl<Branch> &branches) {
  while (!branches.empty()) {
    Branch &branch = branches.back();
    while (trail.size() > branch.trailSize) {
      bounds[trail.back().first] = trail.back().second;
      trail.pop_back();
    }
    if (branch.isSecondTried) {
      branches.pop_back();
      continue;
    }
    branch.isSecondTried = true;
    if (apply(branch.decision, !branch.decision.isAboveFirst))
      return true;
  }
  return false;
}

Outcome Search::run(int64_t height, uint64_t &nodes, uint64_t limit) {
  if (!initialize(height))
    return Outcome::Impossible;
  SmallVector<Branch, 0> branches;
  while (std::optional<Decision> decision = decide()) {
    if (nodes + nodeCost > limit)
      return Outcome::OutOfNodes;
    nodes += nodeCost;
    branches.push_back({trail.size(), *decision, false});
    if (!apply(*decision, decision->isAboveFirst) && !backtrack(branches))
      return Outcome::Impossible;
  }
  return Outcome::Found;
}

//===----------------------------------------------------------------------===//
// Choice of heights
//===----------------------------------------------------------------------===//

/// Every offset that propagation can produce is a multiple of this, therefore
/// so is the optimum.
static int64_t getGranularity(const PlacementProblem &problem) {
  int64_t unit = 0;
  for (const PlacementBuffer &buffer : problem.getBuffers()) {
    unit = std::gcd(unit, buffer.size);
    unit = std::gcd(unit, buffer.fixedOffset.value_or(0));
    if (buffer.alignment > 1)
      unit = std::gcd(unit, buffer.alignment);
  }
  for (const PlacementProblem::Pair &pair : problem.getPairs())
    for (OpenInterval i : pair.forbidden.getIntervals())
      unit = std::gcd(std::gcd(unit, i.low), i.high);
  return std::max<int64_t>(unit, 1);
}

int64_t thimble::detail::searchExactly(const PlacementProblem &problem,
                                       ArrayRef<Clique> cliques, int64_t goal,
                                       const PlacementOptions &options,
                                       uint64_t &nodes, Offsets &offsets) {
  Search search(problem, cliques);
  int64_t unit = getGranularity(problem);
  int64_t proven = 0;
  int64_t arena = getArenaBytes(problem, offsets);
  // No height below `floor` is probed again: it is impossible or undecided.
  int64_t floor = goal;
  // The goal first, because it most often can be met; then bisection.
  int64_t height = floor;
  while (floor < arena && nodes < options.searchNodes) {
    uint64_t limit = nodes + (options.searchNodes - nodes + 1) / 2;
    switch (search.run(height, nodes, limit)) {
    case Outcome::Found:
      offsets.assign(search.getOffsets().begin(), search.getOffsets().end());
      arena = getArenaBytes(problem, offsets);
      break;
    case Outcome::Impossible:
      proven = floor = llvm::alignTo(height + 1, unit);
      break;
    case Outcome::OutOfNodes:
      floor = llvm::alignTo(height + 1, unit);
      break;
    }
    height = floor + (arena - floor) / unit / 2 * unit;
  }
  return proven;
}

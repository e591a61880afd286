//===- Placement.cpp - Offsets of buffers in an arena ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The problem's data structure, its lower bounds, and the driver: connected
// components of the problem do not influence each other, therefore each is
// solved alone, and none harder than the largest of them requires.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/Placement.h"
#include "PlacementSolvers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cassert>
#include <numeric>

using namespace thimble;
using namespace thimble::detail;
using llvm::ArrayRef;
using llvm::SmallVector;

//===----------------------------------------------------------------------===//
// PlacementProblem
//===----------------------------------------------------------------------===//

unsigned PlacementProblem::addBuffer(int64_t size, int64_t alignment,
                                     std::optional<int64_t> fixedOffset) {
  assert(size >= 0 && alignment >= 1 && "not a buffer");
  buffers.push_back({size, alignment, fixedOffset});
  neighbors.emplace_back();
  return buffers.size() - 1;
}

PlacementProblem::Pair &PlacementProblem::getOrCreatePair(unsigned first,
                                                          unsigned second) {
  assert(first < second && second < buffers.size() && "not a pair of buffers");
  auto [it, isNew] = pairNumbers.try_emplace({first, second}, pairs.size());
  if (isNew) {
    neighbors[first].push_back({second, it->second});
    neighbors[second].push_back({first, it->second});
    pairs.push_back({first, second, {}});
  }
  return pairs[it->second];
}

void PlacementProblem::forbid(unsigned a, unsigned b,
                              OpenInterval differences) {
  assert(a != b && "a buffer's difference from itself is always 0");
  if (differences.isEmpty())
    return;
  if (a > b) {
    std::swap(a, b);
    differences = {-differences.high, -differences.low};
  }
  getOrCreatePair(a, b).forbidden.insert(differences);
}

void PlacementProblem::forbidOverlap(unsigned a, unsigned b) {
  int64_t sizeOfA = buffers[a].size, sizeOfB = buffers[b].size;
  if (sizeOfA > 0 && sizeOfB > 0)
    forbid(a, b, {-sizeOfB, sizeOfA});
}

void PlacementProblem::allowDifference(unsigned a, unsigned b,
                                       int64_t difference) {
  if (a > b) {
    std::swap(a, b);
    difference = -difference;
  }
  auto it = pairNumbers.find({a, b});
  if (it != pairNumbers.end())
    pairs[it->second].forbidden.erase(difference);
}

bool PlacementProblem::isDisjoint(const Pair &pair) const {
  return pair.forbidden.containsAll(
      {-buffers[pair.second].size, buffers[pair.first].size});
}

bool PlacementProblem::isDisjoint(unsigned a, unsigned b) const {
  auto it = pairNumbers.find(std::minmax(a, b));
  return it != pairNumbers.end() && isDisjoint(pairs[it->second]);
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

std::optional<PlacementViolation>
thimble::findViolation(const PlacementProblem &problem,
                       ArrayRef<int64_t> offsets, bool allowUnplaced) {
  assert(offsets.size() == problem.size() && "one offset for each buffer");
  auto isSkipped = [&](unsigned buffer) {
    return allowUnplaced && offsets[buffer] == -1;
  };
  for (auto [index, buffer] : llvm::enumerate(problem.getBuffers())) {
    int64_t offset = offsets[index];
    unsigned number = index;
    if (isSkipped(number))
      continue;
    if (offset < 0 || offset % buffer.alignment != 0 ||
        offset != buffer.fixedOffset.value_or(offset))
      return PlacementViolation{number, number};
  }
  for (const PlacementProblem::Pair &pair : problem.getPairs()) {
    if (isSkipped(pair.first) || isSkipped(pair.second))
      continue;
    if (pair.forbidden.contains(offsets[pair.second] - offsets[pair.first]))
      return PlacementViolation{pair.first, pair.second};
  }
  return std::nullopt;
}

std::optional<PlacementViolation>
thimble::findFixedViolation(const PlacementProblem &problem) {
  SmallVector<int64_t> offsets(problem.size(), -1);
  for (auto [index, buffer] : llvm::enumerate(problem.getBuffers())) {
    unsigned number = index;
    if (buffer.fixedOffset && *buffer.fixedOffset < 0)
      return PlacementViolation{number, number};
    offsets[index] = buffer.fixedOffset.value_or(-1);
  }
  return findViolation(problem, offsets, /*allowUnplaced=*/true);
}

int64_t thimble::detail::getArenaBytes(const PlacementProblem &problem,
                                       ArrayRef<int64_t> offsets) {
  int64_t bytes = 0;
  for (auto [buffer, offset] : llvm::zip_equal(problem.getBuffers(), offsets))
    bytes = std::max(bytes, offset + buffer.size);
  return bytes;
}

//===----------------------------------------------------------------------===//
// Lower bounds
//===----------------------------------------------------------------------===//

/// For each buffer a set of pairwise disjoint buffers that contains it, chosen
/// greedily by size. The live sets of a schedule are such sets.
static SmallVector<SmallVector<unsigned>>
findDisjointSets(const PlacementProblem &problem) {
  SmallVector<SmallVector<unsigned>> sets;
  for (unsigned buffer = 0; buffer < problem.size(); ++buffer) {
    SmallVector<unsigned> candidates;
    for (auto neighbor : problem.getNeighbors(buffer))
      if (problem.isDisjoint(problem.getPairs()[neighbor.pair]))
        candidates.push_back(neighbor.buffer);
    llvm::sort(candidates, [&](unsigned a, unsigned b) {
      int64_t sizeOfA = problem.getBuffer(a).size;
      int64_t sizeOfB = problem.getBuffer(b).size;
      return sizeOfA != sizeOfB ? sizeOfA > sizeOfB : a < b;
    });
    SmallVector<unsigned> &set = sets.emplace_back();
    set.push_back(buffer);
    for (unsigned candidate : candidates)
      if (llvm::all_of(set, [&](unsigned member) {
            return member == buffer || problem.isDisjoint(candidate, member);
          }))
        set.push_back(candidate);
    llvm::sort(set);
  }
  llvm::sort(sets);
  sets.erase(llvm::unique(sets), sets.end());
  return sets;
}

/// Restricts every set to its buffers of large alignment, in all ways that make
/// a difference: a smaller set rounds its sizes up further.
static SmallVector<Clique, 0> findCliques(const PlacementProblem &problem) {
  SmallVector<Clique, 0> cliques;
  auto alignmentOf = [&](unsigned buffer) {
    return problem.getBuffer(buffer).alignment;
  };
  for (SmallVector<unsigned> &set : findDisjointSets(problem)) {
    llvm::sort(set, [&](unsigned a, unsigned b) {
      return std::pair(alignmentOf(a), a) > std::pair(alignmentOf(b), b);
    });
    int64_t alignment = 0;
    for (unsigned i = 0; i < set.size(); ++i) {
      alignment = std::gcd(alignment, alignmentOf(set[i]));
      if (i + 1 < set.size() &&
          std::gcd(alignment, alignmentOf(set[i + 1])) == alignment)
        continue;
      cliques.push_back({{set.begin(), set.begin() + i + 1}, alignment});
    }
  }
  return cliques;
}

/// Buffers that share no byte need the sum of their sizes, of which all but the
/// topmost are rounded up.
static int64_t getLowerBound(const PlacementProblem &problem,
                             ArrayRef<Clique> cliques) {
  int64_t bound = 0;
  for (const PlacementBuffer &buffer : problem.getBuffers())
    bound = std::max(bound, buffer.fixedOffset.value_or(0) + buffer.size);
  for (const Clique &clique : cliques) {
    int64_t sum = 0, mostPadding = 0;
    for (unsigned buffer : clique.buffers) {
      int64_t size = problem.getBuffer(buffer).size;
      int64_t rounded = llvm::alignTo(size, clique.alignment);
      sum += rounded;
      mostPadding = std::max(mostPadding, rounded - size);
    }
    bound = std::max(bound, sum - mostPadding);
  }
  return bound;
}

//===----------------------------------------------------------------------===//
// Driver
//===----------------------------------------------------------------------===//

namespace {
/// Buffers that forbidden differences connect, renumbered from 0.
struct Component {
  SmallVector<unsigned> buffers; ///< numbers in the whole problem, ascending
  PlacementProblem problem;
  SmallVector<Clique, 0> cliques;
};
} // namespace

static SmallVector<Component, 0>
findComponents(const PlacementProblem &problem) {
  SmallVector<Component, 0> components;
  constexpr unsigned unseen = ~0u;
  SmallVector<unsigned> local(problem.size(), unseen);
  for (unsigned start = 0; start < problem.size(); ++start) {
    if (local[start] != unseen)
      continue;
    local[start] = 0;
    Component &component = components.emplace_back();
    SmallVector<unsigned> &buffers = component.buffers;
    buffers.push_back(start);
    for (unsigned i = 0; i < buffers.size(); ++i)
      for (auto neighbor : problem.getNeighbors(buffers[i]))
        if (local[neighbor.buffer] == unseen) {
          local[neighbor.buffer] = 0;
          buffers.push_back(neighbor.buffer);
        }
    llvm::sort(buffers);
    for (unsigned buffer : buffers) {
      const PlacementBuffer &b = problem.getBuffer(buffer);
      local[buffer] =
          component.problem.addBuffer(b.size, b.alignment, b.fixedOffset);
    }
    for (unsigned buffer : buffers)
      for (auto neighbor : problem.getNeighbors(buffer))
        if (buffer < neighbor.buffer)
          for (OpenInterval i :
               problem.getPairs()[neighbor.pair].forbidden.getIntervals())
            component.problem.forbid(local[buffer], local[neighbor.buffer], i);
    component.cliques = findCliques(component.problem);
  }
  return components;
}

Placement thimble::placeBuffers(const PlacementProblem &problem,
                                const PlacementOptions &options) {
  assert(!findFixedViolation(problem) && "fixed offsets contradict each other");
  Placement result;
  result.offsets.assign(problem.size(), -1);
  SmallVector<Component, 0> components = findComponents(problem);
  result.lowerBound = options.knownLowerBound;
  for (const Component &component : components)
    result.lowerBound = std::max(
        result.lowerBound, getLowerBound(component.problem, component.cliques));

  for (const Component &component : components) {
    // A component may use all that the whole needs anyway.
    int64_t goal = std::max(result.lowerBound, result.arenaBytes);
    Offsets offsets = placeHeuristically(component.problem, goal, options,
                                         result.buffersPlaced);
    if (getArenaBytes(component.problem, offsets) > goal &&
        component.buffers.size() <= options.maxExactBuffers)
      result.lowerBound =
          std::max(result.lowerBound,
                   searchExactly(component.problem, component.cliques, goal,
                                 options, result.nodesSearched, offsets));
    for (auto [buffer, offset] : llvm::zip_equal(component.buffers, offsets))
      result.offsets[buffer] = offset;
    result.arenaBytes =
        std::max(result.arenaBytes, getArenaBytes(component.problem, offsets));
  }
  assert(!findViolation(problem, result.offsets) && "invalid placement");
  return result;
}

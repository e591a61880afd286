//===- PlacementTest.cpp - Tests of placements in an arena ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares placements with an exhaustive search over all offsets, and checks
// bounds, alignment, determinism and the amount of work.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/Placement.h"
#include "gtest/gtest.h"
#include <random>

using namespace thimble;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

//===----------------------------------------------------------------------===//
// Random problems
//===----------------------------------------------------------------------===//

struct RandomShape {
  unsigned numBuffers;
  int64_t maxSize;
  bool hasAlignment = false;
  bool hasSharing = false;   ///< some differences allowed again
  bool hasIntervals = false; ///< arbitrary forbidden intervals
  bool hasFixed = false;
};

class ProblemGenerator {
public:
  explicit ProblemGenerator(unsigned seed) : engine(seed) {}

  /// A number from `low` to `high`, the same with every standard library.
  int64_t pick(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }

  PlacementProblem make(const RandomShape &shape) {
    PlacementProblem problem;
    SmallVector<std::pair<int64_t, int64_t>> lifetimes;
    for (unsigned i = 0; i < shape.numBuffers; ++i) {
      int64_t alignment = shape.hasAlignment ? int64_t(1) << pick(0, 2) : 1;
      problem.addBuffer(pick(0, shape.maxSize), alignment);
      int64_t first = pick(0, shape.numBuffers);
      lifetimes.push_back({first, first + pick(0, 3)});
    }
    for (unsigned a = 0; a < shape.numBuffers; ++a)
      for (unsigned b = a + 1; b < shape.numBuffers; ++b)
        addPair(problem, shape, a, b,
                lifetimes[a].first <= lifetimes[b].second &&
                    lifetimes[b].first <= lifetimes[a].second);
    if (!shape.hasFixed)
      return problem;
    PlacementProblem fixed;
    unsigned chosen = pick(0, shape.numBuffers - 1);
    for (unsigned i = 0; i < problem.size(); ++i) {
      const PlacementBuffer &buffer = problem.getBuffer(i);
      std::optional<int64_t> offset;
      if (i == chosen)
        offset = buffer.alignment * pick(0, 3);
      fixed.addBuffer(buffer.size, buffer.alignment, offset);
    }
    for (const PlacementProblem::Pair &pair : problem.getPairs())
      for (OpenInterval interval : pair.forbidden.getIntervals())
        fixed.forbid(pair.first, pair.second, interval);
    return fixed;
  }

private:
  void addPair(PlacementProblem &problem, const RandomShape &shape, unsigned a,
               unsigned b, bool meets) {
    if (meets)
      problem.forbidOverlap(a, b);
    if (shape.hasSharing && pick(0, 2) == 0)
      problem.allowDifference(a, b, pick(0, 1) ? 0 : pick(-2, 2));
    if (shape.hasIntervals && pick(0, 3) == 0) {
      int64_t low = pick(-6, 5);
      problem.forbid(b, a, {low, low + pick(1, 6)});
    }
  }

  std::mt19937_64 engine;
};

//===----------------------------------------------------------------------===//
// Brute force
//===----------------------------------------------------------------------===//

/// Tries all offsets below `arena`; written from the definition.
bool existsPlacement(const PlacementProblem &problem, int64_t arena,
                     SmallVector<int64_t> &offsets) {
  unsigned buffer = offsets.size();
  if (buffer == problem.size())
    return true;
  const PlacementBuffer &b = problem.getBuffer(buffer);
  for (int64_t offset = 0; offset + b.size <= arena; offset += b.alignment) {
    if (b.fixedOffset && *b.fixedOffset != offset)
      continue;
    bool isValid = true;
    for (const PlacementProblem::Pair &pair : problem.getPairs())
      if (pair.second == buffer)
        for (OpenInterval i : pair.forbidden.getIntervals())
          isValid &= !(i.low < offset - offsets[pair.first] &&
                       offset - offsets[pair.first] < i.high);
    if (!isValid)
      continue;
    offsets.push_back(offset);
    bool isFound = existsPlacement(problem, arena, offsets);
    offsets.pop_back();
    if (isFound)
      return true;
  }
  return false;
}

int64_t findOptimum(const PlacementProblem &problem) {
  for (int64_t arena = 0;; ++arena) {
    SmallVector<int64_t> offsets;
    if (existsPlacement(problem, arena, offsets))
      return arena;
  }
}

void expectOptimal(const RandomShape &shape, unsigned count, unsigned seed) {
  ProblemGenerator generator(seed);
  for (unsigned i = 0; i < count; ++i) {
    PlacementProblem problem = generator.make(shape);
    Placement placement = placeBuffers(problem);
    ASSERT_FALSE(findViolation(problem, placement.offsets)) << "problem " << i;
    ASSERT_TRUE(placement.isProvenOptimal()) << "problem " << i;
    ASSERT_EQ(placement.arenaBytes, findOptimum(problem)) << "problem " << i;
  }
}

TEST(PlacementBruteForceTest, Disjointness) { expectOptimal({5, 6}, 1500, 1); }

TEST(PlacementBruteForceTest, Alignment) {
  RandomShape shape{5, 6};
  shape.hasAlignment = true;
  expectOptimal(shape, 1500, 2);
}

TEST(PlacementBruteForceTest, Sharing) {
  RandomShape shape{5, 6};
  shape.hasSharing = true;
  expectOptimal(shape, 1500, 3);
}

TEST(PlacementBruteForceTest, ArbitraryIntervals) {
  RandomShape shape{4, 5};
  shape.hasIntervals = shape.hasSharing = shape.hasAlignment = true;
  expectOptimal(shape, 1500, 4);
}

TEST(PlacementBruteForceTest, FixedOffsets) {
  RandomShape shape{4, 5};
  shape.hasFixed = shape.hasSharing = shape.hasAlignment = true;
  expectOptimal(shape, 1500, 5);
}

TEST(PlacementBruteForceTest, HeuristicAloneIsValidAndBounded) {
  RandomShape shape{5, 6};
  shape.hasSharing = shape.hasAlignment = true;
  ProblemGenerator generator(6);
  PlacementOptions options;
  options.searchNodes = 0;
  unsigned numOptimal = 0;
  for (unsigned i = 0; i < 1000; ++i) {
    PlacementProblem problem = generator.make(shape);
    Placement placement = placeBuffers(problem, options);
    ASSERT_FALSE(findViolation(problem, placement.offsets));
    int64_t optimum = findOptimum(problem);
    ASSERT_LE(placement.lowerBound, optimum) << "problem " << i;
    ASSERT_GE(placement.arenaBytes, optimum) << "problem " << i;
    EXPECT_EQ(placement.nodesSearched, 0u);
    numOptimal += placement.arenaBytes == optimum;
  }
  EXPECT_GE(numOptimal, 980u);
}

//===----------------------------------------------------------------------===//
// Larger problems
//===----------------------------------------------------------------------===//

TEST(PlacementTest, LargeRandomProblemsAreValidAndDeterministic) {
  RandomShape shape{60, 1000};
  shape.hasSharing = shape.hasAlignment = true;
  ProblemGenerator generator(7);
  for (unsigned i = 0; i < 10; ++i) {
    PlacementProblem problem = generator.make(shape);
    PlacementOptions options;
    options.searchNodes = 500;
    Placement placement = placeBuffers(problem, options);
    EXPECT_FALSE(findViolation(problem, placement.offsets));
    EXPECT_GE(placement.arenaBytes, placement.lowerBound);
    EXPECT_LE(placement.arenaBytes, placement.lowerBound * 11 / 10);
    EXPECT_LE(placement.nodesSearched, options.searchNodes);
    Placement again = placeBuffers(problem, options);
    EXPECT_EQ(placement.offsets, again.offsets);
    EXPECT_EQ(placement.nodesSearched, again.nodesSearched);
  }
}

TEST(PlacementTest, SearchBeatsHeuristic) {
  // One round of first fit only: the search has to do the work.
  ProblemGenerator generator(8);
  PlacementOptions options;
  options.restarts = 0;
  PlacementOptions heuristicOnly = options;
  heuristicOnly.searchNodes = 0;
  unsigned numBetter = 0, numProven = 0;
  for (unsigned i = 0; i < 50; ++i) {
    RandomShape shape{20, 50};
    shape.hasSharing = shape.hasAlignment = true;
    PlacementProblem problem = generator.make(shape);
    Placement searched = placeBuffers(problem, options);
    numBetter +=
        searched.arenaBytes < placeBuffers(problem, heuristicOnly).arenaBytes;
    numProven += searched.isProvenOptimal();
  }
  EXPECT_GT(numBetter, 0u);
  EXPECT_EQ(numProven, 50u);
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

PlacementProblem makeChain(ArrayRef<int64_t> sizes) {
  PlacementProblem problem;
  for (int64_t size : sizes)
    problem.addBuffer(size);
  for (unsigned i = 0; i + 1 < sizes.size(); ++i)
    problem.forbidOverlap(i, i + 1);
  return problem;
}

TEST(PlacementTest, EmptyProblem) {
  Placement placement = placeBuffers(PlacementProblem());
  EXPECT_EQ(placement.arenaBytes, 0);
  EXPECT_TRUE(placement.isProvenOptimal());
}

TEST(PlacementTest, ChainUsesBothEnds) {
  // First fit by size alone puts 4 above 5 and ends at 15.
  Placement placement = placeBuffers(makeChain({7, 4, 5, 6}));
  EXPECT_EQ(placement.arenaBytes, 11);
  EXPECT_TRUE(placement.isProvenOptimal());
}

TEST(PlacementTest, LongChainsNeedOneRoundAndNoSearch) {
  for (unsigned length : {500u, 2000u}) {
    ProblemGenerator generator(length);
    SmallVector<int64_t> sizes;
    int64_t expected = 0;
    for (unsigned i = 0; i < length; ++i) {
      sizes.push_back(generator.pick(1, 10000));
      if (i > 0)
        expected = std::max(expected, sizes[i - 1] + sizes[i]);
    }
    Placement placement = placeBuffers(makeChain(sizes));
    EXPECT_EQ(placement.arenaBytes, expected);
    EXPECT_TRUE(placement.isProvenOptimal());
    EXPECT_EQ(placement.buffersPlaced, length);
    EXPECT_EQ(placement.nodesSearched, 0u);
  }
}

TEST(PlacementTest, GapThatFirstFitCannotUse) {
  // b may lie at a's base + 3 or apart: the only way to 8 bytes.
  PlacementProblem problem;
  unsigned a = problem.addBuffer(8), b = problem.addBuffer(5);
  problem.forbidOverlap(a, b);
  problem.allowDifference(a, b, 3);
  Placement placement = placeBuffers(problem);
  EXPECT_EQ(placement.arenaBytes, 8);
  EXPECT_EQ(placement.offsets[b] - placement.offsets[a], 3);
  EXPECT_TRUE(placement.isProvenOptimal());
}

TEST(PlacementTest, OutputTrailsInput) {
  // Row streaming: the output may begin at least 2 bytes below its input.
  PlacementProblem problem;
  unsigned in = problem.addBuffer(10), out = problem.addBuffer(10);
  problem.forbid(in, out, {-2, 10});
  Placement placement = placeBuffers(problem);
  EXPECT_EQ(placement.arenaBytes, 12);
  EXPECT_EQ(placement.offsets[in] - placement.offsets[out], 2);
}

TEST(PlacementTest, KnownLowerBoundEndsTheSearch) {
  // Five buffers in a ring: no three meet, so cliques prove 20, not 30.
  PlacementProblem problem;
  for (unsigned i = 0; i < 5; ++i)
    problem.addBuffer(10);
  for (unsigned i = 0; i < 5; ++i)
    problem.forbidOverlap(i, (i + 1) % 5);
  Placement placement = placeBuffers(problem);
  EXPECT_EQ(placement.arenaBytes, 30);
  EXPECT_TRUE(placement.isProvenOptimal());
  PlacementOptions options;
  options.knownLowerBound = 30;
  options.searchNodes = 0;
  EXPECT_TRUE(placeBuffers(problem, options).isProvenOptimal());
  options.knownLowerBound = 0;
  options.heuristicBudget = 0;
  placement = placeBuffers(problem, options);
  EXPECT_EQ(placement.lowerBound, 20);
  EXPECT_FALSE(placement.isProvenOptimal());
}

TEST(PlacementTest, FixedOffsetsAreChecked) {
  PlacementProblem overlapping;
  overlapping.addBuffer(8, 4, 0);
  overlapping.addBuffer(8, 4, 4);
  EXPECT_FALSE(findFixedViolation(overlapping));
  overlapping.forbidOverlap(0, 1);
  auto violation = findFixedViolation(overlapping);
  ASSERT_TRUE(violation);
  EXPECT_EQ(violation->first, 0u);
  EXPECT_EQ(violation->second, 1u);

  for (int64_t offset : {6, -4}) {
    PlacementProblem problem;
    problem.addBuffer(8);
    problem.addBuffer(8, 4, offset);
    violation = findFixedViolation(problem);
    ASSERT_TRUE(violation) << offset;
    EXPECT_EQ(violation->first, 1u);
    EXPECT_EQ(violation->second, 1u);
  }
}

TEST(PlacementTest, ViolationsAreFound) {
  PlacementProblem problem = makeChain({4, 4});
  EXPECT_FALSE(findViolation(problem, {0, 4}));
  EXPECT_TRUE(findViolation(problem, {0, 3}));
  EXPECT_TRUE(findViolation(problem, {3, 0}));
  EXPECT_TRUE(findViolation(problem, {-1, 4}));
  EXPECT_FALSE(findViolation(problem, {-1, 4}, /*allowUnplaced=*/true));
}

} // namespace

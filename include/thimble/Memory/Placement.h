//===- Placement.h - Offsets of buffers in an arena -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gives every buffer an offset in one arena so that the arena is as small as
// possible. The only rule between two buffers is the set of differences of
// their addresses that are forbidden. All sizes and offsets are bytes.
//
// The exact search branches on which side of a forbidden interval a difference
// lies (the disjunctive formulation of dynamic storage allocation, known from
// job-shop scheduling) and propagates bounds of the offsets. Nothing depends on
// the clock, on addresses of the host or on a random source with hidden state:
// equal problems get equal results.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_PLACEMENT_H
#define THIMBLE_MEMORY_PLACEMENT_H

#include "thimble/Memory/DifferenceSet.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>
#include <utility>

namespace thimble {

/// A contiguous piece of the arena.
struct PlacementBuffer {
  int64_t size;                       ///< bytes, not negative
  int64_t alignment;                  ///< bytes, at least 1
  std::optional<int64_t> fixedOffset; ///< bytes from the start of the arena
};

/// Buffers and what is forbidden between them.
class PlacementProblem {
public:
  /// A buffer with something forbidden to the pair it forms with another one.
  struct Neighbor {
    unsigned buffer;
    unsigned pair; ///< index into getPairs()
  };
  /// Forbidden values of `base(second) - base(first)`, first < second.
  struct Pair {
    unsigned first;
    unsigned second;
    DifferenceSet forbidden;
  };

  /// Adds a buffer and returns its number; numbers count up from 0.
  unsigned addBuffer(int64_t size, int64_t alignment = 1,
                     std::optional<int64_t> fixedOffset = std::nullopt);

  /// Forbids low < base_b - base_a < high.
  void forbid(unsigned a, unsigned b, OpenInterval differences);

  /// Forbids that `a` and `b` share a byte: -size_b < base_b - base_a < size_a.
  /// Buffers of size 0 share no byte with anything.
  void forbidOverlap(unsigned a, unsigned b);

  /// Allows base_b - base_a == difference again, whatever was forbidden before;
  /// with 0 after forbidOverlap, `b` may lie exactly on `a` or apart from it.
  void allowDifference(unsigned a, unsigned b, int64_t difference);

  /// Whether the pair is known to share no byte in any valid placement.
  bool isDisjoint(unsigned a, unsigned b) const;
  /// Whether `pair` shares no byte in any valid placement.
  bool isDisjoint(const Pair &pair) const;

  unsigned size() const { return buffers.size(); }
  const PlacementBuffer &getBuffer(unsigned buffer) const {
    return buffers[buffer];
  }
  llvm::ArrayRef<PlacementBuffer> getBuffers() const { return buffers; }
  llvm::ArrayRef<Pair> getPairs() const { return pairs; }
  llvm::ArrayRef<Neighbor> getNeighbors(unsigned buffer) const {
    return neighbors[buffer];
  }

private:
  Pair &getOrCreatePair(unsigned first, unsigned second);

  llvm::SmallVector<PlacementBuffer> buffers;
  llvm::SmallVector<Pair> pairs;
  llvm::SmallVector<llvm::SmallVector<Neighbor, 4>> neighbors;
  llvm::DenseMap<std::pair<unsigned, unsigned>, unsigned> pairNumbers;
};

/// Limits are counts of work, never time, so that results are reproducible.
struct PlacementOptions {
  /// A number of bytes that every placement needs, known to the caller: the
  /// peak of live bytes (see Lifetimes.h). It ends the search early.
  int64_t knownLowerBound = 0;
  /// Number of randomised rounds of the heuristic for a connected component.
  unsigned restarts = 200;
  /// Limit of buffers placed by all those rounds together (10 us each at most).
  uint64_t heuristicBudget = 100000;
  /// The exact search is tried for connected components up to this size.
  unsigned maxExactBuffers = 1024;
  /// Limit of nodes of the exact search; 0 switches it off. A node of a
  /// component with more than 128 pairs counts several times.
  uint64_t searchNodes = 30000;
  /// Seed of the randomised rounds.
  uint64_t seed = 1;
};

/// Where the buffers are, and how good that is.
struct Placement {
  llvm::SmallVector<int64_t> offsets; ///< one for each buffer, bytes
  int64_t arenaBytes = 0;             ///< the highest end of a buffer
  int64_t lowerBound = 0;             ///< no placement needs fewer bytes
  uint64_t buffersPlaced = 0;         ///< work done by the heuristic
  uint64_t nodesSearched = 0;         ///< work done by the exact search

  bool isProvenOptimal() const { return arenaBytes == lowerBound; }
};

/// A rule that a placement breaks. For a single buffer `first == second`: its
/// offset is negative, misaligned, or not the fixed one.
struct PlacementViolation {
  unsigned first;
  unsigned second;
};

/// Checks offsets against every rule of the problem; offsets of -1 are skipped
/// if `allowUnplaced`.
std::optional<PlacementViolation> findViolation(const PlacementProblem &problem,
                                                llvm::ArrayRef<int64_t> offsets,
                                                bool allowUnplaced = false);

/// Fixed offsets that contradict each other or their alignment, if any.
std::optional<PlacementViolation>
findFixedViolation(const PlacementProblem &problem);

/// Places all buffers. The fixed offsets must not contradict each other; then
/// a placement always exists.
Placement placeBuffers(const PlacementProblem &problem,
                       const PlacementOptions &options = {});

} // namespace thimble

#endif // THIMBLE_MEMORY_PLACEMENT_H

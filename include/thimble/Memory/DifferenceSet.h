//===- DifferenceSet.h - Sets of forbidden address differences --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A finite union of open integer intervals. For a pair of buffers (a, b) it
// holds every value that base_b - base_a (bytes) must not take. Liveness,
// in-place results, partial overlap and line buffers are all such sets.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_DIFFERENCESET_H
#define THIMBLE_MEMORY_DIFFERENCESET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace thimble {

/// The integers x with `low < x < high`.
struct OpenInterval {
  int64_t low;
  int64_t high;

  bool contains(int64_t value) const { return low < value && value < high; }
  bool isEmpty() const { return high - low < 2; }
  bool operator==(const OpenInterval &other) const {
    return low == other.low && high == other.high;
  }
};

/// A set of integers, kept as sorted, non-empty open intervals no two of which
/// contain a common integer or adjacent integers: between two intervals there
/// is always an integer outside of the set.
class DifferenceSet {
public:
  /// Adds all integers of `interval`.
  void insert(OpenInterval interval);
  /// Keeps the integers that `other` contains too.
  void intersect(const DifferenceSet &other);
  /// Takes a single integer out of the set.
  void erase(int64_t value);

  bool contains(int64_t value) const { return find(value) != nullptr; }
  /// The interval that contains `value`, or null.
  const OpenInterval *find(int64_t value) const;
  /// Whether every integer of `interval` is in the set.
  bool containsAll(OpenInterval interval) const;

  bool empty() const { return intervals.empty(); }
  llvm::ArrayRef<OpenInterval> getIntervals() const { return intervals; }

private:
  llvm::SmallVector<OpenInterval, 1> intervals;
};

} // namespace thimble

#endif // THIMBLE_MEMORY_DIFFERENCESET_H

//===- DifferenceSet.cpp - Sets of forbidden address differences ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps the intervals sorted and merged, so that look-ups are binary searches
// and the search can treat each interval as one either-or decision.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/DifferenceSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;

void DifferenceSet::insert(OpenInterval interval) {
  if (interval.isEmpty())
    return;
  // Open intervals (l1, h1), (l2, h2) with l1 <= l2 join exactly if l2 < h1:
  // for l2 == h1 the integer h1 itself stays outside.
  auto *first = llvm::partition_point(
      intervals, [&](const OpenInterval &i) { return i.high <= interval.low; });
  auto *last = first;
  while (last != intervals.end() && last->low < interval.high) {
    interval.low = std::min(interval.low, last->low);
    interval.high = std::max(interval.high, last->high);
    ++last;
  }
  first = intervals.erase(first, last);
  intervals.insert(first, interval);
}

void DifferenceSet::intersect(const DifferenceSet &other) {
  DifferenceSet common;
  for (const OpenInterval &a : intervals)
    for (const OpenInterval &b : other.intervals)
      common.insert({std::max(a.low, b.low), std::min(a.high, b.high)});
  *this = std::move(common);
}

void DifferenceSet::erase(int64_t value) {
  const OpenInterval *found = find(value);
  if (!found)
    return;
  auto *at = intervals.begin() + (found - intervals.begin());
  OpenInterval lower{at->low, value}, upper{value, at->high};
  at = intervals.erase(at);
  if (!upper.isEmpty())
    at = intervals.insert(at, upper);
  if (!lower.isEmpty())
    intervals.insert(at, lower);
}

const OpenInterval *DifferenceSet::find(int64_t value) const {
  const auto *at = llvm::partition_point(
      intervals, [&](const OpenInterval &i) { return i.high <= value; });
  return at != intervals.end() && at->contains(value) ? at : nullptr;
}

bool DifferenceSet::containsAll(OpenInterval interval) const {
  if (interval.isEmpty())
    return true;
  const OpenInterval *found = find(interval.low + 1);
  return found && found->high >= interval.high;
}

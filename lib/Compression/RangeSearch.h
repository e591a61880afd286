//===- RangeSearch.h - Which numbers a quantization should hold -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding to 255 steps loses the more the wider they are; what lies outside is
// clipped. A range is chosen where both together are least.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_RANGESEARCH_H
#define THIMBLE_LIB_COMPRESSION_RANGESEARCH_H

#include "thimble/Compression/Statistics.h"
#include "llvm/ADT/ArrayRef.h"

namespace thimble {

/// How ranges are chosen.
enum class RangeMethod {
  minmax,     ///< everything that was seen
  percentile, ///< 99.99 percent on either side
  mse,        ///< the least squared error of int8
  automatic   ///< the least squared error among all these, 99.9 and 99.999
};

/// The numbers that a tensor held.
class ValueDistribution {
public:
  static constexpr unsigned bins = 2048;

  /// First pass: the least and the greatest number. 0 counts as seen.
  void include(llvm::ArrayRef<float> values);
  void includeAll(const ValueDistribution &other);

  /// Second pass, with the extremes known: how often they occur.
  void count(llvm::ArrayRef<float> values);
  /// Some of the numbers as they are. Rounding errors are measured on these:
  /// how far numbers are from the grid depends on what they are, as pixels are
  /// integers.
  void pick(float value) { picked.push_back(value); }
  /// Adds counts and picked numbers, the other's behind the own.
  void countAll(const ValueDistribution &other);

  RealRange getExtremes() const { return extremes; }
  /// False if a number was NaN or infinite.
  bool isFinite() const { return allFinite; }
  llvm::ArrayRef<uint64_t> getCounts() const { return counts; }

  /// What int8 numbers of this range lose: squared error, summed over all
  /// numbers that were counted.
  double getError(RealRange range) const;
  /// The range by `method`; everything that was seen if nothing was counted.
  RealRange choose(RangeMethod method) const;

private:
  RealRange percentile(double part) const;
  RealRange leastError() const;
  double binCenter(unsigned bin) const;

  RealRange extremes;
  std::vector<uint64_t> counts;
  std::vector<float> picked;
  uint64_t total = 0;
  bool allFinite = true;
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_RANGESEARCH_H

//===- Clustering.cpp - Few values that stand for many --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clusters of numbers are intervals of the sorted numbers. The best first
// interval borders move monotonically, so that halving finds them.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Clustering.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

using namespace thimble;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Distinct values in ascending order with their weights.
struct SortedValues {
  std::vector<double> values, weights;

  size_t size() const { return values.size(); }
};

/// Costs of intervals of sorted values, from sums over prefixes.
class IntervalCosts {
public:
  explicit IntervalCosts(const SortedValues &sorted);

  /// Of [begin, end) around its own mean.
  double getCost(size_t begin, size_t end) const {
    double weight = sums[end] - sums[begin];
    double first = firsts[end] - firsts[begin];
    double second = seconds[end] - seconds[begin];
    return std::max(0.0, second - first * first / weight);
  }
  double getMean(size_t begin, size_t end) const {
    return shift + (firsts[end] - firsts[begin]) / (sums[end] - sums[begin]);
  }

private:
  /// Taken off all values: sums of squares far from 0 would cancel.
  double shift;
  std::vector<double> sums, firsts, seconds;
};

/// Best partitions of all prefixes into up to so many intervals.
class Partitions {
public:
  Partitions(const SortedValues &sorted, size_t count);

  /// Cost of the first `end` values in exactly `count` intervals.
  double getCost(size_t count, size_t end) const { return costs[count][end]; }
  /// The means of those intervals, ascending.
  std::vector<double> getMeans(size_t count, size_t end) const;

private:
  void solve(size_t count, size_t low, size_t high, size_t first, size_t last);

  IntervalCosts intervals;
  /// By count and end: the cost, and where the last interval begins.
  std::vector<std::vector<double>> costs;
  std::vector<std::vector<uint32_t>> begins;
};

const double infinity = std::numeric_limits<double>::infinity();

IntervalCosts::IntervalCosts(const SortedValues &sorted) {
  double weight =
      std::accumulate(sorted.weights.begin(), sorted.weights.end(), 0.0);
  shift = std::inner_product(sorted.values.begin(), sorted.values.end(),
                             sorted.weights.begin(), 0.0) /
          std::max(weight, std::numeric_limits<double>::min());
  sums = firsts = seconds = {0};
  for (size_t i = 0; i < sorted.size(); ++i) {
    double value = sorted.values[i] - shift, weight = sorted.weights[i];
    sums.push_back(sums.back() + weight);
    firsts.push_back(firsts.back() + weight * value);
    seconds.push_back(seconds.back() + weight * value * value);
  }
}

Partitions::Partitions(const SortedValues &sorted, size_t count)
    : intervals(sorted) {
  size_t size = sorted.size();
  costs.assign(count + 1, std::vector<double>(size + 1, infinity));
  begins.assign(count + 1, std::vector<uint32_t>(size + 1));
  costs[0][0] = 0;
  for (size_t k = 1; k <= count && k <= size; ++k)
    solve(k, k, size, k - 1, size - 1);
}

/// Fills the ends in [low, high] for `count` intervals; the last of which
/// begin in [first, last].
void Partitions::solve(size_t count, size_t low, size_t high, size_t first,
                       size_t last) {
  if (low > high)
    return;
  size_t end = (low + high) / 2, best = first;
  double least = infinity;
  for (size_t begin = first; begin <= std::min(last, end - 1); ++begin) {
    if (costs[count - 1][begin] == infinity)
      continue;
    double cost = costs[count - 1][begin] + intervals.getCost(begin, end);
    if (cost < least)
      least = cost, best = begin;
  }
  costs[count][end] = least;
  begins[count][end] = best;
  solve(count, low, end - 1, first, best);
  solve(count, end + 1, high, best, last);
}

std::vector<double> Partitions::getMeans(size_t count, size_t end) const {
  std::vector<double> means;
  for (; count > 0; end = begins[count][end], --count)
    means.push_back(intervals.getMean(begins[count][end], end));
  std::reverse(means.begin(), means.end());
  return means;
}

} // namespace

static SortedValues sortValues(const std::vector<double> &values,
                               const std::vector<double> &weights) {
  std::vector<size_t> order;
  for (size_t i = 0; i < values.size(); ++i)
    if (weights[i] > 0)
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](size_t left, size_t right) {
    return values[left] < values[right];
  });
  SortedValues sorted;
  for (size_t i : order) {
    if (!sorted.values.empty() && sorted.values.back() == values[i]) {
      sorted.weights.back() += weights[i];
      continue;
    }
    sorted.values.push_back(values[i]);
    sorted.weights.push_back(weights[i]);
  }
  return sorted;
}

/// The values in descending order with their signs changed.
static SortedValues mirror(const SortedValues &sorted) {
  SortedValues result;
  for (size_t i = sorted.size(); i-- > 0;) {
    result.values.push_back(-sorted.values[i]);
    result.weights.push_back(sorted.weights[i]);
  }
  return result;
}

/// The best of all partitions in which the center of one interval, possibly
/// empty, is 0: `below` intervals before it, the others behind.
static std::vector<double> splitAroundZero(const SortedValues &sorted,
                                           size_t count) {
  size_t size = sorted.size();
  Partitions left(sorted, count - 1), right(mirror(sorted), count - 1);
  std::vector<double> aroundZero = {0};
  for (size_t i = 0; i < size; ++i)
    aroundZero.push_back(aroundZero.back() + sorted.weights[i] *
                                                 sorted.values[i] *
                                                 sorted.values[i]);
  double least = infinity;
  size_t bestBelow = 0, bestAbove = 0, bestBegin = 0, bestEnd = 0;
  // With fewer values than intervals not all counts have a partition.
  for (size_t below = 0; below < count; ++below)
    for (size_t above :
         {count - 1 - below, std::min(count - 1 - below, size)}) {
      double leastBegin = infinity;
      size_t begin = 0;
      for (size_t end = 0; end <= size; ++end) {
        double before = left.getCost(below, end) - aroundZero[end];
        if (before < leastBegin)
          leastBegin = before, begin = end;
        double cost =
            leastBegin + aroundZero[end] + right.getCost(above, size - end);
        if (cost < least) {
          least = cost;
          bestBelow = below, bestAbove = above;
          bestBegin = begin, bestEnd = end;
        }
      }
    }
  std::vector<double> centers = left.getMeans(bestBelow, bestBegin);
  centers.push_back(0);
  std::vector<double> after = right.getMeans(bestAbove, size - bestEnd);
  for (size_t i = after.size(); i-- > 0;)
    centers.push_back(-after[i]);
  return centers;
}

Clusters thimble::findClusters(const std::vector<double> &values,
                               const std::vector<double> &weights,
                               int64_t count, bool includesZero) {
  assert(count >= 1 && values.size() == weights.size());
  SortedValues sorted = sortValues(values, weights);
  Clusters result;
  size_t size = sorted.size();
  if (size == 0) {
    result.centers = {0};
    return result;
  }
  if (includesZero)
    result.centers = splitAroundZero(sorted, std::min(size_t(count), size + 1));
  else {
    size_t clusters = std::min(size_t(count), size);
    result.centers = Partitions(sorted, clusters).getMeans(clusters, size);
  }
  std::vector<double> &centers = result.centers;
  std::sort(centers.begin(), centers.end());
  centers.erase(std::unique(centers.begin(), centers.end()), centers.end());
  for (size_t i = 0; i < size; ++i) {
    double value = sorted.values[i], nearest = infinity;
    auto above = std::lower_bound(centers.begin(), centers.end(), value);
    if (above != centers.end())
      nearest = *above - value;
    if (above != centers.begin())
      nearest = std::min(nearest, value - *(above - 1));
    result.cost += sorted.weights[i] * nearest * nearest;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Palettes
//===----------------------------------------------------------------------===//

/// Codes in proportion to `centers`; `scale` gives the centers back.
static std::vector<int8_t> toCodes(const std::vector<double> &centers,
                                   double &scale) {
  double largest = 0;
  for (double center : centers)
    largest = std::max(largest, std::abs(center));
  scale = largest / 127;
  if (!(scale > 0))
    return {0};
  std::vector<int8_t> codes;
  for (double center : centers)
    codes.push_back(int8_t(std::lround(center / scale)));
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

/// Replaces scales of 0, those of rows without weights, as fitScales() does.
static void giveAllRowsAScale(VectorXd &scales) {
  double largest = scales.size() ? scales.maxCoeff() : 0;
  for (double &scale : scales)
    if (!(scale > 0))
      scale = largest > 0 ? largest : 1;
}

/// Appends what counts of a row, divided by `norm`.
static void appendRow(const MatrixXd &target, const VectorXd &columnWeights,
                      const MaskMatrix &kept, Index row, double norm,
                      std::vector<double> &values,
                      std::vector<double> &weights) {
  bool isUnweighted = !(columnWeights.array() > 0).any();
  for (Index i = 0; i < target.cols(); ++i) {
    if (kept.size() && !kept(row, i))
      continue;
    values.push_back(target(row, i) / norm);
    weights.push_back((isUnweighted ? 1 : columnWeights[i]) * norm * norm);
  }
}

WeightGrid thimble::makeTensorPalette(const MatrixXd &target,
                                      const VectorXd &columnWeights,
                                      const PaletteOptions &options) {
  std::vector<double> values, weights;
  VectorXd norms = target.rowwise().norm() / std::sqrt(double(target.cols()));
  for (Index row = 0; row < target.rows(); ++row)
    if (norms[row] > 0)
      appendRow(target, columnWeights, options.kept, row, norms[row], values,
                weights);
  Clusters clusters =
      findClusters(values, weights, options.entries, options.includesZero);
  double scale = 1;
  std::vector<int8_t> codes = toCodes(clusters.centers, scale);
  VectorXd scales = norms * scale;
  giveAllRowsAScale(scales);
  WeightGrid grid = WeightGrid::codebook(std::move(codes), scales);
  grid.kept = options.kept;
  return grid;
}

WeightGrid thimble::makeRowPalettes(const MatrixXd &target,
                                    const VectorXd &columnWeights,
                                    const PaletteOptions &options) {
  std::vector<std::vector<int8_t>> lists;
  VectorXd scales(target.rows());
  for (Index row = 0; row < target.rows(); ++row) {
    std::vector<double> values, weights;
    appendRow(target, columnWeights, options.kept, row, 1, values, weights);
    Clusters clusters =
        findClusters(values, weights, options.entries, options.includesZero);
    lists.push_back(toCodes(clusters.centers, scales[row]));
  }
  giveAllRowsAScale(scales);
  WeightGrid grid = WeightGrid::codebooks(std::move(lists), scales);
  grid.kept = options.kept;
  return grid;
}

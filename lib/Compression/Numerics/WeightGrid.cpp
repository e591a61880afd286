//===- WeightGrid.cpp - What values a weight may take ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Projecting on a list of codes, and finding scales by search.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/WeightGrid.h"
#include "thimble/Support/Trellis.h"
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

static std::vector<int8_t> getSymmetricList(int maxCode) {
  std::vector<int8_t> codes;
  for (int code = -maxCode; code <= maxCode; ++code)
    codes.push_back(int8_t(code));
  return codes;
}

WeightGrid WeightGrid::uniform(int bits, bool sharesScale) {
  assert(bits >= 2 && bits <= 8 && "codes are of 2 to 8 bits");
  WeightGrid grid;
  grid.lists = {getSymmetricList((1 << (bits - 1)) - 1)};
  grid.sharesScale = sharesScale;
  return grid;
}

WeightGrid WeightGrid::step(double delta, int64_t rows, double bitPrice,
                            int maxCode) {
  return step(VectorXd::Constant(rows, delta), bitPrice, maxCode);
}

WeightGrid WeightGrid::step(const VectorXd &deltas, double bitPrice,
                            int maxCode) {
  assert(maxCode >= 1 && maxCode <= 127 && (deltas.array() > 0).all());
  WeightGrid grid;
  grid.lists = {getSymmetricList(maxCode)};
  grid.scales = deltas;
  grid.bitPrice = bitPrice;
  return grid;
}

WeightGrid WeightGrid::codebook(std::vector<int8_t> codes,
                                const VectorXd &scales) {
  return codebooks({std::move(codes)}, scales);
}

WeightGrid WeightGrid::codebooks(std::vector<std::vector<int8_t>> codesByRow,
                                 const VectorXd &scales) {
  WeightGrid grid;
  grid.lists = std::move(codesByRow);
  grid.scales = scales;
  grid.hasFreeCodes = true;
  for ([[maybe_unused]] const std::vector<int8_t> &list : grid.lists)
    assert(!list.empty() && std::is_sorted(list.begin(), list.end()) &&
           std::adjacent_find(list.begin(), list.end()) == list.end() &&
           "codes are ascending and distinct");
  return grid;
}

static bool isContiguous(const std::vector<int8_t> &list) {
  return size_t(list.back() - list.front()) + 1 == list.size();
}

/// The position in `list` of the code nearest to `x`; of two equally near ones
/// the lower.
static size_t findNearest(const std::vector<int8_t> &list, double x) {
  auto above = std::lower_bound(list.begin(), list.end(), x);
  if (above == list.begin())
    return 0;
  if (above == list.end())
    return list.size() - 1;
  bool isAboveNearer = *above - x < x - *(above - 1);
  return above - list.begin() - !isAboveNearer;
}

/// The integer nearest to a small `x`. Adding 1.5 * 2^52 leaves no bits for a
/// fraction; unlike a call of nearbyint this becomes two vector instructions.
static double roundFast(double x) {
  const double noFraction = 6755399441055744.0;
  return (x + noFraction) - noFraction;
}

static double roundInto(const std::vector<int8_t> &contiguous, double x) {
  double low = contiguous.front(), high = contiguous.back();
  return roundFast(std::min(std::max(x, low), high));
}

int64_t WeightGrid::getPosition(int8_t code, int64_t row) const {
  const std::vector<int8_t> &list = getList(row);
  return isContiguous(list) && code >= list.front() && code <= list.back()
             ? code - list.front()
             : int64_t(findNearest(list, code));
}

int8_t WeightGrid::nearest(double value, int64_t row, int64_t column) const {
  if (!isKept(row, column))
    return 0;
  const std::vector<int8_t> &list = getList(row);
  double x = value / scales[row];
  return isContiguous(list) ? int8_t(roundInto(list, x))
                            : list[findNearest(list, x)];
}

int8_t WeightGrid::cheapest(double value, int64_t row, int64_t column,
                            double errorWeight,
                            const CodeLengths &lengths) const {
  if (lengths.isEmpty() || !isKept(row, column))
    return nearest(value, row, column);
  const std::vector<int8_t> &list = getList(row);
  const std::vector<double> &bits = lengths.bits;
  double x = value / scales[row];
  double weight = errorWeight * scales[row] * scales[row];
  double price = lengths.prices[row];
  int64_t start = isContiguous(list)
                      ? int64_t(roundInto(list, x)) - list.front()
                      : int64_t(findNearest(list, x));
  int64_t best = start;
  auto errorOf = [&](int64_t position) {
    double distance = x - list[position];
    return weight * distance * distance;
  };
  double bestCost = errorOf(start) + price * bits[start];
  // Away from the nearest code the error only grows: once it alone is more
  // than the best cost nothing beyond can be better.
  auto walk = [&](int64_t step) {
    for (int64_t i = start + step; i >= 0 && i < int64_t(list.size());
         i += step) {
      double error = errorOf(i);
      if (error >= bestCost)
        break;
      double cost = error + price * bits[i];
      if (cost < bestCost)
        bestCost = cost, best = i;
    }
  };
  walk(-1);
  walk(1);
  return list[best];
}

void WeightGrid::projectColumn(const Eigen::Ref<const ArrayXd> &values,
                               int64_t column, double errorWeight,
                               const CodeLengths &lengths,
                               Eigen::Ref<ArrayXd> codes) const {
  Index rows = values.size();
  if (!lengths.isEmpty() || lists.size() > 1 || !isContiguous(lists[0])) {
    for (Index row = 0; row < rows; ++row)
      codes[row] = cheapest(values[row], row, column, errorWeight, lengths);
    return;
  }
  const std::vector<int8_t> &list = lists[0];
  for (Index row = 0; row < rows; ++row)
    codes[row] = roundInto(list, values[row] / scales[row]);
  if (kept.size())
    for (Index row = 0; row < rows; ++row)
      codes[row] = kept(row, column) ? codes[row] : 0;
}

CodeMatrix WeightGrid::getSymbols(const CodeMatrix &codes) const {
  if (!followsTrellis)
    return codes;
  CodeMatrix indices(codes.rows(), codes.cols());
  for (Index row = 0; row < codes.rows(); ++row) {
    Trellis trellis;
    for (Index column = 0; column < codes.cols(); ++column) {
      indices(row, column) = 0;
      if (!isAbsent.empty() && isAbsent[column])
        continue;
      std::optional<int8_t> index = trellis.encode(codes(row, column));
      assert(index && "the row follows the trellis");
      indices(row, column) = *index;
    }
  }
  return indices;
}

WeightGrid WeightGrid::getRows(int64_t first, int64_t count) const {
  WeightGrid grid = *this;
  if (lists.size() > 1)
    grid.lists.assign(lists.begin() + first, lists.begin() + first + count);
  if (scales.size())
    grid.scales = scales.segment(first, count);
  if (kept.size())
    grid.kept = kept.middleRows(first, count);
  return grid;
}

MatrixXd WeightGrid::getWeights(const CodeMatrix &codes) const {
  return scales.asDiagonal() * codes.cast<double>();
}

CodeLengths WeightGrid::measureLengths(const CodeMatrix &codes,
                                       double meanInnovation) const {
  CodeLengths lengths;
  if (bitPrice <= 0)
    return lengths;
  size_t positions = 0;
  for (const std::vector<int8_t> &list : lists)
    positions = std::max(positions, list.size());
  // A third of an occurrence for each code that does not occur.
  const double smoothing = 0.3;
  CodeMatrix symbols = getSymbols(codes);
  std::vector<double> counts(positions, smoothing);
  double total = smoothing * positions;
  for (Index row = 0; row < codes.rows(); ++row)
    for (Index column = 0; column < codes.cols(); ++column)
      if (isKept(row, column)) {
        counts[getPosition(symbols(row, column), row)] += 1;
        total += 1;
      }
  for (double count : counts)
    lengths.bits.push_back(-std::log2(count / total));
  lengths.prices = scales.array().square() * bitPrice * meanInnovation;
  return lengths;
}

double thimble::getEntropy(const CodeMatrix &codes) {
  std::vector<int64_t> counts(256);
  for (int8_t code : codes.reshaped())
    ++counts[uint8_t(code)];
  double bits = 0;
  for (int64_t count : counts)
    if (count)
      bits -= count * std::log2(double(count) / codes.size());
  return codes.size() ? bits / codes.size() : 0;
}

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

namespace {

/// Searches the scale of some rows that minimizes their weighted error.
class ScaleSearch {
public:
  ScaleSearch(const WeightGrid &grid, const MatrixXd &target,
              const VectorXd &columnWeights)
      : grid(grid), target(target), columnWeights(columnWeights) {}

  /// One scale for rows [begin, end); 0 if they are all zero.
  double run(Index begin, Index end);

private:
  double getError(Index begin, Index end, double scale) const;

  const WeightGrid &grid;
  const MatrixXd &target;
  const VectorXd &columnWeights;
};

double ScaleSearch::getError(Index begin, Index end, double scale) const {
  double error = 0;
  for (Index row = begin; row < end; ++row) {
    const std::vector<int8_t> &list = grid.getList(row);
    bool hasAll = isContiguous(list);
    for (Index column = 0; column < target.cols(); ++column) {
      double x = target(row, column) / scale;
      double code = !grid.isKept(row, column) ? 0
                    : hasAll ? roundInto(list, x)
                             : double(list[findNearest(list, x)]);
      error += columnWeights[column] * (x - code) * (x - code);
    }
  }
  return error * scale * scale;
}

double ScaleSearch::run(Index begin, Index end) {
  double largest = 0;
  int reach = 1;
  for (Index row = begin; row < end; ++row) {
    largest = std::max(largest, target.row(row).cwiseAbs().maxCoeff());
    for (int8_t code : grid.getList(row))
      reach = std::max(reach, std::abs(int(code)));
  }
  if (largest == 0)
    return 0;
  // The fewer codes there are, the more of the largest weights are best cut
  // off; a code of few values is then also worth a finer look.
  size_t codes = grid.getList(begin).size();
  double lowest = codes <= 8 ? 0.1 : codes <= 16 ? 0.3 : 0.6;
  const int candidates = 48;
  double width = (1.05 - lowest) / (candidates - 1);
  double bestFactor = 1, bestError = getError(begin, end, largest / reach);
  auto consider = [&](double factor) {
    double error = getError(begin, end, largest * factor / reach);
    if (error < bestError)
      bestError = error, bestFactor = factor;
  };
  for (int i = 0; i < candidates; ++i)
    consider(lowest + i * width);
  // The error has many local minima: look closer around the best only.
  for (int pass = 0; pass < 2; ++pass, width /= 5)
    for (double center = bestFactor, i = -4; i <= 4; ++i)
      if (i != 0)
        consider(center + i * width / 5);
  return largest * bestFactor / reach;
}

} // namespace

void WeightGrid::fitScales(const MatrixXd &target,
                           const VectorXd &columnWeights) {
  Index rows = target.rows();
  bool hasWeights = (columnWeights.array() > 0).any();
  VectorXd weights =
      hasWeights ? columnWeights : VectorXd::Ones(target.cols()).eval();
  ScaleSearch search(*this, target, weights);
  if (sharesScale)
    scales = VectorXd::Constant(rows, search.run(0, rows));
  else {
    scales.resize(rows);
    for (Index row = 0; row < rows; ++row)
      scales[row] = search.run(row, row + 1);
  }
  double largest = rows ? scales.maxCoeff() : 0;
  for (double &scale : scales)
    if (scale <= 0)
      scale = largest > 0 ? largest : 1;
}

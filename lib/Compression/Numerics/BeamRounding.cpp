//===- BeamRounding.cpp - Error feedback that keeps its options -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each survivor has weights of its own: what the columns to come should be,
// once they have absorbed its errors. Single precision is enough for those.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/BeamRounding.h"
#include "thimble/Compression/Numerics/Parallel.h"
#include "thimble/Support/Trellis.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

using namespace thimble;

using Eigen::ArrayXXf;
using Eigen::Index;
using Eigen::MatrixXd;
using FactorMatrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Products of a call, at most: seconds. Layers of thousands of inputs get a
/// narrower beam.
static constexpr double mostWork = 2e10;

namespace {

/// The codes of a row up to some column.
struct Survivor {
  double cost = 0;
  int32_t parent = 0; ///< its place among the survivors one column before
  int8_t code = 0;    ///< of that column
  float error = 0;    ///< of that column, over the diagonal of the factor
  Trellis trellis;    ///< behind that column, if codes follow one

  /// A total order, so that the same survive whatever the library's sort does.
  bool operator<(const Survivor &other) const {
    return std::tie(cost, parent, code) <
           std::tie(other.cost, other.parent, other.code);
  }
};

/// The search in one row.
class RowBeam {
public:
  RowBeam(const FeedbackOrder &order, const FactorMatrix &factor,
          const WeightGrid &grid, const CodeLengths &lengths, Index row,
          Index width)
      : order(order), factor(factor), grid(grid), lengths(lengths), row(row),
        width(width), scale(grid.scales[row]) {}

  /// `target` in the order of rounding, `codes` in that of the tensor.
  void run(const Eigen::VectorXf &target, int8_t *codes);

private:
  void add(Index step, Index parent, int8_t code, int8_t symbol);
  void branch(Index step, Index parent);
  void branchOnTrellis(Index step, Index parent);
  void prune();
  void advance(Index step);

  const FeedbackOrder &order;
  const FactorMatrix &factor;
  const WeightGrid &grid;
  const CodeLengths &lengths;
  Index row, width;
  double scale;
  /// K x survivors: what is left to round, valid from the current column on.
  ArrayXXf rest, nextRest;
  std::vector<Survivor> survivors, branches;
};

/// Adds one way on from survivor `parent` at the column of `step`; `symbol` is
/// what is stored for `code`.
void RowBeam::add(Index step, Index parent, int8_t code, int8_t symbol) {
  Index column = order.order[step];
  const Survivor &before = survivors[parent];
  double error = (rest(step, parent) - code * scale) / factor(step, step);
  double cost = before.cost + error * error;
  if (!lengths.isEmpty() && grid.isKept(row, column))
    cost += lengths.prices[row] * lengths.bits[grid.getPosition(symbol, row)];
  branches.push_back(
      {cost, int32_t(parent), code, float(error), before.trellis});
}

/// Adds the ways on from survivor `parent`: the cheapest code and those beside
/// it.
void RowBeam::branch(Index step, Index parent) {
  Index column = order.order[step];
  if (order.isDead[column] || !grid.isKept(row, column))
    return add(step, parent, 0, 0);
  double diagonal = factor(step, step);
  int8_t best = grid.cheapest(rest(step, parent), row, column,
                              1 / (diagonal * diagonal), lengths);
  const std::vector<int8_t> &list = grid.getList(row);
  int64_t position = grid.getPosition(best, row);
  add(step, parent, best, best);
  if (position > 0)
    add(step, parent, list[position - 1], list[position - 1]);
  if (position + 1 < int64_t(list.size()))
    add(step, parent, list[position + 1], list[position + 1]);
}

/// The same where codes follow a trellis: the codes of the state's codebook on
/// either side, one beyond them, and 0.
void RowBeam::branchOnTrellis(Index step, Index parent) {
  Index column = order.order[step];
  const Trellis &before = survivors[parent].trellis;
  auto addIndex = [&](int8_t index) {
    int8_t code = Trellis::weightOf(before.state, index);
    add(step, parent, code, index);
    branches.back().trellis.decode(index);
  };
  if (!grid.isAbsent.empty() && grid.isAbsent[column])
    return add(step, parent, 0, 0);
  if (order.isDead[column] || !grid.isKept(row, column))
    return addIndex(0);
  double value = rest(step, parent) / scale;
  if (Trellis::isMirrored(before.state))
    value = -value;
  // Indices of the codes that the grid has; see Trellis for the codebook.
  int most = grid.getList(row).back();
  double lowest = -(most + 1) / 2, highest = most / 2;
  double below = std::floor(value < 0 ? (value - 1) / 2 : value / 2);
  below = std::min(std::max(below, lowest), highest);
  bool hasZero = false;
  for (int offset = -1; offset <= 2; ++offset) {
    double index = below + offset;
    if (index < lowest || index > highest)
      continue;
    hasZero |= index == 0;
    addIndex(int8_t(index));
  }
  if (!hasZero)
    addIndex(0);
}

/// Keeps the cheapest branches.
void RowBeam::prune() {
  if (Index(branches.size()) > width) {
    std::nth_element(branches.begin(), branches.begin() + width,
                     branches.end());
    branches.resize(width);
  }
  survivors.swap(branches);
}

/// Passes the errors of the new survivors on to the columns behind `step`.
void RowBeam::advance(Index step) {
  Index behind = rest.rows() - step - 1;
  auto coupling = factor.row(step).tail(behind).transpose().array();
  for (size_t i = 0; i < survivors.size(); ++i)
    nextRest.col(i).tail(behind) = rest.col(survivors[i].parent).tail(behind) -
                                   survivors[i].error * coupling;
  rest.swap(nextRest);
}

void RowBeam::run(const Eigen::VectorXf &target, int8_t *codes) {
  Index size = target.size();
  rest.resize(size, width);
  nextRest.resize(size, width);
  rest.col(0) = target;
  survivors.assign(1, Survivor());
  std::vector<std::vector<Survivor>> history;
  for (Index step = 0; step < size; ++step) {
    branches.clear();
    for (size_t parent = 0; parent < survivors.size(); ++parent)
      grid.followsTrellis ? branchOnTrellis(step, parent)
                          : branch(step, parent);
    prune();
    advance(step);
    history.push_back(survivors);
  }
  auto best = std::min_element(survivors.begin(), survivors.end());
  Index at = best - survivors.begin();
  for (Index step = size; step-- > 0;) {
    const Survivor &survivor = history[step][at];
    codes[order.order[step]] = survivor.code;
    at = survivor.parent;
  }
}

} // namespace

CodeMatrix thimble::roundByBeam(const MatrixXd &target,
                                const FeedbackOrder &order,
                                const WeightGrid &grid,
                                const CodeLengths &lengths, int width) {
  assert(width > 0 && grid.scales.size() == target.rows());
  double work = double(target.size()) * double(target.cols());
  width = std::max(1, int(std::min(double(width), mostWork / (work + 1))));
  FactorMatrix factor = order.factor.cast<float>();
  MatrixXd live = dropDeadInputs(target, order);
  CodeMatrix codes(target.rows(), target.cols());
  forEachInParallel(target.rows(), [&](int64_t row) {
    RowBeam beam(order, factor, grid, lengths, row, width);
    beam.run(live.row(row)(order.order).transpose().cast<float>(),
             codes.data() + row * codes.cols());
  });
  return codes;
}

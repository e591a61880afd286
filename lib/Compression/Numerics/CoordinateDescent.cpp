//===- CoordinateDescent.cpp - One weight after another, better -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows do not see each other, so that each is a problem of its own: minimize
// e H e for the difference e between the weights and what stands for them.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/CoordinateDescent.h"
#include "thimble/Compression/Numerics/Parallel.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Descent in one row.
class RowDescent {
public:
  RowDescent(const FeedbackOrder &order, const WeightGrid &grid,
             const CodeLengths &lengths, Index row, int8_t *codes,
             VectorXd gradient)
      : order(order), hessian(order.hessian), grid(grid), lengths(lengths),
        row(row), codes(codes), gradient(std::move(gradient)),
        threshold(1e-12 * grid.scales[row] * grid.scales[row] *
                  order.meanInnovation) {}

  /// One pass over all weights; the number that moved.
  int64_t sweep();

  /// One pass over pairs; the number of pairs that moved. `reach[i]` is the
  /// largest magnitude off the diagonal in column i of the Hessian.
  int64_t sweepPairs(const VectorXd &reach);

private:
  double getPrice(int8_t from, int8_t to) const;
  void move(Index column, int8_t code);
  void costSteps(Index column);
  void movePair(Index i, bool isUp, Index j, bool isPartnerUp);

  const FeedbackOrder &order;
  const MatrixXd &hessian;
  const WeightGrid &grid;
  const CodeLengths &lengths;
  Index row;
  int8_t *codes;
  /// H e.
  VectorXd gradient;
  /// Gains below are noise.
  double threshold;
  /// What a step [0] down and [1] up in the list changes in each weight, and
  /// what it costs.
  ArrayXd steps[2], costs[2];
};

double RowDescent::getPrice(int8_t from, int8_t to) const {
  if (lengths.isEmpty())
    return 0;
  return lengths.prices[row] * (lengths.bits[grid.getPosition(to, row)] -
                                lengths.bits[grid.getPosition(from, row)]);
}

void RowDescent::move(Index column, int8_t code) {
  double change = (code - codes[column]) * grid.scales[row];
  gradient.noalias() -= change * hessian.col(column);
  codes[column] = code;
}

int64_t RowDescent::sweep() {
  int64_t moves = 0;
  double scale = grid.scales[row];
  for (Index i = 0; i < gradient.size(); ++i) {
    if (order.isDead[i])
      continue;
    double weight = hessian(i, i);
    double best = codes[i] * scale + gradient[i] / weight;
    int8_t code = grid.cheapest(best, row, i, weight, lengths);
    if (code == codes[i])
      continue;
    double change = (code - codes[i]) * scale;
    double cost =
        change * (change * weight - 2 * gradient[i]) + getPrice(codes[i], code);
    // Without this two equally good codes would take turns for ever.
    if (cost > -threshold)
      continue;
    move(i, code);
    ++moves;
  }
  return moves;
}

void RowDescent::costSteps(Index i) {
  const std::vector<int8_t> &list = grid.getList(row);
  int64_t position = grid.getPosition(codes[i], row);
  bool isFixed = order.isDead[i] || !grid.isKept(row, i);
  for (int up = 0; up < 2; ++up) {
    int64_t next = position + (up ? 1 : -1);
    if (isFixed || next < 0 || next >= int64_t(list.size())) {
      steps[up][i] = 0;
      costs[up][i] = 1e300;
      continue;
    }
    double change = (list[next] - codes[i]) * grid.scales[row];
    steps[up][i] = change;
    costs[up][i] = change * (change * hessian(i, i) - 2 * gradient[i]) +
                   getPrice(codes[i], list[next]);
  }
}

void RowDescent::movePair(Index i, bool isUp, Index j, bool isPartnerUp) {
  const std::vector<int8_t> &list = grid.getList(row);
  auto getNext = [&](Index column, bool up) {
    return list[grid.getPosition(codes[column], row) + (up ? 1 : -1)];
  };
  VectorXd before = gradient;
  move(i, getNext(i, isUp));
  move(j, getNext(j, isPartnerUp));
  before -= gradient;
  for (int up = 0; up < 2; ++up)
    costs[up] += 2 * steps[up] * before.array();
  costSteps(i);
  costSteps(j);
}

int64_t RowDescent::sweepPairs(const VectorXd &reach) {
  Index size = gradient.size();
  for (int up = 0; up < 2; ++up)
    steps[up].resize(size), costs[up].resize(size);
  for (Index i = 0; i < size; ++i)
    costSteps(i);
  const std::vector<int8_t> &list = grid.getList(row);
  double farthest = 0;
  for (size_t i = 1; i < list.size(); ++i)
    farthest = std::max(farthest, (list[i] - list[i - 1]) * grid.scales[row]);
  int64_t moves = 0;
  ArrayXd coupling(size), total(size);
  for (Index i = 0; i < size; ++i)
    for (int up = 0; up < 2; ++up) {
      // No partner can make up for more than this.
      double most = 2 * std::abs(steps[up][i]) * farthest * reach[i];
      if (costs[up][i] >= most)
        continue;
      coupling = 2 * steps[up][i] * hessian.col(i).array();
      total =
          (costs[0] + coupling * steps[0]).min(costs[1] + coupling * steps[1]);
      // The weight itself is no partner.
      total[i] = 1e300;
      double least = total.minCoeff();
      if (least + costs[up][i] > -threshold)
        continue;
      Index j;
      total.minCoeff(&j);
      movePair(i, up, j, costs[1][j] + coupling[j] * steps[1][j] <= least);
      ++moves;
    }
  return moves;
}

} // namespace

int64_t thimble::refineByCoordinateDescent(const MatrixXd &target,
                                           const FeedbackOrder &order,
                                           const WeightGrid &grid,
                                           const CodeLengths &lengths,
                                           int sweeps, bool movesPairs,
                                           CodeMatrix &codes) {
  const MatrixXd &hessian = order.hessian;
  MatrixXd gradients = hessian * (target - grid.getWeights(codes)).transpose();
  VectorXd reach;
  if (movesPairs) {
    MatrixXd others = hessian.cwiseAbs();
    others.diagonal().setZero();
    reach = others.colwise().maxCoeff();
  }
  std::vector<int64_t> moves(target.rows());
  forEachInParallel(target.rows(), [&](int64_t row) {
    RowDescent descent(order, grid, lengths, row,
                       codes.data() + row * codes.cols(), gradients.col(row));
    // Each pass over pairs costs as much as a sweep in which every weight
    // moves; few rows need more than some.
    for (int pass = 0; pass < (movesPairs ? 6 : 1); ++pass) {
      for (int sweep = 0; sweep < sweeps; ++sweep) {
        int64_t moved = descent.sweep();
        moves[row] += moved;
        if (!moved)
          break;
      }
      int64_t pairs = movesPairs ? descent.sweepPairs(reach) : 0;
      moves[row] += pairs;
      if (!pairs)
        break;
    }
  });
  int64_t total = 0;
  for (int64_t count : moves)
    total += count;
  return total;
}

VectorXd thimble::getRowErrors(const MatrixXd &difference,
                               const MatrixXd &hessian) {
  return (difference * hessian).cwiseProduct(difference).rowwise().sum();
}

void thimble::refitScales(const MatrixXd &target, const MatrixXd &hessian,
                          const CodeMatrix &codes, WeightGrid &grid) {
  MatrixXd values = codes.cast<double>();
  MatrixXd products = values * hessian;
  // Minimizing (w - s q) H (w - s q) over s: q H w / q H q.
  VectorXd above = products.cwiseProduct(target).rowwise().sum();
  VectorXd below = products.cwiseProduct(values).rowwise().sum();
  if (grid.sharesScale) {
    above.setConstant(above.sum());
    below.setConstant(below.sum());
  }
  for (Index row = 0; row < target.rows(); ++row) {
    double scale = below[row] > 0 ? above[row] / below[row] : 0;
    if (scale > 0 && std::isfinite(scale))
      grid.scales[row] = scale;
  }
}

//===----------------------------------------------------------------------===//
// Palettes
//===----------------------------------------------------------------------===//

/// Adds one row's normal equations for the values of its list: how the output
/// error depends on each value.
static void addEquations(const VectorXd &target, const MatrixXd &hessian,
                         const WeightGrid &grid, const CodeMatrix &codes,
                         Index row, MatrixXd &square, VectorXd &right) {
  Index size = target.size();
  // Columns summed over the weights that have one code.
  MatrixXd sums = MatrixXd::Zero(size, square.rows());
  std::vector<Index> positions(size);
  double scale = grid.scales[row];
  for (Index i = 0; i < size; ++i) {
    positions[i] = grid.getPosition(codes(row, i), row);
    if (grid.isKept(row, i))
      sums.col(positions[i]) += hessian.col(i);
  }
  VectorXd goal = hessian * target;
  for (Index i = 0; i < size; ++i) {
    if (!grid.isKept(row, i))
      continue;
    square.row(positions[i]) += scale * scale * sums.row(i);
    right[positions[i]] += scale * goal[i];
  }
}

/// Codes nearest to the values that solve the equations, spread over all 8
/// bits; `stretch` is by how much. Empty if codes would coincide.
static std::vector<int8_t> solveList(const std::vector<int8_t> &list,
                                     MatrixXd square, VectorXd right,
                                     double &stretch) {
  Index size = list.size();
  VectorXd old(size);
  for (Index i = 0; i < size; ++i)
    old[i] = list[i];
  // Values that nothing uses stay; what the samples don't tell stays nearly.
  double ridge = 1e-6 * square.diagonal().mean();
  if (!(ridge > 0))
    return {};
  for (Index i = 0; i < size; ++i) {
    square(i, i) += ridge;
    right[i] += ridge * old[i];
    if (list[i] != 0)
      continue;
    square.row(i).setZero();
    square.col(i).setZero();
    square(i, i) = 1;
    right[i] = 0;
  }
  VectorXd values = square.ldlt().solve(right);
  double largest = values.cwiseAbs().maxCoeff();
  if (!std::isfinite(largest) || largest <= 0)
    return {};
  stretch = 127 / largest;
  std::vector<int8_t> codes;
  for (double value : values)
    codes.push_back(int8_t(std::lround(value * stretch)));
  bool isAscending =
      std::is_sorted(codes.begin(), codes.end()) &&
      std::adjacent_find(codes.begin(), codes.end()) == codes.end();
  return isAscending ? codes : std::vector<int8_t>();
}

bool thimble::refitLists(const MatrixXd &target, const MatrixXd &hessian,
                         CodeMatrix &codes, WeightGrid &grid) {
  assert(grid.hasFreeCodes);
  WeightGrid fitted = grid;
  Index rows = target.rows();
  bool changes = false;
  for (size_t i = 0; i < grid.lists.size(); ++i) {
    bool isShared = grid.lists.size() == 1;
    Index begin = isShared ? 0 : i, end = isShared ? rows : begin + 1;
    Index size = grid.lists[i].size();
    MatrixXd square = MatrixXd::Zero(size, size);
    VectorXd right = VectorXd::Zero(size);
    for (Index row = begin; row < end; ++row)
      addEquations(target.row(row), hessian, grid, codes, row, square, right);
    double stretch = 1;
    std::vector<int8_t> list = solveList(grid.lists[i], square, right, stretch);
    if (list.empty())
      continue;
    changes = true;
    fitted.lists[i] = list;
    fitted.scales.segment(begin, end - begin) /= stretch;
  }
  if (!changes)
    return false;
  for (Index row = 0; row < rows; ++row)
    for (Index i = 0; i < codes.cols(); ++i)
      if (grid.isKept(row, i))
        codes(row, i) =
            fitted.getList(row)[grid.getPosition(codes(row, i), row)];
  grid = std::move(fitted);
  return true;
}

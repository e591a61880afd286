//===- Elimination.cpp - The order in which weights go --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Eliminating column p changes the inverse Hessian G to G - g g^T / G_pp, g
// its column p. All of G is brought up to date only once in a panel of
// eliminations, by one matrix product, and shrinks to the columns that are
// left; between, only what losses need (the blocks on the diagonal, the
// weights) and the column at hand are computed.
//
//===----------------------------------------------------------------------===//

#include "Elimination.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace thimble;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

class Elimination {
public:
  Elimination(const MatrixXd &weights, const MatrixXd &inverse,
              const EliminationPlan &plan);

  EliminationTrace run(bool isExact);

private:
  double getLoss(int64_t unit) const;
  bool isAllowed(int64_t unit) const;
  int64_t findLeast() const;
  void leave(int64_t unit);
  void remove(int64_t unit);
  void removeColumn(Index column);
  void compact();

  const EliminationPlan &plan;
  std::vector<int64_t> quotas;
  /// What is left: positions in `inverse`, `weights` and `panel` of the columns
  /// of each unit, empty for units that are gone.
  std::vector<std::vector<Index>> places;
  std::vector<bool> isGone;
  MatrixXd weights, inverse;
  /// Scaled columns that are still to be taken off `inverse`.
  MatrixXd panel;
  Index pending = 0;
  /// By unit: its block on the diagonal of the inverse, up to date.
  std::vector<MatrixXd> blocks;
};

const Index panelWidth = 48;

Elimination::Elimination(const MatrixXd &weights, const MatrixXd &inverse,
                         const EliminationPlan &plan)
    : plan(plan), quotas(plan.quotas), isGone(weights.cols()), weights(weights),
      inverse(inverse) {
  for (const std::vector<int64_t> &unit : plan.units) {
    places.emplace_back(unit.begin(), unit.end());
    blocks.push_back(inverse(unit, unit));
  }
}

/// The least increase of the error with these columns at 0, summed over rows:
/// w G^-1 w for the unit's weights w and its block G.
double Elimination::getLoss(int64_t unit) const {
  const std::vector<Index> &columns = places[unit];
  if (columns.size() == 1)
    return weights.col(columns[0]).squaredNorm() / blocks[unit](0, 0);
  Eigen::LLT<MatrixXd> cholesky(blocks[unit]);
  MatrixXd solved = weights(Eigen::all, columns).transpose();
  if (cholesky.info() != Eigen::Success)
    return solved.squaredNorm() / blocks[unit].diagonal().minCoeff();
  cholesky.matrixL().solveInPlace(solved);
  return solved.squaredNorm();
}

bool Elimination::isAllowed(int64_t unit) const {
  return !places[unit].empty() &&
         (plan.groups.empty() || quotas[plan.groups[unit]] > 0);
}

int64_t Elimination::findLeast() const {
  int64_t best = -1;
  double least = 0;
  for (size_t unit = 0; unit < places.size(); ++unit) {
    if (!isAllowed(unit))
      continue;
    double loss = getLoss(unit);
    if (best < 0 || loss < least)
      least = loss, best = unit;
  }
  return best;
}

void Elimination::leave(int64_t unit) {
  places[unit].clear();
  if (!plan.groups.empty())
    --quotas[plan.groups[unit]];
}

void Elimination::removeColumn(Index column) {
  if (pending == panel.cols())
    panel.conservativeResize(Eigen::NoChange, pending + panelWidth);
  VectorXd scaled = inverse.col(column);
  scaled.noalias() -=
      panel.leftCols(pending) * panel.row(column).head(pending).transpose();
  double pivot = std::max(scaled[column], std::numeric_limits<double>::min());
  scaled /= std::sqrt(pivot);
  weights -=
      weights.col(column).eval() * (scaled / std::sqrt(pivot)).transpose();
  panel.col(pending++) = scaled;
  for (size_t unit = 0; unit < places.size(); ++unit)
    if (places[unit].size() == 1)
      blocks[unit](0, 0) -= std::pow(scaled[places[unit][0]], 2);
    else if (!places[unit].empty()) {
      VectorXd part = scaled(places[unit]);
      blocks[unit].noalias() -= part * part.transpose();
    }
  isGone[column] = true;
}

void Elimination::remove(int64_t unit) {
  std::vector<Index> columns = places[unit];
  leave(unit);
  for (Index column : columns)
    removeColumn(column);
  if (pending >= panelWidth)
    compact();
}

void Elimination::compact() {
  std::vector<Index> left, moved(isGone.size());
  for (Index i = 0; i < Index(isGone.size()); ++i) {
    moved[i] = left.size();
    if (!isGone[i])
      left.push_back(i);
  }
  MatrixXd rest = panel(left, Eigen::seqN(0, pending));
  MatrixXd shrunk = inverse(left, left);
  shrunk.noalias() -= rest * rest.transpose();
  inverse = std::move(shrunk);
  weights = weights(Eigen::all, left).eval();
  for (std::vector<Index> &columns : places)
    for (Index &column : columns)
      column = moved[column];
  isGone.assign(left.size(), false);
  panel.resize(left.size(), panelWidth);
  pending = 0;
}

EliminationTrace Elimination::run(bool isExact) {
  panel.resize(weights.cols(), panelWidth);
  EliminationTrace trace;
  auto take = [&](int64_t unit, double loss) {
    trace.units.push_back(unit);
    trace.losses.push_back(loss);
  };
  if (!isExact) {
    std::vector<std::pair<double, int64_t>> byLoss;
    for (size_t unit = 0; unit < places.size(); ++unit)
      byLoss.push_back({getLoss(unit), unit});
    std::sort(byLoss.begin(), byLoss.end());
    for (auto [loss, unit] : byLoss)
      if (isAllowed(unit)) {
        take(unit, loss);
        leave(unit);
      }
    return trace;
  }
  for (int64_t unit = findLeast(); unit >= 0; unit = findLeast()) {
    take(unit, getLoss(unit));
    remove(unit);
  }
  return trace;
}

} // namespace

EliminationTrace thimble::eliminate(const MatrixXd &weights,
                                    const MatrixXd &inverse,
                                    const EliminationPlan &plan, bool isExact) {
  return Elimination(weights, inverse, plan).run(isExact);
}

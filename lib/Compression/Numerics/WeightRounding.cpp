//===- WeightRounding.cpp - Codes that keep a layer's outputs -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Starts from several roundings, keeps for each row the best, and then lets
// descent and the fitting of the grid take turns as long as it pays. On a
// trellis a beam is the only rounding, and takes the place of descent.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/WeightRounding.h"
#include "thimble/Compression/Numerics/BeamRounding.h"
#include "thimble/Compression/Numerics/CoordinateDescent.h"
#include <cassert>
#include <functional>

using namespace thimble;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Rows that see the same inputs.
struct RowGroup {
  Index first;
  MatrixXd target;
  FeedbackOrder order;

  Index size() const { return target.rows(); }
};

/// A choice of codes, and what it costs.
struct Choice {
  CodeMatrix codes;
  WeightGrid grid;
  double cost = 0;
};

class Rounding {
public:
  Rounding(const MatrixXd &target, const std::vector<MatrixXd> &hessians,
           const WeightGrid &grid, const RoundingOptions &options);

  Choice run();

private:
  void fitScales(WeightGrid &grid) const;
  CodeMatrix roundToNearest(const WeightGrid &grid) const;
  CodeMatrix roundInOrder(const WeightGrid &grid, const CodeLengths &lengths,
                          int beamWidth) const;
  CodeLengths measure(const Choice &choice) const;
  VectorXd costRows(const Choice &choice, const CodeLengths &lengths) const;
  void setCost(Choice &choice) const;
  void descend(Choice &choice, const CodeLengths &lengths,
               bool movesPairs) const;
  void adopt(Choice &best, const Choice &other,
             const CodeLengths &lengths) const;
  void setPrices();
  Choice start();
  Choice startOnTrellis();
  bool improve(Choice &best, const std::function<bool(Choice &)> &change) const;

  Index rows, columns;
  std::vector<RowGroup> groups;
  WeightGrid grid;
  RoundingOptions options;
  /// What a bit is worth in each row, fixed by the first scales.
  VectorXd prices;
};

Rounding::Rounding(const MatrixXd &target,
                   const std::vector<MatrixXd> &hessians,
                   const WeightGrid &grid, const RoundingOptions &options)
    : rows(target.rows()), columns(target.cols()), grid(grid),
      options(options) {
  bool isShared = hessians.size() == 1;
  assert(isShared || Index(hessians.size()) == rows);
  assert(!grid.followsTrellis ||
         (options.beamWidth > 0 && grid.scales.size() == rows));
  for (size_t i = 0; i < hessians.size(); ++i) {
    RowGroup group{Index(i), isShared ? target : target.row(i),
                   makeFeedbackOrder(hessians[i], options.damping,
                                     /*inPlace=*/grid.followsTrellis)};
    group.target = dropDeadInputs(group.target, group.order);
    groups.push_back(std::move(group));
  }
}

void Rounding::fitScales(WeightGrid &grid) const {
  if (groups.size() == 1 || grid.sharesScale) {
    VectorXd weights = VectorXd::Zero(columns);
    MatrixXd target(rows, columns);
    for (const RowGroup &group : groups) {
      weights += group.order.hessian.diagonal();
      target.middleRows(group.first, group.size()) = group.target;
    }
    grid.fitScales(target, weights);
    return;
  }
  grid.scales = VectorXd::Ones(rows);
  for (const RowGroup &group : groups) {
    WeightGrid part = grid.getRows(group.first, group.size());
    part.fitScales(group.target, group.order.hessian.diagonal());
    grid.scales.segment(group.first, group.size()) = part.scales;
  }
}

CodeMatrix Rounding::roundToNearest(const WeightGrid &grid) const {
  CodeMatrix codes(rows, columns);
  for (const RowGroup &group : groups)
    for (Index row = 0; row < group.size(); ++row)
      for (Index column = 0; column < columns; ++column)
        codes(group.first + row, column) =
            grid.nearest(group.target(row, column), group.first + row, column);
  return codes;
}

CodeMatrix Rounding::roundInOrder(const WeightGrid &grid,
                                  const CodeLengths &lengths,
                                  int beamWidth) const {
  CodeMatrix codes(rows, columns);
  for (const RowGroup &group : groups) {
    CodeLengths part = lengths;
    if (!part.isEmpty())
      part.prices = lengths.prices.segment(group.first, group.size());
    WeightGrid partGrid = grid.getRows(group.first, group.size());
    codes.middleRows(group.first, group.size()) =
        beamWidth > 0
            ? roundByBeam(group.target, group.order, partGrid, part, beamWidth)
            : roundInGptqOrder(group.target, group.order, partGrid, part);
  }
  return codes;
}

CodeLengths Rounding::measure(const Choice &choice) const {
  CodeLengths lengths = choice.grid.measureLengths(choice.codes, 1);
  lengths.prices = prices;
  return lengths;
}

VectorXd Rounding::costRows(const Choice &choice,
                            const CodeLengths &lengths) const {
  VectorXd costs(rows);
  MatrixXd weights = choice.grid.getWeights(choice.codes);
  for (const RowGroup &group : groups)
    costs.segment(group.first, group.size()) = getRowErrors(
        group.target - weights.middleRows(group.first, group.size()),
        group.order.hessian);
  if (lengths.isEmpty())
    return costs;
  CodeMatrix symbols = choice.grid.getSymbols(choice.codes);
  for (Index row = 0; row < rows; ++row)
    for (Index column = 0; column < columns; ++column)
      if (grid.isKept(row, column))
        costs[row] +=
            lengths.prices[row] *
            lengths.bits[choice.grid.getPosition(symbols(row, column), row)];
  return costs;
}

void Rounding::setCost(Choice &choice) const {
  choice.cost = costRows(choice, measure(choice)).sum();
}

void Rounding::descend(Choice &choice, const CodeLengths &lengths,
                       bool movesPairs) const {
  if (options.sweeps <= 0)
    return;
  for (const RowGroup &group : groups) {
    CodeLengths part = lengths;
    if (!part.isEmpty())
      part.prices = lengths.prices.segment(group.first, group.size());
    CodeMatrix codes = choice.codes.middleRows(group.first, group.size());
    refineByCoordinateDescent(group.target, group.order,
                              choice.grid.getRows(group.first, group.size()),
                              part, options.sweeps, movesPairs, codes);
    choice.codes.middleRows(group.first, group.size()) = codes;
  }
}

void Rounding::adopt(Choice &best, const Choice &other,
                     const CodeLengths &lengths) const {
  VectorXd costs = costRows(best, lengths);
  VectorXd others = costRows(other, lengths);
  bool isOneChoice = best.grid.sharesScale;
  if (isOneChoice) {
    costs.setConstant(costs.sum());
    others.setConstant(others.sum());
  }
  for (Index row = 0; row < rows; ++row)
    if (others[row] < costs[row]) {
      best.codes.row(row) = other.codes.row(row);
      best.grid.scales[row] = other.grid.scales[row];
    }
}

void Rounding::setPrices() {
  prices = VectorXd::Zero(rows);
  for (const RowGroup &group : groups)
    prices.segment(group.first, group.size()) =
        grid.scales.segment(group.first, group.size()).array().square() *
        grid.bitPrice * group.order.meanInnovation;
}

/// Passes over the rows, each with the lengths of the one before.
Choice Rounding::startOnTrellis() {
  setPrices();
  Choice best{roundInOrder(grid, {}, options.beamWidth), grid};
  for (int pass = 0; pass < 2; ++pass)
    best.codes = roundInOrder(grid, measure(best), options.beamWidth);
  setCost(best);
  return best;
}

Choice Rounding::start() {
  bool isFitted = grid.scales.size() == 0;
  if (isFitted)
    fitScales(grid);
  setPrices();
  Choice best{roundToNearest(grid), grid};
  CodeLengths lengths = measure(best);
  if (options.usesErrorFeedback && !lengths.isEmpty())
    lengths = measure({roundInOrder(grid, lengths, 0), grid});
  Choice nearest = best;
  descend(best, lengths, /*movesPairs=*/false);
  std::vector<double> factors;
  if (options.usesErrorFeedback)
    factors = {1};
  if (options.usesErrorFeedback && options.triesScales && isFitted &&
      grid.getList(0).size() <= 31)
    factors = {1, 0.7, 0.78, 0.86, 0.93, 1.07, 1.15, 1.25};
  for (double factor : factors) {
    Choice other{{}, grid};
    other.grid.scales *= factor;
    other.codes = roundInOrder(other.grid, lengths, 0);
    descend(other, lengths, /*movesPairs=*/false);
    adopt(best, other, lengths);
  }
  if (options.usesErrorFeedback && options.beamWidth > 0) {
    Choice other{roundInOrder(best.grid, lengths, options.beamWidth),
                 best.grid};
    descend(other, lengths, /*movesPairs=*/false);
    adopt(best, other, lengths);
  }
  setCost(best);
  setCost(nearest);
  return nearest.cost < best.cost ? nearest : best;
}

bool Rounding::improve(Choice &best,
                       const std::function<bool(Choice &)> &change) const {
  Choice other = best;
  if (!change(other))
    return false;
  setCost(other);
  if (other.cost >= best.cost * (1 - 1e-6))
    return false;
  best = std::move(other);
  return true;
}

Choice Rounding::run() {
  Choice best = grid.followsTrellis ? startOnTrellis() : start();
  bool isOneGroup = groups.size() == 1;
  auto refitAllScales = [&](Choice &choice) {
    for (const RowGroup &group : groups) {
      WeightGrid part = choice.grid.getRows(group.first, group.size());
      refitScales(group.target, group.order.hessian,
                  choice.codes.middleRows(group.first, group.size()), part);
      choice.grid.scales.segment(group.first, group.size()) = part.scales;
    }
    return true;
  };
  auto refitCodes = [&](Choice &choice) {
    bool hasMoved = refitLists(groups[0].target, groups[0].order.hessian,
                               choice.codes, choice.grid);
    return hasMoved && refitAllScales(choice);
  };
  auto move = [&](Choice &choice) {
    if (grid.followsTrellis) {
      choice.codes =
          roundInOrder(choice.grid, measure(choice), options.beamWidth);
      return true;
    }
    descend(choice, measure(choice), options.movesPairs);
    return true;
  };
  for (int round = 0; round < options.rounds; ++round) {
    bool isBetter = options.sweeps > 0 && improve(best, move);
    if (options.refitsGrid && grid.hasFreeCodes && isOneGroup)
      isBetter |= improve(best, refitCodes);
    if (options.refitsGrid && (isOneGroup || !grid.sharesScale))
      isBetter |= improve(best, refitAllScales);
    if (!isBetter)
      break;
  }
  return best;
}

} // namespace

RoundedWeights thimble::roundWeights(const MatrixXd &target,
                                     const std::vector<MatrixXd> &hessians,
                                     const WeightGrid &grid,
                                     const RoundingOptions &options) {
  Choice choice = Rounding(target, hessians, grid, options).run();
  RoundedWeights result;
  result.codes = std::move(choice.codes);
  result.grid = std::move(choice.grid);
  MatrixXd difference = target - result.getWeights();
  if (hessians.size() == 1)
    result.objective = getRowErrors(difference, hessians[0]).sum();
  else
    for (Index row = 0; row < target.rows(); ++row)
      result.objective +=
          getRowErrors(difference.row(row), hessians[row]).sum();
  result.bitsPerWeight = getEntropy(result.grid.getSymbols(result.codes));
  return result;
}

RoundedWeights thimble::roundWeights(const MatrixXd &target,
                                     const MatrixXd &hessian,
                                     const WeightGrid &grid,
                                     const RoundingOptions &options) {
  return roundWeights(target, std::vector<MatrixXd>{hessian}, grid, options);
}

double thimble::getOutputError(const MatrixXd &target, const MatrixXd &rounded,
                               const MatrixXd &hessian) {
  return getRowErrors(target - rounded, hessian).sum();
}

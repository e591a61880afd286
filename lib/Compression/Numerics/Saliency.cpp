//===- Saliency.cpp - Which weights a layer can do without ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Patterns as plans of elimination, the choice among rows, and compensation.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Saliency.h"
#include "Elimination.h"
#include "thimble/Compression/Numerics/CoordinateDescent.h"
#include "thimble/Compression/Numerics/Parallel.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <queue>

using namespace thimble;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Rows that lose the same columns.
struct RowBand {
  Index first, count;
};

} // namespace

static std::vector<RowBand> getBands(Index rows, const PruningPattern &p) {
  Index height = 1;
  if (p.kind == PruningPattern::Kind::Blocks)
    height = p.rows;
  else if (p.kind == PruningPattern::Kind::InputChannels)
    height = rows;
  std::vector<RowBand> bands;
  for (Index first = 0; first < rows; first += height)
    bands.push_back({first, std::min(height, rows - first)});
  return bands;
}

/// Runs of `length` columns that do not reach across taps.
static std::vector<std::vector<int64_t>> getRuns(Index size, Index channels,
                                                 Index length) {
  std::vector<std::vector<int64_t>> runs;
  for (Index tap = 0; tap < size; tap += channels)
    for (Index first = 0; first < channels && tap + first < size;
         first += length) {
      runs.emplace_back();
      Index end = std::min({first + length, channels, size - tap});
      for (Index i = first; i < end; ++i)
        runs.back().push_back(tap + i);
    }
  return runs;
}

static EliminationPlan makePlan(Index size, const PruningPattern &pattern) {
  using Kind = PruningPattern::Kind;
  Index channels = pattern.channels > 0 ? pattern.channels : size;
  EliminationPlan plan;
  if (pattern.kind == Kind::Blocks) {
    plan.units = getRuns(size, channels, pattern.columns);
    return plan;
  }
  if (pattern.kind == Kind::InputChannels) {
    plan.units.resize(std::min(channels, size));
    for (Index i = 0; i < size; ++i)
      plan.units[i % channels].push_back(i);
    return plan;
  }
  plan.units = getRuns(size, channels, 1);
  if (pattern.kind != Kind::NOfM)
    return plan;
  plan.groups.resize(size);
  for (const std::vector<int64_t> &run : getRuns(size, channels, pattern.m)) {
    for (int64_t column : run)
      plan.groups[column] = plan.quotas.size();
    // A run that is cut off keeps its n, too.
    plan.quotas.push_back(
        std::max<int64_t>(0, int64_t(run.size()) - pattern.n));
  }
  return plan;
}

/// Takes units from the traces, always the one whose loss per weight is least,
/// until `goal` weights are gone.
static void takeLeast(const std::vector<RowBand> &bands,
                      const EliminationPlan &plan,
                      const std::vector<EliminationTrace> &traces, double goal,
                      MaskMatrix &kept) {
  using Next = std::pair<double, size_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<Next>> queue;
  std::vector<size_t> taken(bands.size());
  auto weightsOf = [&](size_t band) {
    const EliminationTrace &trace = traces[band];
    return double(bands[band].count *
                  plan.units[trace.units[taken[band]]].size());
  };
  auto push = [&](size_t band) {
    if (taken[band] < traces[band].units.size())
      queue.push({traces[band].losses[taken[band]] / weightsOf(band), band});
  };
  for (size_t band = 0; band < bands.size(); ++band)
    push(band);
  double gone = 0;
  while (!queue.empty()) {
    size_t band = queue.top().second;
    double count = weightsOf(band);
    // A unit goes if that brings the count nearer to the goal.
    if (gone + count / 2 > goal)
      break;
    gone += count;
    for (int64_t column : plan.units[traces[band].units[taken[band]]])
      kept.block(bands[band].first, column, bands[band].count, 1)
          .setConstant(false);
    ++taken[band];
    queue.pop();
    push(band);
  }
}

/// Rows of least output, without any compensation: nothing else sees a row.
static void takeLeastRows(const MatrixXd &target, const MatrixXd &hessian,
                          double goal, MaskMatrix &kept) {
  VectorXd losses = getRowErrors(target, hessian);
  std::vector<Index> order(target.rows());
  for (Index row = 0; row < target.rows(); ++row)
    order[row] = row;
  std::stable_sort(order.begin(), order.end(), [&](Index left, Index right) {
    return losses[left] < losses[right];
  });
  Index count = std::min<Index>(
      std::lround(goal / std::max<Index>(1, target.cols())), target.rows());
  for (Index i = 0; i < count; ++i)
    kept.row(order[i]).setConstant(false);
}

static MatrixXd compensateDamped(const MatrixXd &target,
                                 const MatrixXd &hessian,
                                 const MaskMatrix &kept) {
  MatrixXd result = MatrixXd::Zero(target.rows(), target.cols());
  forEachInParallel(target.rows(), [&](int64_t row) {
    std::vector<Index> alive;
    for (Index i = 0; i < target.cols(); ++i)
      if (kept(row, i))
        alive.push_back(i);
    if (alive.empty())
      return;
    if (Index(alive.size()) == target.cols()) {
      result.row(row) = target.row(row);
      return;
    }
    // Minimizing (w - q) H (w - q) over the survivors a of q:
    // H_aa q_a = (H w)_a.
    VectorXd goal = hessian(alive, Eigen::all) * target.row(row).transpose();
    MatrixXd part = hessian(alive, alive);
    result(row, alive) = part.llt().solve(goal).transpose();
  });
  return result;
}

MatrixXd thimble::compensate(const MatrixXd &target, const MatrixXd &hessian,
                             const MaskMatrix &kept, double damping) {
  assert(kept.rows() == target.rows() && kept.cols() == target.cols());
  FeedbackOrder order = makeFeedbackOrder(hessian, damping);
  return compensateDamped(dropDeadInputs(target, order), order.hessian, kept);
}

PrunedWeights thimble::pruneWeights(const MatrixXd &target,
                                    const MatrixXd &hessian,
                                    const PruningPattern &pattern,
                                    const PruningOptions &options) {
  Index rows = target.rows(), size = target.cols();
  FeedbackOrder order = makeFeedbackOrder(hessian, options.damping);
  MatrixXd live = dropDeadInputs(target, order);
  PrunedWeights result;
  result.kept.setConstant(rows, size, true);
  double goal = options.sparsity * double(rows * size);
  if (pattern.kind == PruningPattern::Kind::OutputChannels) {
    takeLeastRows(live, order.hessian, goal, result.kept);
  } else {
    std::vector<RowBand> bands = getBands(rows, pattern);
    EliminationPlan plan = makePlan(size, pattern);
    if (pattern.kind == PruningPattern::Kind::NOfM)
      goal = double(rows * size);
    MatrixXd inverse =
        order.hessian.llt().solve(MatrixXd::Identity(size, size));
    std::vector<EliminationTrace> traces(bands.size());
    forEachInParallel(bands.size(), [&](int64_t band) {
      traces[band] =
          eliminate(live.middleRows(bands[band].first, bands[band].count),
                    inverse, plan, size <= options.exactLimit);
    });
    takeLeast(bands, plan, traces, goal, result.kept);
  }
  result.weights = compensateDamped(live, order.hessian, result.kept);
  result.objective = getRowErrors(target - result.weights, hessian).sum();
  return result;
}

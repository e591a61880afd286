//===- Factorize.cpp - Layers become two thinner ones ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses rank and kind of split for each layer; SplitLayer builds the ops.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"
#include "SplitLayer.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Numerics/WeightRounding.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightGeometry.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Evaluation/ModelSamples.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FACTORIZEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

namespace {
/// What is asked of a layer.
struct SplitGoal {
  int64_t rank = 0;
  double energy = 0;    ///< if no rank is said
  double minSaving = 0; ///< part of the multiply-accumulates
};

/// A split and what it does.
struct SplitChoice {
  LayerSplit split;
  int64_t macs = 0;
  double error = 0; ///< squared error of the results
};

/// Looks for the best split of one layer.
class SplitSearch {
public:
  SplitSearch(WeightedOp op, const SplitGoal &goal);

  /// None if no split meets the goal and saves multiply-accumulates.
  std::optional<SplitChoice> choose() const;
  int64_t getMacs() const { return countMacs(shape, pixels); }
  /// Mean square of the results about their means.
  double getVariance() const {
    return getOutputError(
        target, Eigen::MatrixXd::Zero(target.rows(), target.cols()), hessian);
  }

private:
  /// The rank of a split by channels that the goal means.
  int64_t getRank(int64_t mostMacs) const;
  SplitChoice splitByChannels(int64_t rank) const;
  SplitChoice splitByAxes(int64_t rank) const;

  SplitGoal goal;
  Eigen::MatrixXd target, hessian;
  Eigen::VectorXd biases, means;
  ConvolutionShape shape;
  ConvolutionPixels pixels;
  LayerSpectrum spectrum;
};
} // namespace

/// Inputs of which nothing is known are all alike, as in Numerics.
static Eigen::MatrixXd getHessian(WeightedOp op) {
  Eigen::MatrixXd hessian = getHessians(op).front();
  if (!(hessian.diagonal().sum() > 0))
    hessian.setIdentity();
  return hessian;
}

SplitSearch::SplitSearch(WeightedOp op, const SplitGoal &goal)
    : goal(goal), target(getWeights(op)), hessian(getHessian(op)),
      biases(getBiases(op)),
      means(getMoments(op).front().col(target.cols()).head(target.cols())),
      spectrum(target, hessian) {
  PatchGeometry patches = WeightGeometry::of(op).patches;
  shape = {target.rows(), patches.kernelHeight, patches.kernelWidth,
           patches.channels};
  pixels = {patches.outputHeight, patches.outputWidth, patches.inputWidth};
}

int64_t SplitSearch::getRank(int64_t mostMacs) const {
  if (goal.rank > 0)
    return goal.rank;
  if (goal.energy > 0)
    return spectrum.getRank(goal.energy);
  return std::min<int64_t>(mostMacs / countChannelSplitMacs(shape, pixels, 1),
                           spectrum.getEnergies().size());
}

SplitChoice SplitSearch::splitByChannels(int64_t rank) const {
  SplitChoice choice;
  choice.split.rank = rank;
  choice.split.factors = spectrum.getFactors(rank);
  const LowRankFactors &factors = choice.split.factors;
  choice.macs = countChannelSplitMacs(shape, pixels, rank);
  choice.error =
      getOutputError(target, factors.second * factors.first, hessian);
  // Values about 0 between the two take the smallest range.
  choice.split.firstBiases = -factors.first * means;
  choice.split.secondBiases = biases + target * means;
  return choice;
}

SplitChoice SplitSearch::splitByAxes(int64_t rank) const {
  SplitChoice choice;
  choice.split.rank = rank;
  choice.split.isSpatial = true;
  choice.split.factors = splitSpatially(target, hessian, shape, rank);
  Eigen::MatrixXd merged = mergeSpatially(choice.split.factors, shape);
  choice.macs = countSpatialSplitMacs(shape, pixels, rank);
  choice.error = getOutputError(target, merged, hessian);
  // The second op pads with 0, which must be what the first makes of padding.
  choice.split.firstBiases = Eigen::VectorXd::Zero(rank);
  choice.split.secondBiases = biases + (target - merged) * means;
  return choice;
}

std::optional<SplitChoice> SplitSearch::choose() const {
  int64_t macs = getMacs();
  int64_t most = std::min<int64_t>(
      static_cast<int64_t>((1 - goal.minSaving) * double(macs)), macs - 1);
  int64_t rank = getRank(most);
  int64_t wanted = countChannelSplitMacs(shape, pixels, rank);
  std::optional<SplitChoice> best;
  if (rank >= 1 && rank <= spectrum.getEnergies().size() && wanted <= most)
    best = splitByChannels(rank);
  else if (goal.rank > 0)
    return std::nullopt;
  if (shape.kernelHeight == 1 || shape.kernelWidth == 1)
    return best;
  // As many channels as take no more work, which is another number of them.
  rank = std::min(
      {(best ? wanted : most) / countSpatialSplitMacs(shape, pixels, 1),
       shape.outputs * shape.kernelWidth, shape.kernelHeight * shape.channels});
  if (rank < 1)
    return best;
  SplitChoice other = splitByAxes(rank);
  double limit =
      best ? best->error : (1 - goal.energy) * std::max(getVariance(), 0.0);
  return other.error < limit ? other : best;
}

namespace {
struct FactorizePass : public thimble::impl::FactorizePassBase<FactorizePass> {
  using FactorizePassBase::FactorizePassBase;

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

private:
  LogicalResult run();
  LogicalResult checkOptions();
  std::optional<SplitGoal> getGoal(WeightedOp op) const;
  void factorize(WeightedOp op, const SplitGoal &goal);
};
} // namespace

LogicalResult FactorizePass::checkOptions() {
  if (rank < 0)
    return getOperation().emitError("expected the option 'rank' to be at least "
                                    "0, found ")
           << rank.getValue();
  if (!(energy >= 0 && energy <= 1))
    return getOperation().emitError("expected the option 'energy' to be 0 to "
                                    "1, found ")
           << energy.getValue();
  if (!(minSaving >= 0 && minSaving < 1))
    return getOperation().emitError("expected the option 'min-saving' to be 0 "
                                    "to below 1, found ")
           << minSaving.getValue();
  return success();
}

/// What the recipe or else the options say; none if neither says anything.
std::optional<SplitGoal> FactorizePass::getGoal(WeightedOp op) const {
  auto recipe = op->getAttrOfType<RecipeAttr>(recipeAttrName);
  SplitGoal goal{rank, energy, minSaving};
  if (recipe && recipe.getRank() > 0)
    goal.rank = recipe.getRank();
  if (goal.rank == 0 && goal.energy == 0 && goal.minSaving == 0)
    return std::nullopt;
  return goal;
}

LogicalResult FactorizePass::run() {
  FailureOr<func::FuncOp> model = findModel(getOperation());
  if (failed(model) || failed(checkOptions()))
    return failure();
  FailureOr<SmallVector<WeightedOp>> layers = getFloatLayers(*model);
  if (failed(layers))
    return failure();
  SmallVector<std::pair<WeightedOp, SplitGoal>> goals;
  for (WeightedOp op : *layers)
    if (std::optional<SplitGoal> goal = getGoal(op); goal && canSplit(op)) {
      if (failed(requireHessians(op)))
        return failure();
      goals.emplace_back(op, *goal);
    }
  if (!goals.empty())
    keepTeacher(*model);
  for (auto &[op, goal] : goals)
    factorize(op, goal);
  return success();
}

void FactorizePass::factorize(WeightedOp op, const SplitGoal &goal) {
  auto options = remark::RemarkOpts::name("Factorize").category("compression");
  SplitSearch search(op, goal);
  std::optional<SplitChoice> choice = search.choose();
  if (!choice) {
    remark::missed(op->getLoc(), options) << remark::add(
        "'{0}' stays whole: no split that is good enough saves any of its {1} "
        "multiply-accumulates",
        getLayerName(op), search.getMacs());
    return;
  }
  double variance = search.getVariance();
  std::string change =
      llvm::formatv("{0:f2}",
                    variance > 0 ? 100 * choice->error / variance : 0.0)
          .str();
  remark::passed(op->getLoc(), options) << remark::add(
      "'{0}' is split by {1} at rank {2}: {3} of {4} multiply-accumulates are "
      "left, which changes {5} % of its results' variance",
      getLayerName(op), choice->split.isSpatial ? "axes" : "channels",
      choice->split.rank, choice->macs, search.getMacs(), change);
  WeightedOp first = splitLayer(op, choice->split);
  (void)first;
  assert(cast<CostOp>(*first).getMacs() + cast<CostOp>(*op).getMacs() ==
             choice->macs * WeightGeometry::of(op).images &&
         "a split has the multiply-accumulates that it was chosen for");
}

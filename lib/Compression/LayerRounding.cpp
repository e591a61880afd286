//===- LayerRounding.cpp - A layer's integers by its recipe ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recipe becomes a grid; lib/Compression/Numerics does the rest.
//
//===----------------------------------------------------------------------===//

#include "LayerRounding.h"
#include "thimble/Compression/Numerics/Clustering.h"
#include "thimble/Compression/Numerics/WeightRounding.h"

using namespace mlir;
using namespace thimble;

MaskMatrix thimble::getKept(const IntegerWeights &weights, RecipeAttr recipe) {
  auto isZero = weights.codes.array() == 0;
  if (recipe && recipe.getPattern())
    return !isZero;
  MaskMatrix kept =
      MaskMatrix::Constant(weights.codes.rows(), weights.codes.cols(), true);
  bool hasZeros = false;
  for (int64_t row = 0; row < kept.rows(); ++row)
    if (isZero.row(row).all())
      kept.row(row).setConstant(false), hasZeros = true;
  for (int64_t column = 0; column < kept.cols(); ++column)
    if (isZero.col(column).all())
      kept.col(column).setConstant(false), hasZeros = true;
  return hasZeros ? kept : MaskMatrix();
}

/// Importance of each column for all rows together: the diagonal of the
/// Hessians.
static Eigen::VectorXd getColumnWeights(const LayerProblem &problem) {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(problem.fitted.weights.cols());
  for (const Eigen::MatrixXd &hessian : problem.hessians)
    sum += hessian.diagonal();
  return sum;
}

/// A step for each row: finer where errors do more harm.
static Eigen::VectorXd getSteps(const LayerProblem &problem, double step) {
  // With a code for each row, -1/2 would balance errors; rows share one, and
  // pay for being unlike each other.
  constexpr double exponent = 0.25;
  Eigen::VectorXd steps =
      Eigen::VectorXd::Constant(problem.fitted.weights.rows(), step);
  if (problem.importance.size())
    steps.array() *= problem.importance.array().pow(-exponent);
  return steps;
}

static WeightGrid makeGrid(const LayerProblem &problem, RecipeAttr recipe,
                           const MaskMatrix &kept) {
  if (!recipe)
    return WeightGrid::uniform(8);
  if (recipe.getStep()) {
    WeightGrid grid = WeightGrid::step(
        getSteps(problem, recipe.getStep().getValueAsDouble()),
        recipe.getRate() ? recipe.getRate().getValueAsDouble() : 0,
        static_cast<int>(getCodeLimit(recipe.getBits())));
    grid.followsTrellis = recipe.getTrellis() && !problem.isDepthwise;
    return grid;
  }
  if (recipe.getEntries() > 0) {
    PaletteOptions options;
    options.entries = recipe.getEntries();
    options.kept = kept;
    return makeTensorPalette(problem.fitted.weights, getColumnWeights(problem),
                             options);
  }
  return WeightGrid::uniform(static_cast<int>(recipe.getBits()));
}

/// By column: whether it is of an input channel all of whose weights are 0.
static std::vector<bool> findAbsentColumns(const CodeMatrix &codes,
                                           int64_t channels) {
  std::vector<bool> isAbsent(codes.cols());
  for (int64_t channel = 0; channel < channels; ++channel) {
    bool isZero = true;
    for (int64_t column = channel; column < codes.cols(); column += channels)
      isZero &= (codes.col(column).array() == 0).all();
    for (int64_t column = channel; column < codes.cols(); column += channels)
      isAbsent[column] = isZero;
  }
  return isAbsent;
}

/// Input channels without weights are dropped before weights are encoded, and
/// the rest has to follow the trellis. Which those are shows when weights are
/// rounded; it takes another pass only if there are more than before.
static RoundedWeights roundOnTrellis(const LayerProblem &problem,
                                     WeightGrid grid,
                                     const RoundingOptions &options) {
  grid.isAbsent.assign(problem.fitted.weights.cols(), false);
  if (grid.kept.size())
    grid.isAbsent =
        findAbsentColumns(grid.kept.cast<int8_t>(), problem.channels);
  for (;;) {
    RoundedWeights rounded = roundWeights(
        problem.fitted.weights, problem.hessians.front(), grid, options);
    std::vector<bool> isAbsent =
        findAbsentColumns(rounded.codes, problem.channels);
    if (isAbsent == grid.isAbsent)
      return rounded;
    grid.isAbsent = std::move(isAbsent);
  }
}

static RoundedWeights roundLayer(const LayerProblem &problem,
                                 const WeightGrid &grid,
                                 const RoundingOptions &options) {
  if (problem.isDepthwise)
    return roundWeights(problem.fitted.weights, problem.hessians, grid,
                        options);
  if (grid.followsTrellis)
    return roundOnTrellis(problem, grid, options);
  return roundWeights(problem.fitted.weights, problem.hessians.front(), grid,
                      options);
}

CompressedLayer thimble::compressLayer(const LayerProblem &problem,
                                       RecipeAttr recipe,
                                       const MaskMatrix &kept,
                                       double inputScale, int beamWidth) {
  WeightGrid grid = makeGrid(problem, recipe, kept);
  grid.kept = kept;
  RoundingOptions options;
  options.beamWidth = beamWidth;
  RoundedWeights rounded = roundLayer(problem, grid, options);
  CompressedLayer result;
  result.targets = problem.fitted.weights;
  result.weights.codes = rounded.codes;
  result.weights.scales = rounded.grid.scales;
  result.weights.limit = recipe ? getCodeLimit(recipe.getBits()) : 127;
  result.biases = problem.fitBiases(rounded.getWeights());
  for (int64_t row = 0; row < rounded.codes.rows(); ++row) {
    double scale = result.weights.scales[row];
    double safe = getSafeScale(scale, result.biases[row], inputScale);
    result.weights.scales[row] = safe;
    // Only where the bias is many orders larger than the weights.
    if (safe > scale * (1 + 1e-6))
      for (int64_t column = 0; column < rounded.codes.cols(); ++column)
        result.weights.codes(row, column) = static_cast<int8_t>(
            std::lround(rounded.codes(row, column) * (scale / safe)));
  }
  result.biases = problem.fitBiases(result.getWeights());
  return result;
}

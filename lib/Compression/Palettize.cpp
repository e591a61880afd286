//===- Palettize.cpp - Few different codes --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Codes stay codes of a uniform quantization, of which only some occur; the
// encodings find out how few.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"
#include "LayerRounding.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Numerics/Clustering.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/ModelSamples.h"
#include <set>

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_PALETTIZEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// How much each column counts: the variance of its input, in all groups.
static Eigen::VectorXd getColumnWeights(WeightedOp op, int64_t columns) {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(columns);
  for (const Eigen::MatrixXd &hessian : getHessians(op))
    sum += hessian.diagonal();
  return sum;
}

/// The palettes of `weights`, with scales with which `biases` fit 32 bits.
static WeightGrid makePalettes(WeightedOp op, const Eigen::MatrixXd &weights,
                               const PaletteOptions &options, bool isByChannel,
                               double inputScale) {
  Eigen::VectorXd importance = getColumnWeights(op, weights.cols());
  WeightGrid grid = isByChannel
                        ? makeRowPalettes(weights, importance, options)
                        : makeTensorPalette(weights, importance, options);
  Eigen::VectorXd biases = getBiases(op);
  for (int64_t row = 0; row < weights.rows(); ++row)
    grid.scales[row] = getSafeScale(grid.scales[row], biases[row], inputScale);
  return grid;
}

/// The most different codes that one palette stands for.
static int64_t countCodes(const CodeMatrix &codes, bool isByChannel) {
  size_t most = 0;
  std::set<int8_t> seen;
  for (int64_t row = 0; row < codes.rows(); ++row) {
    if (isByChannel)
      seen.clear();
    seen.insert(codes.row(row).begin(), codes.row(row).end());
    most = std::max(most, seen.size());
  }
  return most;
}

static void palettize(WeightedOp op, int64_t entries, bool isByChannel) {
  double inputScale = quantization(op->getOperand(0)).scale;
  IntegerWeights old = getIntegerWeights(op);
  Eigen::MatrixXd weights = old.scales.asDiagonal() * old.codes.cast<double>();
  PaletteOptions options;
  options.entries = entries;
  options.kept = getKept(old, op->getAttrOfType<RecipeAttr>(recipeAttrName));
  // Zeros that stay are one of the codes.
  options.includesZero = options.kept.size() > 0 && !options.kept.all();
  WeightGrid grid = makePalettes(op, weights, options, isByChannel, inputScale);
  IntegerWeights result;
  result.scales = grid.scales;
  result.codes.resize(weights.rows(), weights.cols());
  for (int64_t row = 0; row < weights.rows(); ++row)
    for (int64_t column = 0; column < weights.cols(); ++column)
      result.codes(row, column) =
          grid.nearest(weights(row, column), row, column);
  Eigen::MatrixXd error =
      weights -
      Eigen::MatrixXd(result.scales.asDiagonal() * result.codes.cast<double>());
  Eigen::VectorXd biases = getBiases(op);
  biases += getRowShift(op, error);
  setIntegerWeights(op, result, biases, inputScale);
  double size = weights.squaredNorm();
  remark::passed(op->getLoc(),
                 remark::RemarkOpts::name("Palettize").category("compression"))
      << remark::add("'{0}' has {1} different codes {2}, {3} % off its weights",
                     getLayerName(op), countCodes(result.codes, isByChannel),
                     isByChannel ? "a channel at most" : "in all",
                     size > 0 ? 100 * std::sqrt(error.squaredNorm() / size)
                              : 0.0);
}

/// A palette of the tensor is what the recipe's entries mean.
static void recordEntries(WeightedOp op, int64_t entries) {
  RecipeAttr recipe = RecipeAttr::get(op->getContext()).withEntries(entries);
  if (auto old = op->getAttrOfType<RecipeAttr>(recipeAttrName))
    recipe = recipe.withZeros(old.getPattern(), old.getSparsity())
                 .withRank(old.getRank());
  op->setAttr(recipeAttrName, recipe);
}

namespace {
struct PalettizePass : public thimble::impl::PalettizePassBase<PalettizePass> {
  using PalettizePassBase::PalettizePassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model) || failed(checkOptions()) || failed(run(*model)))
      signalPassFailure();
  }

private:
  LogicalResult checkOptions() {
    if (entries < 0 || entries == 1 || entries > 256)
      return getOperation().emitError("expected the option 'entries' to be 2 "
                                      "to 256, or 0, found ")
             << entries.getValue();
    if (axis != "tensor" && axis != "channel")
      return getOperation().emitError("expected the option 'axis' to be "
                                      "'tensor' or 'channel', found '")
             << axis << "'";
    return success();
  }

  int64_t getEntries(WeightedOp op) const {
    auto recipe = op->getAttrOfType<RecipeAttr>(recipeAttrName);
    return recipe && recipe.getEntries() > 0 ? recipe.getEntries() : entries;
  }

  LogicalResult run(func::FuncOp model) {
    SmallVector<WeightedOp> layers;
    for (Operation &op : model.front())
      if (auto layer = dyn_cast<WeightedOp>(op);
          layer && constantValue(layer.getWeightOperand().get()) &&
          getEntries(layer) > 0) {
        if (isFloat(layer.getWeightOperand().get()))
          return op.emitOpError("expected a weight of integers, found ")
                 << layer.getWeightOperand().get().getType()
                 << ": run thimble-quantize first";
        layers.push_back(layer);
      }
    if (!layers.empty())
      keepTeacher(model);
    bool isByChannel = axis == "channel";
    for (WeightedOp op : layers) {
      int64_t count = getEntries(op);
      palettize(op, count, isByChannel);
      if (!isByChannel)
        recordEntries(op, count);
    }
    return success();
  }
};
} // namespace

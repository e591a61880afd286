//===- Prune.cpp - Weights that a network can do without ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Zeros are exact zeros of float weights: quantization keeps them.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"
#include "NegligibleChannels.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Numerics/Saliency.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightGeometry.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Evaluation/ModelSamples.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_PRUNEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;
using Kind = PruningPattern::Kind;

/// Two positive numbers with `separator` between them.
static std::optional<std::pair<int64_t, int64_t>> parsePair(StringRef text,
                                                            char separator) {
  auto [left, right] = text.split(separator);
  int64_t first = 0, second = 0;
  if (left.getAsInteger(10, first) || right.getAsInteger(10, second) ||
      first < 1 || second < 1)
    return std::nullopt;
  return std::make_pair(first, second);
}

static std::optional<PruningPattern> parsePattern(StringRef text) {
  PruningPattern pattern;
  if (text == "unstructured")
    return pattern;
  if (text == "channels") {
    pattern.kind = Kind::InputChannels;
    return pattern;
  }
  if (auto pair = parsePair(text, ':'); pair && pair->first < pair->second) {
    pattern.kind = Kind::NOfM;
    std::tie(pattern.n, pattern.m) = *pair;
    return pattern;
  }
  if (auto pair = parsePair(text, 'x')) {
    pattern.kind = Kind::Blocks;
    std::tie(pattern.rows, pattern.columns) = *pair;
    return pattern;
  }
  return std::nullopt;
}

namespace {
/// What one layer loses.
struct LayerPlan {
  WeightedOp op;
  std::string name; ///< of the pattern
  PruningPattern pattern;
  double sparsity;
};

/// The numbers of a layer while it is pruned.
struct LayerNumbers {
  Eigen::MatrixXd original, weights;
};

struct PrunePass : public thimble::impl::PrunePassBase<PrunePass> {
  using PrunePassBase::PrunePassBase;

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

private:
  LogicalResult run();
  LogicalResult checkOptions();
  FailureOr<std::optional<LayerPlan>> makePlan(WeightedOp op);
  LogicalResult prune(const LayerPlan &plan);
  LogicalResult pruneBySaliency(const LayerPlan &plan, LayerNumbers &numbers);
  void dropNegligible(const LayerPlan &plan, LayerNumbers &numbers);
};
} // namespace

static void remarkOn(const LayerPlan &plan, bool isPassed,
                     const std::string &text) {
  auto options = remark::RemarkOpts::name("Prune").category("compression");
  if (isPassed)
    remark::passed(WeightedOp(plan.op)->getLoc(), options)
        << remark::add("{0}", text);
  else
    remark::missed(WeightedOp(plan.op)->getLoc(), options)
        << remark::add("{0}", text);
}

LogicalResult PrunePass::checkOptions() {
  if (!pattern.empty() && !parsePattern(pattern))
    return getOperation().emitError("expected the option 'pattern' to be "
                                    "'unstructured', 'channels', n:m as in "
                                    "'2:4' or blocks as in '4x2', found '")
           << pattern << "'";
  if (sparsity >= 1 || (sparsity < 0 && sparsity != -1))
    return getOperation().emitError("expected the option 'sparsity' to be 0 to "
                                    "below 1, found ")
           << sparsity.getValue();
  if (!(threshold >= 0 && threshold < 1))
    return getOperation().emitError("expected the option 'threshold' to be 0 "
                                    "to below 1, found ")
           << threshold.getValue();
  return success();
}

LogicalResult PrunePass::run() {
  FailureOr<func::FuncOp> model = findModel(getOperation());
  if (failed(model) || failed(checkOptions()))
    return failure();
  FailureOr<SmallVector<WeightedOp>> layers = getFloatLayers(*model);
  if (failed(layers))
    return failure();
  SmallVector<LayerPlan> plans;
  for (WeightedOp op : *layers) {
    FailureOr<std::optional<LayerPlan>> plan = makePlan(op);
    if (failed(plan))
      return failure();
    if (*plan)
      plans.push_back(**plan);
  }
  if (!plans.empty())
    keepTeacher(*model);
  for (const LayerPlan &plan : plans)
    if (failed(prune(plan)))
      return failure();
  return success();
}

/// What the recipe or else the options say; none if neither says anything.
FailureOr<std::optional<LayerPlan>> PrunePass::makePlan(WeightedOp op) {
  auto recipe = op->getAttrOfType<RecipeAttr>(recipeAttrName);
  bool hasOwn = recipe && recipe.getPattern();
  LayerPlan plan{
      op, hasOwn ? recipe.getPattern().str() : pattern, {}, sparsity};
  if (plan.name.empty())
    return std::optional<LayerPlan>();
  std::optional<PruningPattern> parsed = parsePattern(plan.name);
  if (!parsed)
    return op->emitOpError("expected the recipe's pattern to be "
                           "'unstructured', 'channels', n:m as in '2:4' or "
                           "blocks as in '4x2', found '")
           << plan.name << "'";
  plan.pattern = *parsed;
  plan.pattern.channels = WeightGeometry::of(op).patches.channels;
  if (plan.pattern.kind == Kind::NOfM)
    plan.sparsity = 1 - double(plan.pattern.n) / double(plan.pattern.m);
  else if (recipe && recipe.getSparsity())
    plan.sparsity = recipe.getSparsity().getValueAsDouble();
  else if (plan.sparsity < 0)
    plan.sparsity = plan.pattern.kind == Kind::InputChannels ? 0 : 0.5;
  return std::optional<LayerPlan>(plan);
}

/// Zeros what belongs to channels below the threshold.
void PrunePass::dropNegligible(const LayerPlan &plan, LayerNumbers &numbers) {
  ChannelUse use = findChannelUse(plan.op, numbers.weights, threshold);
  MaskMatrix kept = use.getKept(numbers.weights.cols());
  if (kept.all())
    return;
  numbers.weights = kept.select(numbers.weights, 0.0);
  auto count = [](const std::vector<bool> &used) {
    return std::to_string(llvm::count(used, false)) + " of " +
           std::to_string(used.size());
  };
  std::string text = "'" + getLayerName(plan.op) + "': " + count(use.outputs) +
                     " output channels are negligible";
  if (!use.inputs.empty())
    text += ", " + count(use.inputs) + " input channels";
  remarkOn(plan, /*isPassed=*/true, text);
}

/// Zeros what costs least, the rest makes up for it.
LogicalResult PrunePass::pruneBySaliency(const LayerPlan &plan,
                                         LayerNumbers &numbers) {
  FailureOr<std::vector<Eigen::MatrixXd>> hessians = requireHessians(plan.op);
  if (failed(hessians))
    return failure();
  bool isDepthwise = WeightGeometry::of(plan.op).isDepthwise;
  if (isDepthwise && plan.pattern.kind != Kind::Unstructured) {
    remarkOn(plan, /*isPassed=*/false,
             "'" + getLayerName(plan.op) + "' stays: the pattern '" +
                 plan.name +
                 "' is one of channels that are summed, which those of a "
                 "depthwise convolution are not");
    return success();
  }
  PruningOptions options;
  options.sparsity = plan.sparsity;
  PruningPattern pattern = plan.pattern;
  if (isDepthwise)
    pattern.channels = 0; // the columns are taps
  int64_t rows = numbers.weights.rows() / hessians->size();
  double lost = 0, all = 0;
  for (auto [group, hessian] : llvm::enumerate(*hessians)) {
    Eigen::MatrixXd target = numbers.weights.middleRows(group * rows, rows);
    PrunedWeights pruned = pruneWeights(target, hessian, pattern, options);
    numbers.weights.middleRows(group * rows, rows) = pruned.weights;
    lost += pruned.objective;
    all += (target * hessian).cwiseProduct(target).sum();
  }
  int64_t zeros = (numbers.weights.array() == 0).count();
  std::string share =
      llvm::formatv("{0:f2}", all > 0 ? 100 * lost / all : 0.0).str();
  remarkOn(plan, /*isPassed=*/true,
           "'" + getLayerName(plan.op) + "': " + std::to_string(zeros) +
               " of " + std::to_string(numbers.weights.size()) +
               " weights are 0, which changes " + share +
               " % of its results' variance");
  return success();
}

/// From now on zeros stay: thimble-reconstruct asks the recipe.
static void recordPattern(const LayerPlan &plan) {
  WeightedOp op = plan.op;
  MLIRContext *context = op->getContext();
  auto old = op->getAttrOfType<RecipeAttr>(recipeAttrName);
  auto sparsity = FloatAttr::get(Float64Type::get(context), plan.sparsity);
  auto pattern = StringAttr::get(context, plan.name);
  op->setAttr(
      recipeAttrName,
      (old ? old : RecipeAttr::get(context)).withZeros(pattern, sparsity));
}

LogicalResult PrunePass::prune(const LayerPlan &plan) {
  WeightedOp op = plan.op;
  LayerNumbers numbers{getWeights(op), getWeights(op)};
  bool isByChannel = plan.pattern.kind == Kind::InputChannels;
  if (isByChannel)
    dropNegligible(plan, numbers);
  // Channels of the model's input stay: the caller gives them.
  bool isFirst = isByChannel && isa<BlockArgument>(op->getOperand(0));
  if (plan.sparsity > 0)
    if (!isFirst && failed(pruneBySaliency(plan, numbers)))
      return failure();
  if (numbers.weights == numbers.original)
    return success();
  Eigen::VectorXd biases = getBiases(op);
  biases += getRowShift(op, numbers.original - numbers.weights);
  setWeights(op, numbers.weights, biases);
  // Rows and columns of zeros need no pattern to stay.
  if (!isByChannel)
    recordPattern(plan);
  return success();
}

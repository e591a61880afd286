//===- FuseActivation.cpp - Clamps of their own become fused --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An op with a fused activation computes clamp(u, A) with A within the storage
// range. The activation behind it maps each stored number v to t(v). The fused
// op computes clamp(u, B), which equals t(clamp(u, A)) for every u if it does
// for every u in the storage range, because both clamp to that range first:
// for integers all 256 or 65536 numbers are tried. Floats go through the same
// two comparisons a clamp; nested clamps are the clamp to the inner bounds,
// clamped by the outer ones, for every number, both zeros and NaN.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "thimble/Support/ActivationTables.h"
#include "thimble/Support/Int16Parameters.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FUSEACTIVATIONPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static constexpr Activation allActivations[] = {
    Activation::None, Activation::Relu, Activation::Relu6,
    Activation::ReluN1To1};

static Activation activationOf(ReluOp) { return Activation::Relu; }
static Activation activationOf(Relu6Op) { return Activation::Relu6; }

/// What an op whose operand and result have one type makes of each number.
using NumberMap = llvm::function_ref<int32_t(int32_t)>;

static ActivationTable tableOf(ReluOp op) {
  TensorQuantization q = quantization(op.getOutput());
  return reluTable(q.scale, q.zeroPoint, q.scale, q.zeroPoint);
}
static ActivationTable tableOf(Relu6Op op) {
  TensorQuantization q = quantization(op.getOutput());
  return relu6Table(q.scale, q.zeroPoint, q.scale, q.zeroPoint);
}
static int32_t mostInt16(ReluOp) { return int16Range.max; }
static int32_t mostInt16(Relu6Op op) {
  return relu6Int16Bound(quantization(op.getOutput()).scale);
}

static int32_t clampTo(int32_t value, ClampRange range) {
  return std::min(std::max(value, range.min), range.max);
}

/// The activation that does what `first` and then `second` do.
static std::optional<Activation>
composeInteger(Activation first, NumberMap second, Value output) {
  ClampRange storage = isInt16(output) ? int16Range : ClampRange();
  ClampRange before = quantizedActivationRange(first, output);
  for (Activation both : allActivations) {
    ClampRange after = quantizedActivationRange(both, output);
    bool isEqual = true;
    for (int32_t v = storage.min; v <= storage.max && isEqual; ++v)
      isEqual = second(clampTo(v, before)) == clampTo(v, after);
    if (isEqual)
      return both;
  }
  return std::nullopt;
}

static std::optional<Activation> composeFloat(Activation first,
                                              Activation second) {
  auto [low, high] = activationRange(first);
  auto [least, most] = activationRange(second);
  std::pair<float, float> range = {std::min(std::max(low, least), most),
                                   std::min(std::max(high, least), most)};
  for (Activation both : allActivations)
    if (activationRange(both) == range)
      return both;
  return std::nullopt;
}

/// The reason why `op` cannot be fused into what computes its operand, or none.
static StringRef obstacle(Operation *op) {
  Value input = op->getOperand(0);
  if (!input.getDefiningOp<ActivatedOp>())
    return "nothing that can clamp computes its operand";
  if (!input.hasOneUse())
    return "its operand is used elsewhere";
  if (input.getType() != op->getResult(0).getType())
    return "its result is quantized in another way than its operand";
  return "";
}

template <typename Op>
static std::optional<Activation> compose(Op op, Activation first) {
  if (isFloat(op.getOutput()))
    return composeFloat(first, activationOf(op));
  if (isInt16(op.getOutput())) {
    // A ratio of 1 rescales nothing.
    ClampRange clamp{0, mostInt16(op)};
    return composeInteger(
        first, [&](int32_t v) { return clampTo(v, clamp); }, op.getOutput());
  }
  ActivationTable table = tableOf(op);
  return composeInteger(
      first,
      [&](int32_t v) -> int32_t {
        return lookUp(table, static_cast<int8_t>(v));
      },
      op.getOutput());
}

static void remarkMissed(Operation *op, StringRef reason) {
  remark::missed(op->getLoc(),
                 remark::RemarkOpts::name("FuseActivation").category("fusion"))
      << remark::add("the activation is a layer of its own: {0}", reason);
}

static StringRef nameOf(Operation *op) {
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  return id ? id.getValue() : op->getName().getStringRef();
}

namespace {
/// %1 = thimble.conv_2d %0, %w {activation = #thimble.activation<none>, ...}
/// %2 = thimble.relu %1
///   ->
/// %2 = thimble.conv_2d %0, %w {activation = #thimble.activation<relu>, ...}
template <typename Op>
struct FuseIntoOperand : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!obstacle(op).empty())
      return rewriter.notifyMatchFailure(op, obstacle(op));
    auto producer = op.getInput().template getDefiningOp<ActivatedOp>();
    std::optional<Activation> both = compose(op, producer.getActivation());
    if (!both)
      return rewriter.notifyMatchFailure(op, "no activation does both");
    remark::passed(
        producer.getLoc(),
        remark::RemarkOpts::name("FuseActivation").category("fusion"))
        << remark::add("'{0}' clamps its result itself, in place of '{1}'",
                       nameOf(producer).str(), nameOf(op).str());
    rewriter.modifyOpInPlace(producer, [&] { producer.setActivation(*both); });
    rewriter.replaceOp(op, producer->getResults());
    return success();
  }
};

struct FuseActivationPass
    : public thimble::impl::FuseActivationPassBase<FuseActivationPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseIntoOperand<ReluOp>, FuseIntoOperand<Relu6Op>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation()->walk([](Operation *op) {
      if (!isa<ReluOp, Relu6Op>(op))
        return;
      StringRef reason = obstacle(op);
      remarkMissed(op, reason.empty() ? "no fused activation does both clamps"
                                      : reason);
    });
  }
};
} // namespace

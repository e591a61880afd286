//===- FoldPad.cpp - Pads become padding of windows -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact: thimble.pad writes its result's zero point, and a tap outside the
// image reads the zero point of the convolution's input. With one type before
// and after the pad both are the same number (0.0 for floats).
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FOLDPADPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// The reason why a pad cannot become padding of all its users, or none.
static StringRef obstacle(PadOp pad) {
  RankedTensorType input = tensorType(pad.getInput());
  if (input.getElementType() != tensorType(pad.getOutput()).getElementType())
    return "its result is quantized in another way than its operand";
  auto isZero = [](ArrayRef<int64_t> sizes, size_t d) { return sizes[d] == 0; };
  if (input.getRank() != 4)
    return "it does not pad an image";
  for (size_t d : {0, 3})
    if (!isZero(pad.getLow(), d) || !isZero(pad.getHigh(), d))
      return "it pads batches or channels";
  if (constantValue(pad.getInput()))
    return "its operand is constant";
  for (OpOperand &use : pad->getUses())
    if (!isa<Conv2DOp, DepthwiseConv2DOp>(use.getOwner()) ||
        use.getOperandNumber() != 0)
      return "it is used by more than convolutions";
  return "";
}

namespace {
/// %1 = thimble.pad %0 {low = array<i64: 0, 1, 1, 0>, high = ...}
/// %2 = thimble.conv_2d %1, %w {padding = array<i64: 0, 0, 0, 0>, ...}
///   ->
/// %2 = thimble.conv_2d %0, %w {padding = array<i64: 1, 1, 1, 1>, ...}
template <typename ConvOp>
struct FoldPadInto : public OpRewritePattern<ConvOp> {
  using OpRewritePattern<ConvOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto pad = op.getInput().template getDefiningOp<PadOp>();
    if (!pad || !obstacle(pad).empty())
      return rewriter.notifyMatchFailure(op, "no pad that can be folded");
    ArrayRef<int64_t> low = pad.getLow(), high = pad.getHigh();
    ArrayRef<int64_t> own = op.getPadding();
    int64_t padding[] = {own[0] + low[1], own[1] + high[1], own[2] + low[2],
                         own[3] + high[2]};
    remark::passed(op.getLoc(),
                   remark::RemarkOpts::name("FoldPad").category("fusion"))
        << remark::add("'{0}' pads in its window what '{1}' padded", nameOf(op),
                       nameOf(pad));
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(pad.getInput());
      op.setPadding(padding);
    });
    return success();
  }

private:
  static std::string nameOf(Operation *op) {
    auto id = op->getAttrOfType<StringAttr>(idAttrName);
    return id ? id.str() : op->getName().getStringRef().str();
  }
};

struct FoldPadPass : public thimble::impl::FoldPadPassBase<FoldPadPass> {
  void runOnOperation() override {
    getOperation()->walk([](PadOp pad) {
      if (StringRef reason = obstacle(pad); !reason.empty())
        remark::missed(pad.getLoc(),
                       remark::RemarkOpts::name("FoldPad").category("fusion"))
            << remark::add("the pad makes a copy: {0}", reason);
    });
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldPadInto<Conv2DOp>, FoldPadInto<DepthwiseConv2DOp>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

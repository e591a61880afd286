//===- Reshape.cpp - thimble.reshape --------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes stay as they are; nothing is done where the planner leaves them in
// place.
//
//===----------------------------------------------------------------------===//

#include "IdentityFold.h"
#include "mlir/IR/PatternMatch.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StepBuilder.h"
#include <numeric>

using namespace mlir;
using namespace thimble;

LogicalResult ReshapeOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  if (input.getNumElements() != output.getNumElements() ||
      elementBytes(input) != elementBytes(output))
    return emitOpError("expected as many elements of the same size as before, "
                       "found ")
           << input << " and " << output;
  return success();
}

RowWindow ReshapeOp::getRowWindow(unsigned) {
  RowWindow window;
  window.whole = rowElements(tensorType(getInput())) !=
                 rowElements(tensorType(getOutput()));
  return window;
}

StepSpec ReshapeOp::getStepSpec(const TargetInfo &) {
  RankedTensorType output = tensorType(getOutput());
  StepSpec spec;
  spec.operands.push_back(rowOperand(*this, 0, getRowWindow(0)));
  spec.overwrites.push_back(0);
  spec.isCopy = true;
  if (spec.operands[0].window.whole)
    return spec;
  spec.operands[0].height = spec.steps = rowCount(output);
  spec.operands[0].images = 1;
  spec.outputRowBytes = spec.operands[0].rowBytes;
  spec.pixels = rowElements(output);
  return spec;
}

void ReshapeOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput());
  Value bytes = step.pixels ? step.mul(step.pixels, elementBytes(input))
                            : step.constant(tensorBytes(input));
  step.copy(step.output, step.operands[0], bytes);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) { return foldToOperand(*this); }

namespace {
/// %1 = thimble.reshape %0 : (tensor<4x6x!q>) -> tensor<2x12x!q>
/// %2 = thimble.reshape %1 : (tensor<2x12x!q>) -> tensor<24x!q>
///   ->
/// %2 = thimble.reshape %0 : (tensor<4x6x!q>) -> tensor<24x!q>
struct ReshapeOfReshape : public OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<ReshapeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "operand is no reshape");
    rewriter.modifyOpInPlace(
        op, [&] { op.getInputMutable().assign(inner.getInput()); });
    return success();
  }
};
} // namespace

void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<ReshapeOfReshape>(context);
}

/// Element n is in channel n mod I of the operand and n mod O of the result: in
/// class n mod gcd(I, O) of both. A class goes or stays as a whole; if it goes,
/// what is left is in the same order before and after.
static int64_t channelClasses(ReshapeOp op) {
  return std::gcd(lastDimension(tensorType(op.getInput())),
                  lastDimension(tensorType(op.getOutput())));
}

ChannelRanges ReshapeOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  int64_t classes = channelClasses(*this);
  ChannelRanges merged(operands[0].begin(), operands[0].begin() + classes);
  for (auto [c, range] : llvm::enumerate(operands[0]))
    merged[int64_t(c) % classes].include(range);
  ChannelRanges result;
  for (int64_t c = 0; c < lastDimension(tensorType(getOutput())); ++c)
    result.push_back(merged[c % classes]);
  return result;
}

void ReshapeOp::keepNeededChannels(ChannelFlow &flow) {
  unsigned classes = channelClasses(*this);
  llvm::BitVector kept(classes);
  for (const llvm::BitVector *channels : {&flow.operands[0], &flow.result})
    for (unsigned c : channels->set_bits())
      kept.set(c % classes);
  for (llvm::BitVector *channels : {&flow.operands[0], &flow.result})
    for (unsigned c = 0; c < channels->size(); ++c)
      if (kept.test(c % classes))
        channels->set(c);
}

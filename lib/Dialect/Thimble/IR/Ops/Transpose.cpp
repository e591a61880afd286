//===- Transpose.cpp - thimble.transpose ----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Transpose.
//
//===----------------------------------------------------------------------===//

#include "IdentityFold.h"
#include "mlir/IR/PatternMatch.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

LogicalResult TransposeOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  ArrayRef<int64_t> order = getPermutation();
  SmallVector<bool> seen(input.getRank(), false);
  bool valid = int64_t(order.size()) == input.getRank() &&
               output.getRank() == input.getRank() &&
               elementBytes(input) == elementBytes(output);
  for (size_t i = 0; valid && i < order.size(); ++i) {
    valid = order[i] >= 0 && order[i] < input.getRank() && !seen[order[i]] &&
            output.getDimSize(i) == input.getDimSize(order[i]);
    if (valid)
      seen[order[i]] = true;
  }
  if (!valid)
    return emitOpError("expected a permutation of the dimensions of ")
           << input << " that gives " << output;
  return success();
}

StepSpec TransposeOp::getStepSpec(const TargetInfo &) {
  StepSpec spec;
  spec.operands.push_back(wholeOperand(*this, 0));
  return spec;
}

void TransposeOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  int64_t bytes = elementBytes(input);
  SmallVector<int64_t> strides = rowMajorStrides(input.getShape(), bytes);
  StridedOperand from{step.operands[0], 0, {}};
  for (int64_t d : getPermutation())
    from.strides.push_back(strides[d]);
  StridedOperand to{step.output, 0, rowMajorStrides(output.getShape(), bytes)};
  buildStridedCopy(step, output.getShape(), to, from, bytes);
}

/// Dimensions of more than one element stay in their order.
static bool keepsOrder(TransposeOp op) {
  SmallVector<int64_t> moved;
  for (int64_t d : op.getPermutation())
    if (tensorType(op.getInput()).getDimSize(d) != 1)
      moved.push_back(d);
  return llvm::is_sorted(moved);
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  return keepsOrder(*this) ? foldToOperand(*this) : OpFoldResult();
}

namespace {
/// %1 = thimble.transpose %0 {permutation = array<i64: 0, 2, 1>}
///     : (tensor<1x8x1x!q>) -> tensor<1x1x8x!q>
///   ->
/// %1 = thimble.reshape %0 : (tensor<1x8x1x!q>) -> tensor<1x1x8x!q>
struct TransposeToReshape : public OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    if (!keepsOrder(op))
      return rewriter.notifyMatchFailure(op, "moves elements");
    Attribute id = op->getAttr(idAttrName);
    auto reshape = rewriter.replaceOpWithNewOp<ReshapeOp>(
        op, op.getOutput().getType(), op.getInput());
    if (id)
      reshape->setAttr(idAttrName, id);
    return success();
  }
};
} // namespace

void TransposeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<TransposeToReshape>(context);
}

static bool keepsChannels(TransposeOp op) {
  ArrayRef<int64_t> order = op.getPermutation();
  return !order.empty() && order.back() == int64_t(order.size()) - 1;
}

ChannelRanges
TransposeOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  if (keepsChannels(*this))
    return operands[0];
  return ChannelRanges(lastDimension(tensorType(getOutput())),
                       hull(operands[0]));
}

void TransposeOp::keepNeededChannels(ChannelFlow &flow) {
  keepsChannels(*this) ? keepSameChannels(flow) : keepAllChannels(flow);
}

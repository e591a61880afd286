//===- DepthwiseConv2D.cpp - thimble.depthwise_conv_2d --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::DepthwiseConvPerChannel and
// reference_ops::DepthwiseConv; zero points as in Conv2D.cpp.
//
//===----------------------------------------------------------------------===//

#include "ContractionChannels.h"
#include "thimble/LoopNest/DepthwiseNest.h"

using namespace mlir;
using namespace thimble;

static DepthwiseNest makeNest(DepthwiseConv2DOp op, const TargetInfo &target) {
  return DepthwiseNest(convolutionGeometry(op), contractionRequantizer(op, 3),
                       constantBytes(op.getFilter()),
                       paddingByte(op.getInput()), target);
}

LogicalResult DepthwiseConv2DOp::verify() {
  return verifyConvolution(*this, /*depthwise=*/true);
}

RowWindow DepthwiseConv2DOp::getRowWindow(unsigned) {
  return convolutionGeometry(*this).rows();
}

OpOperand &DepthwiseConv2DOp::getWeightOperand() { return getFilterMutable(); }
int64_t DepthwiseConv2DOp::getOutputChannelAxis() { return 3; }
SmallVector<int64_t> DepthwiseConv2DOp::getReductionAxes() { return {1, 2}; }
WindowGeometry DepthwiseConv2DOp::getWeightWindows() {
  return convolutionGeometry(*this);
}

int64_t DepthwiseConv2DOp::getMacs() {
  RankedTensorType filter = tensorType(getFilter());
  return tensorType(getOutput()).getNumElements() * filter.getDimSize(1) *
         filter.getDimSize(2);
}

StepSpec DepthwiseConv2DOp::getStepSpec(const TargetInfo &target) {
  StepSpec spec;
  spec.operands.push_back(rowOperand(*this, 0, getRowWindow(0)));
  spec.steps = rowCount(tensorType(getOutput()));
  makeNest(*this, target).describe(spec);
  return spec;
}

ChannelRanges
DepthwiseConv2DOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return ContractionChannels::of(*this).infer(operands);
}

void DepthwiseConv2DOp::keepNeededChannels(ChannelFlow &flow) {
  ContractionChannels::of(*this).keepNeeded(flow);
}

Operation *DepthwiseConv2DOp::rebuildWithChannels(OpBuilder &builder,
                                                  ValueRange operands,
                                                  const ChannelFlow &flow) {
  return ContractionChannels::of(*this).rebuild(builder, operands, flow);
}

/// The nest, its tables laid out as in the spec.
static DepthwiseNest makeDescribedNest(DepthwiseConv2DOp op,
                                       const TargetInfo &target) {
  StepSpec ignored;
  DepthwiseNest nest = makeNest(op, target);
  nest.describe(ignored);
  return nest;
}

void DepthwiseConv2DOp::buildStep(StepBuilder &step) {
  makeDescribedNest(*this, step.target).build(step);
}

int64_t DepthwiseConv2DOp::getSumBytes(const TargetInfo &target) {
  return makeNest(*this, target).sumBytes();
}

void DepthwiseConv2DOp::buildAbsorb(StepBuilder &step) {
  makeDescribedNest(*this, step.target).buildAbsorb(step);
}

void DepthwiseConv2DOp::buildAbsorbed(StepBuilder &step) {
  makeDescribedNest(*this, step.target).buildAbsorbed(step);
}

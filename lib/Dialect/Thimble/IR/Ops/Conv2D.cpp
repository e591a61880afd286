//===- Conv2D.cpp - thimble.conv_2d ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::ConvPerChannel and
// reference_ops::Conv. The zero point of the input is folded into the bias:
// sum (x - zx) w = sum x w - zx sum w, exact because int32 wraps.
//
//===----------------------------------------------------------------------===//

#include "ContractionChannels.h"

using namespace mlir;
using namespace thimble;

Contraction thimble::contraction(Conv2DOp op) {
  return {convolutionGeometry(op), contractionRequantizer(op, 0),
          constantBytes(op.getFilter()), paddingByte(op.getInput())};
}

void thimble::addRows(Conv2DOp op, StepSpec &spec) {
  spec.operands.push_back(rowOperand(op, 0, op.getRowWindow(0)));
  spec.steps = rowCount(tensorType(op.getOutput()));
}

LogicalResult Conv2DOp::verify() {
  return verifyConvolution(*this, /*depthwise=*/false);
}

RowWindow Conv2DOp::getRowWindow(unsigned) {
  return convolutionGeometry(*this).rows();
}

OpOperand &Conv2DOp::getWeightOperand() { return getFilterMutable(); }
int64_t Conv2DOp::getOutputChannelAxis() { return 0; }
SmallVector<int64_t> Conv2DOp::getReductionAxes() { return {1, 2, 3}; }
WindowGeometry Conv2DOp::getWeightWindows() {
  return convolutionGeometry(*this);
}

int64_t Conv2DOp::getMacs() {
  return tensorType(getOutput()).getNumElements() *
         tensorType(getFilter()).getNumElements() /
         tensorType(getFilter()).getDimSize(0);
}

StepSpec Conv2DOp::getStepSpec(const TargetInfo &target) {
  StepSpec spec;
  denseNest(contraction(*this), target).describe(spec);
  addRows(*this, spec);
  return spec;
}

void Conv2DOp::buildStep(StepBuilder &step) {
  StepSpec ignored;
  MacNest nest = denseNest(contraction(*this), step.target);
  nest.describe(ignored);
  nest.build(step);
}

ChannelRanges Conv2DOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return ContractionChannels::of(*this).infer(operands);
}

void Conv2DOp::keepNeededChannels(ChannelFlow &flow) {
  ContractionChannels::of(*this).keepNeeded(flow);
}

Operation *Conv2DOp::rebuildWithChannels(OpBuilder &builder,
                                         ValueRange operands,
                                         const ChannelFlow &flow) {
  return ContractionChannels::of(*this).rebuild(builder, operands, flow);
}

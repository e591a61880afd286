//===- FullyConnected.cpp - thimble.fully_connected -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::FullyConnected(PerChannel) and
// reference_ops::FullyConnected: a convolution whose pixels are rows of K.
//
//===----------------------------------------------------------------------===//

#include "ContractionChannels.h"

using namespace mlir;
using namespace thimble;

Contraction thimble::contraction(FullyConnectedOp op) {
  RankedTensorType filter = tensorType(op.getFilter());
  WindowGeometry geometry;
  geometry.inputChannels = filter.getDimSize(1);
  geometry.outputChannels = filter.getDimSize(0);
  // A step of one row may not have blocks of two.
  if (op.getRowWindow(0).whole)
    geometry.inputWidth = geometry.outputWidth =
        tensorType(op.getInput()).getNumElements() / geometry.inputChannels;
  return {geometry, contractionRequantizer(op, 0),
          constantBytes(op.getFilter()), paddingByte(op.getInput())};
}

void thimble::addRows(FullyConnectedOp op, StepSpec &spec) {
  RowWindow window = op.getRowWindow(0);
  spec.operands.push_back(rowOperand(op, 0, window));
  if (window.whole) {
    spec.pixels.reset();
    return;
  }
  RankedTensorType output = tensorType(op.getOutput());
  spec.steps = rowCount(output);
  spec.outputRowBytes = rowElements(output) * elementBytes(output);
  spec.pixels = 1;
}

OpOperand &FullyConnectedOp::getWeightOperand() { return getFilterMutable(); }
int64_t FullyConnectedOp::getOutputChannelAxis() { return 0; }
SmallVector<int64_t> FullyConnectedOp::getReductionAxes() { return {1}; }
WindowGeometry FullyConnectedOp::getWeightWindows() {
  WindowGeometry geometry;
  geometry.outputChannels = tensorType(getFilter()).getDimSize(0);
  geometry.inputChannels = tensorType(getFilter()).getDimSize(1);
  geometry.inputWidth = geometry.outputWidth =
      tensorType(getInput()).getNumElements() / geometry.inputChannels;
  return geometry;
}

int64_t FullyConnectedOp::getMacs() {
  return tensorType(getOutput()).getNumElements() *
         tensorType(getFilter()).getDimSize(1);
}

/// Rows of the input are vectors of K elements if its own rows are; otherwise
/// the op reads its input whole.
RowWindow FullyConnectedOp::getRowWindow(unsigned) {
  RowWindow window;
  RankedTensorType input = tensorType(getInput());
  window.whole = rowElements(input) != tensorType(getFilter()).getDimSize(1) ||
                 rowElements(tensorType(getOutput())) !=
                     tensorType(getFilter()).getDimSize(0);
  return window;
}

LogicalResult FullyConnectedOp::verify() {
  RankedTensorType filter = tensorType(getFilter());
  if (filter.getRank() != 2)
    return emitOpError("expected a filter of rank 2, found rank ")
           << filter.getRank();
  int64_t outputs = filter.getDimSize(0), depth = filter.getDimSize(1);
  RankedTensorType input = tensorType(getInput());
  if (outputs < 1 || depth < 1 || input.getNumElements() % depth != 0 ||
      input.getNumElements() == 0)
    return emitOpError("expected an input of rows of ")
           << depth << " elements, found " << input;
  int64_t rows = input.getNumElements() / depth;
  if (tensorType(getOutput()).getNumElements() != rows * outputs)
    return emitOpError("expected an output of ")
           << rows << " rows of " << outputs << " elements, found "
           << getOutput().getType();
  return verifyContraction(*this, /*channelAxis=*/0);
}

StepSpec FullyConnectedOp::getStepSpec(const TargetInfo &target) {
  StepSpec spec;
  denseNest(contraction(*this), target).describe(spec);
  addRows(*this, spec);
  return spec;
}

void FullyConnectedOp::buildStep(StepBuilder &step) {
  StepSpec ignored;
  MacNest nest = denseNest(contraction(*this), step.target);
  nest.describe(ignored);
  nest.build(step);
}

ChannelRanges
FullyConnectedOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return ContractionChannels::of(*this).infer(operands);
}

void FullyConnectedOp::keepNeededChannels(ChannelFlow &flow) {
  ContractionChannels::of(*this).keepNeeded(flow);
}

Operation *FullyConnectedOp::rebuildWithChannels(OpBuilder &builder,
                                                 ValueRange operands,
                                                 const ChannelFlow &flow) {
  return ContractionChannels::of(*this).rebuild(builder, operands, flow);
}

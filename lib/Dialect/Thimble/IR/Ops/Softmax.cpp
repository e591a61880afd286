//===- Softmax.cpp - thimble.softmax --------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Softmax.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"
#include "thimble/LoopNest/SoftmaxNest.h"

using namespace mlir;
using namespace thimble;

/// Longer rows of equal int8 maxima would overflow the sum of exponentials.
static constexpr int64_t maxInt8Row = 4096;

static std::optional<SoftmaxParameters> parametersOf(SoftmaxOp op) {
  return softmaxParameters(quantization(op.getInput()).scale,
                           op.getBeta().convertToFloat(),
                           quantization(op.getOutput()));
}

RowWindow SoftmaxOp::getRowWindow(unsigned) { return {}; }

LogicalResult SoftmaxOp::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  if (tensorType(getInput()).getRank() == 0)
    return emitOpError("expected a tensor of rank 1 or more");
  if (isFloat(getInput()))
    return success();
  if (lastDimension(tensorType(getInput())) >= maxInt8Row)
    return emitOpError("expected less than ")
           << maxInt8Row << " elements in the last dimension, found "
           << getInput().getType();
  if (!parametersOf(*this))
    return emitOpError("expected an output of scale 1/256 and zero point -128 "
                       "and a positive beta, found ")
           << getOutput().getType();
  return success();
}

TensorQuantization SoftmaxOp::getFixedQuantization() {
  return {1.0 / 256, -128};
}

StepSpec SoftmaxOp::getStepSpec(const TargetInfo &) {
  StepSpec spec = elementwiseSpec(*this);
  spec.pixels = *spec.pixels / lastDimension(tensorType(getInput()));
  if (!isFloat(getInput()))
    spec.tables.push_back(softmaxTable(*parametersOf(*this)));
  return spec;
}

void SoftmaxOp::buildStep(StepBuilder &step) {
  int64_t size = lastDimension(tensorType(getInput()));
  if (isFloat(getInput()))
    return buildFloatSoftmax(step, size, getBeta().convertToFloat());
  buildInt8Softmax(step, size);
}

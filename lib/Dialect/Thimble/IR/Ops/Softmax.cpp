//===- Softmax.cpp - thimble.softmax --------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Softmax and SoftmaxInt16.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"
#include "thimble/LoopNest/Int16SoftmaxNest.h"
#include "thimble/LoopNest/SoftmaxNest.h"

using namespace mlir;
using namespace thimble;

/// Longer rows of equal int8 maxima would overflow the sum of exponentials
/// (for int16 there is room for more).
static constexpr int64_t maxIntegerRow = 4096;

static std::optional<SoftmaxParameters> parametersOf(SoftmaxOp op) {
  return softmaxParameters(quantization(op.getInput()).scale,
                           op.getBeta().convertToFloat(),
                           quantization(op.getOutput()));
}

static std::optional<QuantizedMultiplier> int16MultiplierOf(SoftmaxOp op) {
  return softmaxInt16Multiplier(quantization(op.getInput()).scale,
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
  if (lastDimension(tensorType(getInput())) >= maxIntegerRow)
    return emitOpError("expected less than ")
           << maxIntegerRow << " elements in the last dimension, found "
           << getInput().getType();
  if (isInt16(getInput())) {
    if (int16MultiplierOf(*this))
      return success();
    return emitOpError("expected an output of scale 1/32768, a positive beta "
                       "and an input scale below 2.5 / beta, found ")
           << getOutput().getType() << " for " << getInput().getType();
  }
  if (!parametersOf(*this))
    return emitOpError("expected an output of scale 1/256 and zero point -128 "
                       "and a positive beta, found ")
           << getOutput().getType();
  return success();
}

TensorQuantization SoftmaxOp::getFixedQuantization(unsigned bits) {
  return bits == 16 ? int16Fraction : TensorQuantization{1.0 / 256, -128};
}

StepSpec SoftmaxOp::getStepSpec(const TargetInfo &) {
  StepSpec spec = elementwiseSpec(*this);
  spec.pixels = *spec.pixels / lastDimension(tensorType(getInput()));
  if (isInt16(getInput()))
    spec.tables.append(softmaxInt16Tables());
  else if (!isFloat(getInput()))
    spec.tables.push_back(softmaxTable(*parametersOf(*this)));
  return spec;
}

void SoftmaxOp::buildStep(StepBuilder &step) {
  int64_t size = lastDimension(tensorType(getInput()));
  if (isFloat(getInput()))
    return buildFloatSoftmax(step, size, getBeta().convertToFloat());
  if (isInt16(getInput()))
    return buildInt16Softmax(step, size, *int16MultiplierOf(*this));
  buildInt8Softmax(step, size);
}

//===- Relu6.cpp - thimble.relu6 ------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite Micro Relu6Quantized, which does not requantize (a table),
// and Relu6Float.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow Relu6Op::getRowWindow(unsigned) { return {}; }

LogicalResult Relu6Op::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  return success();
}

StepSpec Relu6Op::getStepSpec(const TargetInfo &) {
  if (isFloat(getInput()))
    return elementwiseSpec(*this);
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return tableSpec(
      *this, relu6Table(in.scale, in.zeroPoint, out.scale, out.zeroPoint));
}

void Relu6Op::buildStep(StepBuilder &step) {
  if (!isFloat(getInput()))
    return buildTableStep(step);
  buildElementwiseStep(step, 4, 4, [&](Value address) {
    return buildFloatClamp(step, step.loadF32(address), 0.0f, 6.0f);
  });
}

//===- Relu.cpp - thimble.relu --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite Micro ReluQuantized (a table) and ReluFloat.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow ReluOp::getRowWindow(unsigned) { return {}; }

LogicalResult ReluOp::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  return success();
}

StepSpec ReluOp::getStepSpec(const TargetInfo &) {
  if (isFloat(getInput()))
    return elementwiseSpec(*this);
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return tableSpec(*this,
                   reluTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint));
}

void ReluOp::buildStep(StepBuilder &step) {
  if (!isFloat(getInput()))
    return buildTableStep(step);
  buildElementwiseStep(step, 4, 4, [&](Value address) {
    return buildFloatClamp(step, step.loadF32(address), 0.0f,
                           std::numeric_limits<float>::infinity());
  });
}

//===- Relu.cpp - thimble.relu --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite Micro ReluQuantized (a table for int8) and ReluFloat.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow ReluOp::getRowWindow(unsigned) { return {}; }

LogicalResult ReluOp::verify() { return verifyUnary(*this); }

ActivationTable ReluOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return reluTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

StepSpec ReluOp::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

void ReluOp::buildStep(StepBuilder &step) {
  auto floatBody = [&](Value x) {
    return buildFloatClamp(step, x, 0.0f,
                           std::numeric_limits<float>::infinity());
  };
  buildTabulatedStep(*this, step, floatBody, [&](Value x) {
    return buildRescale(step, x, rescaling(*this), getOutput(),
                        /*bound=*/32768, /*low=*/0);
  });
}

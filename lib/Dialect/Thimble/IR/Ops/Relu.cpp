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
  buildTabulatedStep(*this, step, [&](Value x) {
    return buildFloatClamp(step, x, 0.0f,
                           std::numeric_limits<float>::infinity());
  });
}

//===- Relu6.cpp - thimble.relu6 ------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite Micro Relu6Quantized, which does not requantize (a table
// for int8), and Relu6Float.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow Relu6Op::getRowWindow(unsigned) { return {}; }

LogicalResult Relu6Op::verify() { return verifyUnary(*this); }

ActivationTable Relu6Op::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return relu6Table(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

StepSpec Relu6Op::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

void Relu6Op::buildStep(StepBuilder &step) {
  auto floatBody = [&](Value x) {
    return buildFloatClamp(step, x, 0.0f, 6.0f);
  };
  buildTabulatedStep(*this, step, floatBody, [&](Value x) {
    return step.clamp(x, 0, relu6Int16Bound(quantization(getInput()).scale));
  });
}

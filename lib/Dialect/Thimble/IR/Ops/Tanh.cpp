//===- Tanh.cpp - thimble.tanh --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Tanh (a table) and tanhf.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow TanhOp::getRowWindow(unsigned) { return {}; }

LogicalResult TanhOp::verify() { return verifySigmoid(*this); }

ActivationTable TanhOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return tanhTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

TensorQuantization TanhOp::getFixedQuantization() { return {1.0 / 128, 0}; }

StepSpec TanhOp::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

void TanhOp::buildStep(StepBuilder &step) {
  buildTabulatedStep(*this, step, [&](Value x) { return buildTanh(step, x); });
}

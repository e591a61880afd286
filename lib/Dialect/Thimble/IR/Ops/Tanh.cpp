//===- Tanh.cpp - thimble.tanh --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Tanh (a table for int8) and
// tanhf.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"
#include "thimble/LoopNest/SigmoidNest.h"

using namespace mlir;
using namespace thimble;

static std::optional<SigmoidParameters> parametersOf(TanhOp op) {
  return tanhInt16Parameters(quantization(op.getInput()).scale,
                             quantization(op.getOutput()));
}

RowWindow TanhOp::getRowWindow(unsigned) { return {}; }

LogicalResult TanhOp::verify() {
  if (failed(verifySigmoid(*this)))
    return failure();
  if (isInt16(getInput()) && !parametersOf(*this))
    return emitInt16ScaleError(*this);
  return success();
}

ActivationTable TanhOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return tanhTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

TensorQuantization TanhOp::getFixedQuantization(unsigned bits) {
  return bits == 16 ? int16Fraction : TensorQuantization{1.0 / 128, 0};
}

StepSpec TanhOp::getStepSpec(const TargetInfo &) {
  StepSpec spec = tabulatedSpec(*this);
  if (isInt16(getInput()))
    spec.tables.push_back(sigmoidConstants());
  return spec;
}

void TanhOp::buildStep(StepBuilder &step) {
  auto floatBody = [&](Value x) { return buildTanh(step, x); };
  buildTabulatedStep(*this, step, floatBody, [&](Value x) {
    return buildInt16Tanh(step, x, *parametersOf(*this));
  });
}

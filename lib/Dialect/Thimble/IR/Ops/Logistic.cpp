//===- Logistic.cpp - thimble.logistic ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Logistic (a table for int8)
// and reference_ops::Logistic.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"
#include "thimble/LoopNest/SigmoidNest.h"

using namespace mlir;
using namespace thimble;

static std::optional<SigmoidParameters> parametersOf(LogisticOp op) {
  return logisticInt16Parameters(quantization(op.getInput()).scale,
                                 quantization(op.getOutput()));
}

RowWindow LogisticOp::getRowWindow(unsigned) { return {}; }

LogicalResult LogisticOp::verify() {
  if (failed(verifySigmoid(*this)))
    return failure();
  if (isInt8(getInput()) && quantization(getOutput()).zeroPoint != -128)
    return emitOpError("expected an output zero point of -128, found ")
           << quantization(getOutput()).zeroPoint;
  if (isInt16(getInput()) && !parametersOf(*this))
    return emitInt16ScaleError(*this);
  return success();
}

ActivationTable LogisticOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return logisticTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

TensorQuantization LogisticOp::getFixedQuantization(unsigned bits) {
  return bits == 16 ? int16Fraction : TensorQuantization{1.0 / 256, -128};
}

StepSpec LogisticOp::getStepSpec(const TargetInfo &) {
  StepSpec spec = tabulatedSpec(*this);
  if (isInt16(getInput()))
    spec.tables.push_back(sigmoidConstants());
  return spec;
}

void LogisticOp::buildStep(StepBuilder &step) {
  auto floatBody = [&](Value x) { return buildLogistic(step, x); };
  buildTabulatedStep(*this, step, floatBody, [&](Value x) {
    return buildInt16Logistic(step, x, *parametersOf(*this));
  });
}

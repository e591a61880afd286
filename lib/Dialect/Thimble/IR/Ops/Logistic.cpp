//===- Logistic.cpp - thimble.logistic ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Logistic (a table) and
// reference_ops::Logistic.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow LogisticOp::getRowWindow(unsigned) { return {}; }

LogicalResult LogisticOp::verify() {
  if (failed(verifySigmoid(*this)))
    return failure();
  if (isInt8(getInput()) && quantization(getOutput()).zeroPoint != -128)
    return emitOpError("expected an output zero point of -128, found ")
           << quantization(getOutput()).zeroPoint;
  return success();
}

ActivationTable LogisticOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return logisticTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

TensorQuantization LogisticOp::getFixedQuantization() {
  return {1.0 / 256, -128};
}

StepSpec LogisticOp::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

void LogisticOp::buildStep(StepBuilder &step) {
  buildTabulatedStep(*this, step,
                     [&](Value x) { return buildLogistic(step, x); });
}

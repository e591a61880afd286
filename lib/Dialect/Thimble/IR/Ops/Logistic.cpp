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
  if (failed(verifyUnary(*this)))
    return failure();
  if (isInt8(getInput()) && quantization(getOutput()).zeroPoint != -128)
    return emitOpError("expected an output zero point of -128, found ")
           << quantization(getOutput()).zeroPoint;
  if (isInt8(getInput()) &&
      !isLogisticOrTanhSupported(quantization(getInput()).scale))
    return emitOpError("expected an input scale that fixed point can hold, "
                       "found ")
           << quantization(getInput()).scale;
  return success();
}

StepSpec LogisticOp::getStepSpec(const TargetInfo &) {
  if (isFloat(getInput()))
    return elementwiseSpec(*this);
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return tableSpec(
      *this, logisticTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint));
}

void LogisticOp::buildStep(StepBuilder &step) {
  if (!isFloat(getInput()))
    return buildTableStep(step);
  buildElementwiseStep(step, 4, 4, [&](Value address) {
    return buildLogistic(step, step.loadF32(address));
  });
}

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

LogicalResult TanhOp::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  if (isInt8(getInput()) &&
      !isLogisticOrTanhSupported(quantization(getInput()).scale))
    return emitOpError("expected an input scale that fixed point can hold, "
                       "found ")
           << quantization(getInput()).scale;
  return success();
}

StepSpec TanhOp::getStepSpec(const TargetInfo &) {
  if (isFloat(getInput()))
    return elementwiseSpec(*this);
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return tableSpec(*this,
                   tanhTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint));
}

void TanhOp::buildStep(StepBuilder &step) {
  if (!isFloat(getInput()))
    return buildTableStep(step);
  buildElementwiseStep(step, 4, 4, [&](Value address) {
    return buildTanh(step, step.loadF32(address));
  });
}

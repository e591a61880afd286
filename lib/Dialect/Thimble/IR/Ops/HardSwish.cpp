//===- HardSwish.cpp - thimble.hard_swish ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::HardSwish for int8 (a table) and float.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow HardSwishOp::getRowWindow(unsigned) { return {}; }

LogicalResult HardSwishOp::verify() {
  if (failed(verifyUnary(*this)))
    return failure();
  if (isInt8(getInput()) &&
      !isHardSwishSupported(quantization(getInput()).scale,
                            quantization(getOutput()).scale))
    return emitOpError("expected an output scale of at least 1/128 of the "
                       "input's, found ")
           << quantization(getOutput()).scale << " for "
           << quantization(getInput()).scale;
  return success();
}

ActivationTable HardSwishOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return hardSwishTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

StepSpec HardSwishOp::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

void HardSwishOp::buildStep(StepBuilder &step) {
  buildTabulatedStep(*this, step, [&](Value x) {
    auto f = [&](float c) { return step.constantF32(c); };
    Value moved = arith::AddFOp::create(step.builder, step.loc, x, f(3.0f));
    Value clamped = buildFloatClamp(step, moved, 0.0f, 6.0f);
    Value product = arith::MulFOp::create(step.builder, step.loc, x, clamped);
    return arith::DivFOp::create(step.builder, step.loc, product, f(6.0f))
        .getResult();
  });
}

//===- LeakyRelu.cpp - thimble.leaky_relu ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::QuantizeLeakyRelu (a table) and LeakyRelu.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "thimble/LoopNest/FloatMath.h"

using namespace mlir;
using namespace thimble;

RowWindow LeakyReluOp::getRowWindow(unsigned) { return {}; }

LogicalResult LeakyReluOp::verify() { return verifyUnary(*this); }

ActivationTable LeakyReluOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return leakyReluTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint,
                        getAlpha().convertToFloat());
}

StepSpec LeakyReluOp::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

void LeakyReluOp::buildStep(StepBuilder &step) {
  buildTabulatedStep(*this, step, [&](Value x) {
    Value scaled =
        arith::MulFOp::create(step.builder, step.loc, x,
                              step.constantF32(getAlpha().convertToFloat()));
    Value positive =
        arith::CmpFOp::create(step.builder, step.loc, arith::CmpFPredicate::OGT,
                              x, step.constantF32(0.0f));
    return step.select(positive, x, scaled);
  });
}

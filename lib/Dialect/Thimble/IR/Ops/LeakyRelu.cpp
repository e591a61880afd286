//===- LeakyRelu.cpp - thimble.leaky_relu ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::QuantizeLeakyRelu (a table for int8) and
// LeakyRelu.
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

/// int16: two multipliers; a negative one is made positive and the result
/// negated, as rounding is not symmetric.
static Value buildInt16(LeakyReluOp op, StepBuilder &b, Value x) {
  constexpr int64_t bound = 32768;
  QuantizedMultiplier slope =
      rescaling(op, static_cast<double>(op.getAlpha().convertToFloat()));
  bool isNegative = slope.multiplier < 0;
  slope.multiplier = std::abs(slope.multiplier);
  Value zero = b.constant(0);
  Value below = buildRequantize(b, x, slope, 0, bound);
  if (isNegative)
    below = b.sub(zero, below);
  Value above = buildRequantize(b, x, rescaling(op), 0, bound);
  Value result =
      b.select(b.compare(arith::CmpIPredicate::sge, x, zero), above, below);
  return b.clamp(result, int16Range.min, int16Range.max);
}

void LeakyReluOp::buildStep(StepBuilder &step) {
  auto floatBody = [&](Value x) {
    Value scaled =
        arith::MulFOp::create(step.builder, step.loc, x,
                              step.constantF32(getAlpha().convertToFloat()));
    Value positive =
        arith::CmpFOp::create(step.builder, step.loc, arith::CmpFPredicate::OGT,
                              x, step.constantF32(0.0f));
    return step.select(positive, x, scaled);
  };
  buildTabulatedStep(*this, step, floatBody,
                     [&](Value x) { return buildInt16(*this, step, x); });
}

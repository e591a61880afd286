//===- Quantize.cpp - thimble.quantize ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::AffineQuantize and Requantize.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "IdentityFold.h"
#include "thimble/LoopNest/Requantize.h"

using namespace mlir;
using namespace thimble;

RowWindow QuantizeOp::getRowWindow(unsigned) { return {}; }

LogicalResult QuantizeOp::verify() {
  if (tensorType(getInput()).getShape() != tensorType(getOutput()).getShape() ||
      tensorType(getInput()).getNumElements() == 0)
    return emitOpError("expected a result of the operand's shape, found ")
           << getInput().getType() << " and " << getOutput().getType();
  if ((!isFloat(getInput()) && !isQuantized(getInput())) ||
      !isQuantized(getOutput()))
    return emitOpError("expected an operand of f32, int8 or int16 and a result "
                       "of per-tensor int8 or int16, found ")
           << getInput().getType() << " and " << getOutput().getType();
  return success();
}

ActivationTable QuantizeOp::getTable() {
  TensorQuantization in = quantization(getInput());
  TensorQuantization out = quantization(getOutput());
  return requantizeTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint);
}

StepSpec QuantizeOp::getStepSpec(const TargetInfo &) {
  return tabulatedSpec(*this);
}

/// round(x / scale) + zero point, ties away from zero, saturated. A NaN becomes
/// the least number.
static Value quantizeElement(StepBuilder &b, Value x, Value output) {
  TensorQuantization to = quantization(output);
  auto f = [&](float value) { return b.constantF32(value); };
  Value scaled = arith::DivFOp::create(b.builder, b.loc, x,
                                       f(static_cast<float>(to.scale)));
  // Beyond int8 and, with its zero point of 0, int16: clamping first changes
  // nothing.
  constexpr float limit = 65536.0f;
  Value aboveLow = arith::CmpFOp::create(
      b.builder, b.loc, arith::CmpFPredicate::OGT, scaled, f(-limit));
  scaled = b.select(aboveLow, scaled, f(-limit));
  scaled = buildFloatClamp(b, scaled, -limit, limit);
  Value whole = arith::FPToSIOp::create(b.builder, b.loc, b.i32(), scaled);
  Value rest = arith::SubFOp::create(
      b.builder, b.loc, scaled,
      arith::SIToFPOp::create(b.builder, b.loc, b.f32(), whole));
  auto counted = [&](arith::CmpFPredicate predicate, float bound) {
    Value is =
        arith::CmpFOp::create(b.builder, b.loc, predicate, rest, f(bound));
    return b.builder.createOrFold<arith::ExtUIOp>(b.loc, b.i32(), is);
  };
  Value rounded = b.sub(b.add(whole, counted(arith::CmpFPredicate::OGE, 0.5f)),
                        counted(arith::CmpFPredicate::OLE, -0.5f));
  Value result = b.add(rounded, to.zeroPoint);
  if (isInt16(output))
    return b.truncate(b.clamp(result, int16Range.min, int16Range.max), b.i16());
  return b.truncate(b.clamp(result, -128, 127), b.i8());
}

void QuantizeOp::buildStep(StepBuilder &step) {
  auto floatBody = [&](Value x) {
    return quantizeElement(step, x, getOutput());
  };
  buildTabulatedStep(*this, step, floatBody, [&](Value x) {
    Value centred = step.add(x, -quantization(getInput()).zeroPoint);
    return buildRescale(step, centred, rescaling(*this), getOutput(),
                        /*bound=*/32768, int16Range.min);
  });
}

OpFoldResult QuantizeOp::fold(FoldAdaptor) {
  // Equal types: a multiplier of 1 is the identity.
  return foldToOperand(*this);
}

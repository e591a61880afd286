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
  if ((!isFloat(getInput()) && !isInt8(getInput())) || !isInt8(getOutput()))
    return emitOpError("expected an operand of f32 or int8 and a result of "
                       "per-tensor int8, found ")
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
static Value quantizeElement(StepBuilder &b, Value x, TensorQuantization to) {
  auto f = [&](float value) { return b.constantF32(value); };
  Value scaled = arith::DivFOp::create(b.builder, b.loc, x,
                                       f(static_cast<float>(to.scale)));
  // Far beyond int8, so that clamping first changes nothing.
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
  return b.truncate(b.clamp(b.add(rounded, to.zeroPoint), -128, 127), b.i8());
}

void QuantizeOp::buildStep(StepBuilder &step) {
  buildTabulatedStep(*this, step, [&](Value x) {
    return quantizeElement(step, x, quantization(getOutput()));
  });
}

OpFoldResult QuantizeOp::fold(FoldAdaptor) {
  // Equal types: the table of multiplier 1 is the identity.
  return foldToOperand(*this);
}

//===- Mul.cpp - thimble.mul ----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Mul and reference_ops::Mul.
//
//===----------------------------------------------------------------------===//

#include "Binary.h"

using namespace mlir;
using namespace thimble;

static std::optional<MultiplicationParameters> parametersOf(MulOp op) {
  return multiplicationParameters(
      quantization(op.getLhs()), quantization(op.getRhs()),
      quantization(op.getOutput()), fusedActivation(op.getActivation()),
      storageRange(op));
}

RowWindow MulOp::getRowWindow(unsigned index) {
  return binaryRowWindow(*this, index);
}

LogicalResult MulOp::verify() {
  if (failed(verifyBinary(*this)))
    return failure();
  if (!isFloat(getLhs()) && !parametersOf(*this))
    return emitOpError("expected scales whose ratios fixed point can hold, "
                       "found ")
           << getLhs().getType() << ", " << getRhs().getType() << " and "
           << getOutput().getType();
  return success();
}

StepSpec MulOp::getStepSpec(const TargetInfo &) { return binarySpec(*this); }

static Value buildIntegerProduct(MulOp op, StepBuilder &b, Value x, Value y) {
  MultiplicationParameters p = *parametersOf(op);
  int64_t largest = isInt16(op.getLhs()) ? 32768 : 255;
  int64_t bound = largest * largest;
  Value product = b.mul(b.add(loadOperand(op, b, x), -p.zeroPoint1),
                        b.add(loadOperand(op, b, y), -p.zeroPoint2));
  Value result =
      buildRequantize(b, product, p.outputMultiplier, p.outputZeroPoint, bound);
  return toResult(op, b, b.clamp(result, p.range.min, p.range.max));
}

void MulOp::buildStep(StepBuilder &step) {
  buildBinaryStep(*this, step, [&](Value x, Value y) {
    if (!isFloat(getLhs()))
      return buildIntegerProduct(*this, step, x, y);
    auto [low, high] = activationRange(getActivation());
    Value result = arith::MulFOp::create(step.builder, step.loc,
                                         step.loadF32(x), step.loadF32(y));
    return buildFloatClamp(step, result, low, high);
  });
}

ChannelRanges MulOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  MultiplicationParameters p = *parametersOf(*this);
  return binaryRanges(*this, operands, [&](ChannelRange x, ChannelRange y) {
    // A product is least and greatest at corners of the box.
    auto [low, high] =
        std::minmax({(x.min - p.zeroPoint1) * (y.min - p.zeroPoint2),
                     (x.min - p.zeroPoint1) * (y.max - p.zeroPoint2),
                     (x.max - p.zeroPoint1) * (y.min - p.zeroPoint2),
                     (x.max - p.zeroPoint1) * (y.max - p.zeroPoint2)});
    return requantizedRange(low, high, p.outputMultiplier, p.outputZeroPoint,
                            p.range);
  });
}

//===- Dequantize.cpp - thimble.dequantize --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Dequantize: scale * (x - zero point), one
// rounding.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"

using namespace mlir;
using namespace thimble;

RowWindow DequantizeOp::getRowWindow(unsigned) { return {}; }

LogicalResult DequantizeOp::verify() {
  if (tensorType(getInput()).getShape() != tensorType(getOutput()).getShape() ||
      tensorType(getInput()).getNumElements() == 0)
    return emitOpError("expected a result of the operand's shape, found ")
           << getInput().getType() << " and " << getOutput().getType();
  if (!isQuantized(getInput()) || !isFloat(getOutput()))
    return emitOpError("expected an operand of per-tensor int8 or int16 and a "
                       "result of f32, found ")
           << getInput().getType() << " and " << getOutput().getType();
  return success();
}

StepSpec DequantizeOp::getStepSpec(const TargetInfo &) {
  return elementwiseSpec(*this);
}

void DequantizeOp::buildStep(StepBuilder &step) {
  TensorQuantization from = quantization(getInput());
  int64_t bytes = elementBytes(tensorType(getInput()));
  buildElementwiseStep(step, bytes, 4, [&](Value address) {
    Value centred =
        step.add(loadInteger(step, getInput(), address), -from.zeroPoint);
    Value real =
        arith::SIToFPOp::create(step.builder, step.loc, step.f32(), centred);
    return arith::MulFOp::create(
               step.builder, step.loc, real,
               step.constantF32(static_cast<float>(from.scale)))
        .getResult();
  });
}

//===- Add.cpp - thimble.add ----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Add and reference_ops::Add.
//
//===----------------------------------------------------------------------===//

#include "Binary.h"

using namespace mlir;
using namespace thimble;

RowWindow AddOp::getRowWindow(unsigned index) {
  return binaryRowWindow(*this, index);
}

LogicalResult AddOp::verify() {
  if (failed(verifyBinary(*this)))
    return failure();
  if (isInt8(getLhs()) && !sumParameters(*this))
    return emitOpError("expected scales whose ratios fixed point can hold, "
                       "found ")
           << getLhs().getType() << ", " << getRhs().getType() << " and "
           << getOutput().getType();
  return success();
}

StepSpec AddOp::getStepSpec(const TargetInfo &) { return binarySpec(*this); }

void AddOp::buildStep(StepBuilder &step) {
  buildBinaryStep(*this, step, [&](Value x, Value y) {
    if (isInt8(getLhs()))
      return buildInt8Sum(step, x, y, *sumParameters(*this),
                          /*subtract=*/false);
    auto [low, high] = activationRange(getActivation());
    Value result = arith::AddFOp::create(step.builder, step.loc,
                                         step.loadF32(x), step.loadF32(y));
    return buildFloatClamp(step, result, low, high);
  });
}

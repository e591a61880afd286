//===- Sub.cpp - thimble.sub ----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops::Sub and reference_ops::Sub.
//
//===----------------------------------------------------------------------===//

#include "Binary.h"

using namespace mlir;
using namespace thimble;

RowWindow SubOp::getRowWindow(unsigned index) {
  return binaryRowWindow(*this, index);
}

LogicalResult SubOp::verify() {
  if (failed(verifyBinary(*this)))
    return failure();
  if (isInt8(getLhs()) && !sumParameters(*this))
    return emitOpError("expected scales whose ratios fixed point can hold, "
                       "found ")
           << getLhs().getType() << ", " << getRhs().getType() << " and "
           << getOutput().getType();
  return success();
}

StepSpec SubOp::getStepSpec(const TargetInfo &) { return binarySpec(*this); }

void SubOp::buildStep(StepBuilder &step) {
  buildBinaryStep(*this, step, [&](Value x, Value y) {
    if (isInt8(getLhs()))
      return buildInt8Sum(step, x, y, *sumParameters(*this),
                          /*subtract=*/true);
    auto [low, high] = activationRange(getActivation());
    Value result = arith::SubFOp::create(step.builder, step.loc,
                                         step.loadF32(x), step.loadF32(y));
    return buildFloatClamp(step, result, low, high);
  });
}

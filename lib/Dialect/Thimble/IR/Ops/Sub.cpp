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

LogicalResult SubOp::verify() { return verifySum(*this); }

StepSpec SubOp::getStepSpec(const TargetInfo &) { return binarySpec(*this); }

void SubOp::buildStep(StepBuilder &step) {
  buildSumStep(*this, step, /*subtract=*/true);
}

ChannelRanges SubOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return sumRanges(*this, operands, /*subtract=*/true);
}

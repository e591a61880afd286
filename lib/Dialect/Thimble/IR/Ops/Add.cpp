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

LogicalResult AddOp::verify() { return verifySum(*this); }

StepSpec AddOp::getStepSpec(const TargetInfo &) { return binarySpec(*this); }

void AddOp::buildStep(StepBuilder &step) {
  buildSumStep(*this, step, /*subtract=*/false);
}

ChannelRanges AddOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return sumRanges(*this, operands, /*subtract=*/false);
}

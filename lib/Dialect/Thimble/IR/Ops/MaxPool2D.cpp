//===- MaxPool2D.cpp - thimble.max_pool_2d --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops and reference_ops MaxPool.
//
//===----------------------------------------------------------------------===//

#include "Pool.h"

using namespace mlir;
using namespace thimble;

RowWindow MaxPool2DOp::getRowWindow(unsigned) {
  return poolGeometry(*this).rows();
}

LogicalResult MaxPool2DOp::verify() { return verifyPool(*this); }

StepSpec MaxPool2DOp::getStepSpec(const TargetInfo &) {
  return poolSpec(*this, PoolKind::Maximum);
}

void MaxPool2DOp::buildStep(StepBuilder &step) {
  makePoolNest(*this, PoolKind::Maximum).build(step);
}

ChannelRanges
MaxPool2DOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return poolRanges(*this, operands[0]);
}

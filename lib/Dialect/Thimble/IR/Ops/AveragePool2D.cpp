//===- AveragePool2D.cpp - thimble.average_pool_2d ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops and reference_ops AveragePool.
//
//===----------------------------------------------------------------------===//

#include "Pool.h"

using namespace mlir;
using namespace thimble;

RowWindow AveragePool2DOp::getRowWindow(unsigned) {
  return poolGeometry(*this).rows();
}

LogicalResult AveragePool2DOp::verify() { return verifyPool(*this); }

StepSpec AveragePool2DOp::getStepSpec(const TargetInfo &) {
  return poolSpec(*this, PoolKind::Average);
}

void AveragePool2DOp::buildStep(StepBuilder &step) {
  makePoolNest(*this, PoolKind::Average).build(step);
}

ChannelRanges
AveragePool2DOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  return poolRanges(*this, operands[0]);
}

int64_t AveragePool2DOp::getSumBytes(const TargetInfo &) {
  return makePoolNest(*this, PoolKind::Average).sumBytes();
}

void AveragePool2DOp::buildAbsorb(StepBuilder &step) {
  makePoolNest(*this, PoolKind::Average).buildAbsorb(step);
}

void AveragePool2DOp::buildAbsorbed(StepBuilder &step) {
  makePoolNest(*this, PoolKind::Average).buildAbsorbed(step);
}

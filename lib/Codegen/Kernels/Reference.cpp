//===- Reference.cpp - Lowers the body of a kernel itself -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fallback of every kernel and the oracle of every other one: the op's own
// reference semantics.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "thimble/LoopNest/StepBuilder.h"

using namespace mlir;
using namespace thimble;

namespace {
class ReferenceKernel : public Kernel {
public:
  StringRef getName() const override { return "reference"; }

  bool matches(KernelOp op, const TargetInfo &) const override {
    return isa<ReferenceSemantics>(op.getRoot());
  }

  int64_t cost(KernelOp op, const TargetInfo &) const override {
    auto costs = dyn_cast<CostOp>(op.getRoot());
    return costs ? costs.getMacs() : 0;
  }

  StepSpec describe(KernelOp op, const TargetInfo &target) const override {
    return cast<ReferenceSemantics>(op.getRoot()).getStepSpec(target);
  }

  void buildStep(KernelOp op, StepBuilder &step) const override {
    cast<ReferenceSemantics>(op.getRoot()).buildStep(step);
  }
};
} // namespace

std::unique_ptr<Kernel> thimble::createReferenceKernel() {
  return std::make_unique<ReferenceKernel>();
}

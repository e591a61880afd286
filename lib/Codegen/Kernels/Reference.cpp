//===- Reference.cpp - Lowers the body of a kernel itself -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fallback of every kernel and the oracle of every other one: the op's own
// reference semantics.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/NestCost.h"
#include "thimble/LoopNest/StepBuilder.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

/// Of the layer's function and its first step.
static constexpr int64_t callCycles = 60;

namespace {
class ReferenceKernel : public Kernel {
public:
  StringRef getName() const override { return "reference"; }

  bool matches(KernelOp op, const TargetInfo &) const override {
    // It reads weights as numbers: encoded ones must be decoded in the body.
    auto weighted = dyn_cast<WeightedOp>(op.getRoot());
    return isa<ReferenceSemantics>(op.getRoot()) &&
           !(weighted &&
             encodingOf(tensorType(weighted.getWeightOperand().get())));
  }

  int64_t cost(KernelOp op, const TargetInfo &target) const override {
    StepSpec spec = describe(op, target);
    if (spec.stepCycles > 0)
      return std::llround(spec.stepCycles * double(spec.steps)) + callCycles;
    double read = 0;
    for (const RowOperand &operand : spec.operands)
      read += double(operand.rowBytes *
                     (operand.window.whole ? operand.height * operand.images
                                           : operand.window.rows * spec.steps));
    auto written = double(spec.outputRowBytes * spec.steps);
    if (spec.isCopy)
      return std::llround(written) + callCycles;
    double bytes = elementBytes(tensorType(op.getResult(0)));
    return std::llround(
               estimateElementCycles(read / bytes, written / bytes, target)) +
           callCycles;
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

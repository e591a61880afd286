//===- SelectKernels.cpp - Chooses the cheapest kernel of each layer ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cost decides; among equals the kernel registered first.
//
//===----------------------------------------------------------------------===//

#include "thimble/Codegen/Kernel.h"
#include "thimble/Codegen/Passes.h"
#include "thimble/LoopNest/StepBuilder.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_SELECTKERNELSPASS
#include "thimble/Codegen/Passes.h.inc"
} // namespace thimble

using namespace thimble;

namespace {
struct SelectKernelsPass
    : public thimble::impl::SelectKernelsPassBase<SelectKernelsPass> {
  void runOnOperation() override {
    FailureOr<TargetInfo> target = TargetInfo::get(getOperation());
    if (failed(target))
      return signalPassFailure();
    WalkResult result = getOperation().walk([&](KernelOp op) {
      return failed(select(op, *target)) ? WalkResult::interrupt()
                                         : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

private:
  LogicalResult select(KernelOp op, const TargetInfo &target) {
    const Kernel *best = nullptr;
    int64_t bestCost = 0;
    for (const std::unique_ptr<Kernel> &kernel : registeredKernels()) {
      if (!kernel->matches(op, target))
        continue;
      int64_t cost = kernel->cost(op, target);
      if (!best || cost < bestCost) {
        best = kernel.get();
        bestCost = cost;
      }
    }
    if (!best)
      return op.emitError("no kernel computes the body of this layer");
    StepSpec spec = best->describe(op, target);
    Builder builder(op.getContext());
    op.setKernel(best->getName());
    op.setScratchBytes(layOutScratch(spec, target).bytes);
    op.setCopy(spec.isCopy);
    SmallVector<int64_t> overwrites(spec.overwrites.begin(),
                                    spec.overwrites.end());
    if (!overwrites.empty())
      op.setOverwrites(overwrites);
    return success();
  }
};
} // namespace

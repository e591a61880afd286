//===- SelectKernels.cpp - Chooses the cheapest kernel of each layer ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cost decides; among equals the kernel registered first.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Remarks.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/Codegen/Passes.h"
#include "thimble/LoopNest/StepBuilder.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_SELECTKERNELSPASS
#include "thimble/Codegen/Passes.h.inc"
} // namespace thimble

using namespace thimble;

void thimble::setKernel(KernelOp op, const Kernel &kernel,
                        const TargetInfo &target) {
  StepSpec spec = kernel.describe(op, target);
  op.setKernel(kernel.getName());
  std::optional<WeightDecoding> decoding = findWeightDecoding(op);
  op.setScratchBytes(layOutScratch(spec, decoding, target).bytes);
  op.setCopy(spec.isCopy);
  // The op counts its operands, the kernel its distinct inputs.
  SmallVector<int64_t> overwrites;
  for (unsigned operand : spec.overwrites) {
    auto input = dyn_cast<BlockArgument>(op.getRoot()->getOperand(operand));
    if (input && !llvm::is_contained(overwrites, input.getArgNumber()))
      overwrites.push_back(input.getArgNumber());
  }
  op.removeOverwritesAttr();
  op.removeRowStepAttr();
  if (RowStepAttr step = rowStepOf(op, kernel, target))
    op.setRowStepAttr(step);
  // Later tiles of channels still read the inputs, and so does the delay.
  if (op.getDelay() ||
      (decoding && decoding->encoding.getChunkCount(decoding->type) > 1))
    return;
  if (!overwrites.empty())
    op.setOverwrites(overwrites);
}

namespace {
/// A registered kernel and what it costs, if it computes the layer.
struct Candidate {
  const Kernel *kernel = nullptr;
  std::optional<int64_t> cost;
};
} // namespace

/// Why `best` was chosen, in words.
static std::string describe(KernelOp op, const Kernel &best,
                            ArrayRef<Candidate> candidates) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "'" << op.getId() << "' is computed by '" << best.getName() << "'";
  for (const Candidate &candidate : candidates)
    if (candidate.kernel == &best)
      stream << " at a cost of " << *candidate.cost;
  if (candidates.size() == 1)
    stream << ", the only kernel there is";
  for (const Candidate &candidate : candidates) {
    if (candidate.kernel == &best)
      continue;
    stream << "; '" << candidate.kernel->getName() << "' ";
    if (candidate.cost)
      stream << "costs " << *candidate.cost;
    else
      stream << "does not compute it";
  }
  return text;
}

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
    SmallVector<Candidate> candidates;
    for (const std::unique_ptr<Kernel> &kernel : registeredKernels()) {
      Candidate &candidate = candidates.emplace_back();
      candidate.kernel = kernel.get();
      if (!kernel->matches(op, target))
        continue;
      int64_t cost = kernel->cost(op, target);
      candidate.cost = cost;
      if (!best || cost < bestCost) {
        best = kernel.get();
        bestCost = cost;
      }
    }
    if (!best)
      return op.emitError("no kernel computes the body of this layer");
    setKernel(op, *best, target);
    auto options = remark::RemarkOpts::name("Selected").category("kernel");
    remark::passed(op.getLoc(), options) << remark::detail::LazyTextBuild{
        "Remark", [&] { return describe(op, *best, candidates); }};
    return success();
  }
};
} // namespace

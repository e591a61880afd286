//===- BlockSparse.cpp - Skips blocks of zeros ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and matrix products whose weights are stored without their
// blocks of zeros, and are not expanded: the body's weight operand is encoded.
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "thimble/Dialect/Thimble/IR/Contraction.h"
#include "thimble/Dialect/Thimble/IR/SparseScheme.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/SparseMacNest.h"

#include <cmath>

using namespace mlir;
using namespace thimble;

/// Of the layer's function and its first step.
static constexpr int64_t callCycles = 60;

static std::optional<SparseBlocks> sparseBlocks(ArrayRef<Attribute> stack) {
  if (stack.size() != 1)
    return std::nullopt;
  auto scheme = dyn_cast<SparseSchemeInterface>(stack.front());
  return scheme ? std::optional(scheme.getSparseBlocks()) : std::nullopt;
}

/// The blocks that the layer's weights are stored without.
static std::optional<SparseBlocks> sparseBlocks(KernelOp op) {
  auto weighted = dyn_cast<WeightedOp>(op.getRoot());
  if (!weighted)
    return std::nullopt;
  EncodingAttr encoding =
      encodingOf(tensorType(weighted.getWeightOperand().get()));
  return encoding ? sparseBlocks(encoding.getStack()) : std::nullopt;
}

static SparseMacNest makeNest(KernelOp op, const TargetInfo &target) {
  Contraction c = *contractionOf(op.getRoot());
  return SparseMacNest(c.geometry, std::move(c.requantizer), c.weights,
                       *sparseBlocks(op), c.paddingByte, target);
}

namespace {
class BlockSparseKernel : public Kernel {
public:
  StringRef getName() const override { return "block_sparse"; }

  bool matches(KernelOp op, const TargetInfo &) const override {
    return sparseBlocks(op) && contractionOf(op.getRoot()) &&
           !isInt16(op.getRoot()->getOperand(0));
  }

  bool mayRead(ArrayRef<Attribute> stack) const override {
    return sparseBlocks(stack).has_value();
  }

  int64_t cost(KernelOp op, const TargetInfo &target) const override {
    StepSpec spec = describe(op, target);
    return std::llround(spec.stepCycles * double(spec.steps)) + callCycles;
  }

  StepSpec describe(KernelOp op, const TargetInfo &target) const override {
    StepSpec spec;
    makeNest(op, target).describe(spec);
    addContractionRows(op.getRoot(), spec);
    return spec;
  }

  void buildStep(KernelOp op, StepBuilder &step) const override {
    StepSpec ignored;
    SparseMacNest nest = makeNest(op, step.target);
    nest.describe(ignored);
    nest.build(step);
  }
};
} // namespace

std::unique_ptr<Kernel> thimble::createBlockSparseKernel() {
  return std::make_unique<BlockSparseKernel>();
}

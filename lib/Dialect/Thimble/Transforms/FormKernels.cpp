//===- FormKernels.cpp - Wraps every graph op in a kernel -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step from GRAPH to KERNEL.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FORMKERNELSPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// The distinct operands of an op, in order.
static SmallVector<Value> distinctOperands(Operation *op) {
  SmallVector<Value> values;
  for (Value operand : op->getOperands())
    if (!llvm::is_contained(values, operand))
      values.push_back(operand);
  return values;
}

static void wrap(Operation *op) {
  OpBuilder builder(op);
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  SmallVector<Value> inputs = distinctOperands(op);
  auto kernel = KernelOp::create(builder, op->getLoc(), op->getResultTypes(),
                                 id, inputs, /*kernel=*/nullptr,
                                 /*scratch_bytes=*/nullptr,
                                 /*overwrites=*/nullptr, /*copy=*/nullptr,
                                 /*descending=*/nullptr, /*row_step=*/nullptr,
                                 /*scratch=*/nullptr, /*kept=*/nullptr,
                                 /*placements=*/nullptr);
  Block *body = builder.createBlock(&kernel.getBody());
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body->addArgument(input.getType(), input.getLoc()));
  Operation *clone = builder.clone(*op, mapping);
  YieldOp::create(builder, op->getLoc(), clone->getResults());
  op->replaceAllUsesWith(kernel);
  op->erase();
}

namespace {
struct FormKernelsPass
    : public thimble::impl::FormKernelsPassBase<FormKernelsPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    WalkResult result = getOperation().walk([&](ReferenceSemantics op) {
      if (isa<KernelOp>(op->getParentOp()))
        return WalkResult::advance();
      if (!op->getAttrOfType<StringAttr>(idAttrName)) {
        op->emitError("expected the attribute '") << idAttrName << "'";
        return WalkResult::interrupt();
      }
      ops.push_back(op);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    for (Operation *op : ops)
      wrap(op);
  }
};
} // namespace

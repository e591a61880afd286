//===- FormKernels.cpp - Wraps every graph op in a kernel -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step from GRAPH to KERNEL.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FORMKERNELSPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// The only op that reads a delay, if it reads it by pointers to rows: then
/// rows need not be copied to where they are one behind the other.
static Operation *windowReader(DelayOp delay) {
  if (!delay->hasOneUse())
    return nullptr;
  OpOperand &use = *delay->getUses().begin();
  auto windowed = dyn_cast<WindowedOp>(use.getOwner());
  if (!windowed || use.getOperandNumber() != 0)
    return nullptr;
  RowWindow window = windowed.getRowWindow(0);
  bool isOnly = llvm::all_of(
      llvm::drop_begin(windowed->getOperands()),
      [](Value operand) { return constantOf(operand) != ConstantOp(); });
  return isOnly && !window.whole && window.rows > 1 ? windowed.getOperation()
                                                    : nullptr;
}

/// The delay that is computed in the kernel of `op`, or null.
static DelayOp delayOf(Operation *op) {
  auto delay = op->getNumOperands() > 0
                   ? op->getOperand(0).getDefiningOp<DelayOp>()
                   : DelayOp();
  return delay && windowReader(delay) == op ? delay : DelayOp();
}

/// The distinct operands of an op, in order.
static SmallVector<Value> distinctOperands(Operation *op, DelayOp delay) {
  SmallVector<Value> values;
  for (Value operand : op->getOperands()) {
    if (delay && operand == delay.getOutput())
      operand = delay.getInput();
    if (!llvm::is_contained(values, operand))
      values.push_back(operand);
  }
  return values;
}

static void wrap(Operation *op) {
  if (auto delay = dyn_cast<DelayOp>(op); delay && windowReader(delay))
    return;
  OpBuilder builder(op);
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  DelayOp delay = delayOf(op);
  SmallVector<Value> inputs = distinctOperands(op, delay);
  auto kernel = KernelOp::create(builder, op->getLoc(), op->getResultTypes(),
                                 id, inputs, /*kernel=*/nullptr,
                                 /*scratch_bytes=*/nullptr,
                                 /*overwrites=*/nullptr, /*copy=*/nullptr,
                                 /*descending=*/nullptr, /*row_step=*/nullptr,
                                 /*scratch=*/nullptr, /*kept=*/nullptr,
                                 /*state=*/nullptr, /*placements=*/nullptr);
  Block *body = builder.createBlock(&kernel.getBody());
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body->addArgument(input.getType(), input.getLoc()));
  if (delay)
    builder.clone(*delay, mapping);
  Operation *clone = builder.clone(*op, mapping);
  YieldOp::create(builder, op->getLoc(), clone->getResults());
  op->replaceAllUsesWith(kernel);
  op->erase();
  if (delay)
    delay->erase();
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

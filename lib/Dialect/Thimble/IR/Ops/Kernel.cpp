//===- Kernel.cpp - thimble.kernel ----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The unit of kernel selection, memory planning and code emission.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

Operation *KernelOp::getRoot() {
  Operation *yield = getBody().front().getTerminator();
  return yield->getOperand(0).getDefiningOp();
}

DelayOp KernelOp::getDelay() {
  Operation *root = getRoot();
  if (auto delay = dyn_cast<DelayOp>(root))
    return delay;
  return root->getNumOperands() == 0
             ? DelayOp()
             : root->getOperand(0).getDefiningOp<DelayOp>();
}

int64_t KernelOp::getStepCount() {
  if (!getRowStep())
    return 1;
  bool absorbs = getRowStep()->getAbsorbs();
  return rowCount(
      tensorType(absorbs ? getRoot()->getOperand(0) : getResult(0)));
}

/// Only a stream runs a kernel row by row.
static LogicalResult verifyLines(KernelOp op) {
  bool isStreamed = isa<StreamOp>(op->getParentOp());
  if (op.getKept() && !isStreamed)
    return op.emitOpError("expected no kept bytes outside of a stream");
  ArrayAttr placements = op.getPlacementsAttr();
  if (!placements)
    return success();
  for (Attribute placement : placements)
    if (!isStreamed && !cast<PlacementAttr>(placement).isWhole())
      return op.emitOpError("expected a whole tensor outside of a stream, "
                            "found ")
             << placement;
  return success();
}

LogicalResult KernelOp::verify() {
  Block &body = getBody().front();
  if (body.empty() || !isa<YieldOp>(body.back()))
    return emitOpError("expected a body that ends in thimble.yield");
  if (body.getArgumentTypes() != getInputs().getTypes())
    return emitOpError("expected one body argument per input, of its type");
  auto yield = cast<YieldOp>(body.back());
  if (yield.getValues().getTypes() != getResults().getTypes())
    return yield.emitOpError("expected the types of the kernel's results");
  if (getNumResults() == 0 || !getRoot())
    return emitOpError("expected a result that an op in the body computes");
  if (getPlacements() && getPlacements()->size() != getNumResults())
    return emitOpError("expected one placement per result, found ")
           << getPlacements()->size() << " for " << getNumResults();
  return verifyLines(*this);
}

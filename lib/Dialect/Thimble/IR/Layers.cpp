//===- Layers.cpp - The layers of a planned model -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stream's results are those of kernels in it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/Layers.h"

using namespace mlir;
using namespace thimble;

SmallVector<KernelOp> thimble::kernelsOf(func::FuncOp model) {
  SmallVector<KernelOp> kernels;
  for (Operation &op : model.getOps()) {
    if (auto kernel = dyn_cast<KernelOp>(op))
      kernels.push_back(kernel);
    else if (auto stream = dyn_cast<StreamOp>(op))
      llvm::append_range(kernels, stream.getKernels());
  }
  return kernels;
}

/// The value in a stream that one of its results is.
static Value lookThrough(Value value) {
  auto stream = value.getDefiningOp<StreamOp>();
  if (!stream)
    return value;
  Operation *yield = stream.getBody().front().getTerminator();
  return yield->getOperand(cast<OpResult>(value).getResultNumber());
}

KernelOp thimble::producerOf(Value value) {
  return lookThrough(value).getDefiningOp<KernelOp>();
}

PlacementAttr thimble::placementOf(Value value) {
  value = lookThrough(value);
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
    return function ? function.getArgAttrOfType<PlacementAttr>(
                          argument.getArgNumber(), placementAttrName)
                    : PlacementAttr();
  }
  auto kernel = value.getDefiningOp<KernelOp>();
  if (!kernel || !kernel.getPlacements())
    return {};
  return cast<PlacementAttr>(
      (*kernel.getPlacements())[cast<OpResult>(value).getResultNumber()]);
}

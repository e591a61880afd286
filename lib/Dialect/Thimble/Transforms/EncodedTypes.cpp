//===- EncodedTypes.cpp - Where a tensor may be encoded -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asks every value of a function.
//
//===----------------------------------------------------------------------===//

#include "EncodedTypes.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

static bool isEncoded(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && encodingOf(type);
}

static bool isLegalOperand(OpOperand &operand) {
  Operation *op = operand.getOwner();
  if (isa<KernelOp, DecodeOp>(op))
    return true;
  auto weighted = dyn_cast<WeightedOp>(op);
  return weighted && &weighted.getWeightOperand() == &operand;
}

LogicalResult thimble::verifyEncodedTypes(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    if (isEncoded(argument))
      return function.emitOpError("expected no encoded argument, found ")
             << argument.getType();
  WalkResult result = function.walk([](Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      if (isEncoded(operand.get()) && !isLegalOperand(operand)) {
        op->emitOpError("expected encoded tensors only as weights, operand ")
            << operand.getOperandNumber() << " is " << operand.get().getType();
        return WalkResult::interrupt();
      }
    for (Value value : op->getResults())
      if (isEncoded(value) && !isa<ConstantOp>(op)) {
        op->emitOpError("expected encoded tensors only from "
                        "thimble.constant, found ")
            << value.getType();
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

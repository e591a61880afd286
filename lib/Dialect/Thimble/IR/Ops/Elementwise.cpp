//===- Elementwise.cpp - What element-by-element ops share ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An int8 op has 256 possible results: a table replaces its arithmetic.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"

using namespace mlir;
using namespace thimble;

StepSpec thimble::elementwiseSpec(Operation *op) {
  RankedTensorType output = tensorType(op->getResult(0));
  StepSpec spec;
  spec.operands.push_back(rowOperand(op, 0, RowWindow()));
  spec.steps = rowCount(output);
  spec.outputRowBytes = rowElements(output) * elementBytes(output);
  spec.pixels = rowElements(output);
  if (elementBytes(output) == elementBytes(tensorType(op->getOperand(0))))
    spec.overwrites.push_back(0);
  return spec;
}

StepSpec thimble::tabulatedSpec(TabulatedOp op) {
  StepSpec spec = elementwiseSpec(op);
  if (isFloat(op->getOperand(0)))
    return spec;
  ConstantTable bytes{"table", {}, 1};
  for (int8_t entry : op.getTable())
    bytes.bytes.push_back(static_cast<uint8_t>(entry));
  spec.tables.push_back(std::move(bytes));
  return spec;
}

void thimble::buildTabulatedStep(TabulatedOp op, StepBuilder &step,
                                 llvm::function_ref<Value(Value x)> body) {
  if (isFloat(op->getOperand(0))) {
    int64_t outputBytes = elementBytes(tensorType(op->getResult(0)));
    return buildElementwiseStep(step, 4, outputBytes, [&](Value address) {
      return body(step.loadF32(address));
    });
  }
  Value zero = step.at(step.tables[0], 128); // the entry of input 0
  buildElementwiseStep(step, 1, 1, [&](Value address) {
    return step.load(step.i8(), step.at(zero, step.loadI8(address)));
  });
}

void thimble::buildElementwiseStep(
    StepBuilder &b, int64_t inputBytes, int64_t outputBytes,
    llvm::function_ref<Value(Value address)> body) {
  b.loop(b.constant(0), b.pixels, 1, [&](Value i) {
    Value result = body(b.at(b.operands[0], b.mul(i, inputBytes)));
    b.store(result, b.at(b.output, b.mul(i, outputBytes)));
  });
}

LogicalResult thimble::verifyUnary(Operation *op) {
  Value input = op->getOperand(0), output = op->getResult(0);
  if (tensorType(input).getShape() != tensorType(output).getShape())
    return op->emitOpError("expected a result of the operand's shape, found ")
           << input.getType() << " and " << output.getType();
  if (tensorType(input).getNumElements() == 0)
    return op->emitOpError("expected a tensor with elements, found ")
           << input.getType();
  bool integer = isInt8(input) && isInt8(output);
  if (!integer && !(isFloat(input) && isFloat(output)))
    return op->emitOpError("expected operand and result both f32 or both "
                           "per-tensor int8, found ")
           << input.getType() << " and " << output.getType();
  return success();
}

LogicalResult thimble::verifySigmoid(Operation *op) {
  if (failed(verifyUnary(op)))
    return failure();
  Value input = op->getOperand(0);
  if (isInt8(input) && !isLogisticOrTanhSupported(quantization(input).scale))
    return op->emitOpError("expected an input scale that fixed point can hold, "
                           "found ")
           << quantization(input).scale;
  return success();
}

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

StepSpec thimble::tableSpec(Operation *op, const ActivationTable &table) {
  StepSpec spec = elementwiseSpec(op);
  ConstantTable bytes{"table", {}, 1};
  for (int8_t entry : table)
    bytes.bytes.push_back(static_cast<uint8_t>(entry));
  spec.tables.push_back(std::move(bytes));
  return spec;
}

void thimble::buildTableStep(StepBuilder &b) {
  Value zero = b.at(b.tables[0], 128); // the entry of input 0
  buildElementwiseStep(b, 1, 1, [&](Value address) {
    return b.load(b.i8(), b.at(zero, b.loadI8(address)));
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

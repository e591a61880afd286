//===- Elementwise.cpp - What element-by-element ops share ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An int8 op has 256 possible results: a table replaces its arithmetic. The
// 65536 of an int16 op are computed.
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

static bool isTabulated(Operation *op) {
  return isInt8(op->getOperand(0)) && isInt8(op->getResult(0));
}

StepSpec thimble::tabulatedSpec(TabulatedOp op) {
  StepSpec spec = elementwiseSpec(op);
  if (!isTabulated(op))
    return spec;
  ConstantTable bytes{"table", {}, 1};
  for (int8_t entry : op.getTable())
    bytes.bytes.push_back(static_cast<uint8_t>(entry));
  spec.tables.push_back(std::move(bytes));
  return spec;
}

QuantizedMultiplier thimble::rescaling(Operation *op, double factor) {
  auto scale = [](Value value) -> double {
    return static_cast<float>(quantization(value).scale);
  };
  return quantizeMultiplier(scale(op->getOperand(0)) * factor /
                            scale(op->getResult(0)));
}

Value thimble::loadInteger(StepBuilder &b, Value value, Value address) {
  return isInt16(value) ? b.loadI16(address) : b.loadI8(address);
}

Value thimble::buildRescale(StepBuilder &b, Value x,
                            QuantizedMultiplier multiplier, Value output,
                            int64_t bound, int32_t low) {
  ClampRange range = isInt16(output) ? int16Range : ClampRange();
  Value scaled =
      buildRequantize(b, x, multiplier, quantization(output).zeroPoint, bound);
  return b.clamp(scaled, std::max(range.min, low), range.max);
}

void thimble::buildTabulatedStep(TabulatedOp op, StepBuilder &step,
                                 ElementBody floatBody,
                                 ElementBody integerBody) {
  Value input = op->getOperand(0), output = op->getResult(0);
  int64_t inputBytes = elementBytes(tensorType(input));
  int64_t outputBytes = elementBytes(tensorType(output));
  if (isFloat(input))
    return buildElementwiseStep(
        step, inputBytes, outputBytes,
        [&](Value address) { return floatBody(step.loadF32(address)); });
  if (!isTabulated(op))
    return buildElementwiseStep(
        step, inputBytes, outputBytes, [&](Value address) {
          Value result = integerBody(loadInteger(step, input, address));
          return step.truncate(result,
                               isInt16(output) ? step.i16() : step.i8());
        });
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
  return verifySameKind(op, input, output);
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

LogicalResult thimble::emitInt16ScaleError(Operation *op) {
  return op->emitOpError("expected an output scale of 1/32768 and an input "
                         "scale below 2.67 that fixed point can hold, found ")
         << op->getResult(0).getType() << " for "
         << op->getOperand(0).getType();
}

//===- Binary.cpp - What add, sub and mul share ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics of the sum: TFLite reference_integer_ops::Add with left_shift 20,
// for int16 reference_ops::Add with left_shift 15.
//
//===----------------------------------------------------------------------===//

#include "Binary.h"
#include "thimble/LoopNest/StridedNest.h"
#include "thimble/Support/QuantizedElements.h"

using namespace mlir;
using namespace thimble;

static bool hasOutputShape(Operation *op, unsigned index) {
  return tensorType(op->getOperand(index)).getShape() ==
         tensorType(op->getResult(0)).getShape();
}

/// An activation of the result's shape.
static bool hasRows(Operation *op, unsigned index) {
  return hasOutputShape(op, index) && !constantValue(op->getOperand(index));
}

/// A constant whose elements are the same for all rows of the result.
static bool isForAllRows(Operation *op, unsigned index) {
  RankedTensorType output = tensorType(op->getResult(0));
  RankedTensorType operand = tensorType(op->getOperand(index));
  int64_t missing = output.getRank() - operand.getRank();
  ArrayRef<int64_t> counting = operand.getShape().take_front(
      std::max<int64_t>(rowRank(output) - missing, 0));
  return constantValue(op->getOperand(index)) &&
         llvm::all_of(counting, [](int64_t size) { return size == 1; });
}

/// Rows follow from rows, and several of them can be computed as a long one.
static bool isJoined(Operation *op) { return hasRows(op, 0) && hasRows(op, 1); }

/// Rows follow from rows.
static bool isRowWise(Operation *op) {
  return isJoined(op) || (hasRows(op, 0) && isForAllRows(op, 1)) ||
         (isForAllRows(op, 0) && hasRows(op, 1));
}

RowWindow thimble::binaryRowWindow(Operation *op, unsigned) {
  RowWindow window;
  window.whole = !isRowWise(op);
  return window;
}

StepSpec thimble::binarySpec(Operation *op) {
  RankedTensorType output = tensorType(op->getResult(0));
  StepSpec spec;
  for (unsigned i = 0; i < 2; ++i) {
    Value operand = op->getOperand(i);
    if (constantValue(operand)) {
      spec.tables.push_back({i == 0 ? "lhs" : "rhs", constantBytes(operand),
                             unsigned(elementBytes(output))});
      continue;
    }
    spec.operands.push_back(rowOperand(op, i, binaryRowWindow(op, i)));
    if (hasOutputShape(op, i))
      spec.overwrites.push_back(i);
  }
  if (!isRowWise(op))
    return spec;
  spec.steps = rowCount(output);
  spec.outputRowBytes = rowElements(output) * elementBytes(output);
  if (isJoined(op))
    spec.pixels = rowElements(output);
  return spec;
}

/// Strides of an operand in the result's index space, 0 where it is broadcast.
static SmallVector<int64_t> broadcastStrides(RankedTensorType operand,
                                             RankedTensorType output) {
  SmallVector<int64_t> own =
      rowMajorStrides(operand.getShape(), elementBytes(operand));
  SmallVector<int64_t> strides(output.getRank(), 0);
  int64_t missing = output.getRank() - operand.getRank();
  for (int64_t d = 0; d < operand.getRank(); ++d)
    if (operand.getDimSize(d) != 1)
      strides[missing + d] = own[d];
  return strides;
}

void thimble::buildBinaryStep(Operation *op, StepBuilder &b,
                              llvm::function_ref<Value(Value, Value)> body) {
  RankedTensorType output = tensorType(op->getResult(0));
  if (isJoined(op)) {
    int64_t bytes = elementBytes(output);
    b.loop(b.constant(0), b.pixels, 1, [&](Value i) {
      Value offset = b.mul(i, bytes);
      b.store(body(b.at(b.operands[0], offset), b.at(b.operands[1], offset)),
              b.at(b.output, offset));
    });
    return;
  }
  // A step computes a row or all of the result.
  int64_t first = isRowWise(op) ? rowRank(output) : 0;
  auto addOperand = [&](SmallVectorImpl<StridedOperand> &operands, Value base,
                        ArrayRef<int64_t> strides) {
    operands.push_back(
        {base, 0, SmallVector<int64_t>(strides.drop_front(first))});
  };
  SmallVector<StridedOperand> operands;
  unsigned nextOperand = 0, nextTable = 0;
  for (Value operand : op->getOperands())
    addOperand(operands,
               constantValue(operand) ? b.tables[nextTable++]
                                      : b.operands[nextOperand++],
               broadcastStrides(tensorType(operand), output));
  addOperand(operands, b.output,
             rowMajorStrides(output.getShape(), elementBytes(output)));
  buildStridedLoops(b, output.getShape().drop_front(first), operands,
                    [&](ArrayRef<Value> addresses) {
                      b.store(body(addresses[0], addresses[1]), addresses[2]);
                    });
}

static std::optional<AdditionParameters> sumParameters(Operation *op) {
  return additionParameters(
      quantization(op->getOperand(0)), quantization(op->getOperand(1)),
      quantization(op->getResult(0)),
      fusedActivation(cast<ActivatedOp>(op).getActivation()), storageRange(op));
}

ClampRange thimble::storageRange(Operation *op) {
  return isInt16(op->getResult(0)) ? int16Range : ClampRange();
}

Value thimble::loadOperand(Operation *op, StepBuilder &b, Value address) {
  return isInt16(op->getResult(0)) ? b.loadI16(address) : b.loadI8(address);
}

Value thimble::toResult(Operation *op, StepBuilder &b, Value value) {
  return b.truncate(value, isInt16(op->getResult(0)) ? b.i16() : b.i8());
}

/// x + y or x - y of integers as TFLite's ADD and SUB compute it.
static Value buildIntegerSum(Operation *op, StepBuilder &b, Value x, Value y,
                             bool subtract) {
  AdditionParameters p = *sumParameters(op);
  int shift = p.leftShift;
  int64_t bound = int64_t(isInt16(op->getResult(0)) ? 32768 : 255) << shift;
  auto scale = [&](Value address, int32_t zeroPoint, QuantizedMultiplier m) {
    Value centred =
        b.shl(b.add(loadOperand(op, b, address), -zeroPoint), shift);
    return buildRequantize(b, centred, m, 0, bound);
  };
  Value v1 = scale(x, p.zeroPoint1, p.multiplier1);
  Value v2 = scale(y, p.zeroPoint2, p.multiplier2);
  Value sum = subtract ? b.sub(v1, v2) : b.add(v1, v2);
  Value result =
      buildRequantize(b, sum, p.outputMultiplier, p.outputZeroPoint, 2 * bound);
  return toResult(op, b, b.clamp(result, p.range.min, p.range.max));
}

void thimble::buildSumStep(Operation *op, StepBuilder &step, bool subtract) {
  buildBinaryStep(op, step, [&](Value x, Value y) {
    if (!isFloat(op->getOperand(0)))
      return buildIntegerSum(op, step, x, y, subtract);
    auto [low, high] = activationRange(cast<ActivatedOp>(op).getActivation());
    Value a = step.loadF32(x), b = step.loadF32(y);
    Value result;
    if (subtract)
      result = arith::SubFOp::create(step.builder, step.loc, a, b);
    else
      result = arith::AddFOp::create(step.builder, step.loc, a, b);
    return buildFloatClamp(step, result, low, high);
  });
}

ChannelRanges thimble::binaryRanges(
    Operation *op, ArrayRef<ChannelRanges> operands,
    llvm::function_ref<ChannelRange(ChannelRange, ChannelRange)> range) {
  ChannelRanges result;
  int64_t count = lastDimension(tensorType(op->getResult(0)));
  auto at = [](const ChannelRanges &ranges, int64_t channel) {
    return ranges[ranges.size() == 1 ? 0 : channel];
  };
  for (int64_t c = 0; c < count; ++c)
    result.push_back(range(at(operands[0], c), at(operands[1], c)));
  return result;
}

ChannelRanges thimble::sumRanges(Operation *op,
                                 ArrayRef<ChannelRanges> operands,
                                 bool subtract) {
  AdditionParameters parameters = *sumParameters(op);
  auto sum = [&](int32_t x, int32_t y) -> int32_t {
    return subtract ? subtractInt8(parameters, int8_t(x), int8_t(y))
                    : addInt8(parameters, int8_t(x), int8_t(y));
  };
  // All multipliers are positive and below 1: monotone in each operand.
  return binaryRanges(op, operands, [&](ChannelRange x, ChannelRange y) {
    if (subtract)
      std::swap(y.min, y.max);
    return ChannelRange{sum(x.min, y.min), sum(x.max, y.max)};
  });
}

LogicalResult thimble::verifySum(Operation *op) {
  if (failed(verifyBinary(op)))
    return failure();
  if (!isFloat(op->getOperand(0)) && !sumParameters(op))
    return op->emitOpError("expected scales whose ratios fixed point can hold, "
                           "found ")
           << op->getOperand(0).getType() << ", " << op->getOperand(1).getType()
           << " and " << op->getResult(0).getType();
  return success();
}

LogicalResult thimble::verifyBinary(Operation *op) {
  RankedTensorType output = tensorType(op->getResult(0));
  Value first = op->getOperand(0);
  if (output.getNumElements() == 0)
    return op->emitOpError("expected a tensor with elements, found ") << output;
  for (Value value :
       {op->getOperand(0), op->getOperand(1), Value(op->getResult(0))})
    if (!areSameKind(first, value))
      return op->emitOpError("expected tensors all f32, all per-tensor int8 or "
                             "all per-tensor int16 with zero point 0, found ")
             << first.getType() << " and " << value.getType();
  SmallVector<int64_t> shape(output.getRank(), 1);
  for (Value value : op->getOperands()) {
    RankedTensorType type = tensorType(value);
    int64_t missing = output.getRank() - type.getRank();
    for (int64_t d = 0; d < type.getRank() && missing >= 0; ++d) {
      int64_t size = type.getDimSize(d);
      if (size != 1 && size != output.getDimSize(missing + d))
        missing = -1;
      else
        shape[missing + d] = std::max(shape[missing + d], size);
    }
    if (missing < 0)
      return op->emitOpError("expected a shape that broadcasts to ")
             << output << ", found " << type;
  }
  if (ArrayRef<int64_t>(shape) != output.getShape())
    return op->emitOpError("expected a result of shape [")
           << ArrayRef<int64_t>(shape) << "], found " << output;
  return success();
}

//===- ActivationTypes.cpp - Quantized types of activations ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A set of values that must have one type is a class; a class has one range.
//
//===----------------------------------------------------------------------===//

#include "ActivationTypes.h"
#include "mlir/IR/Builders.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

TensorQuantization thimble::chooseQuantization(double low, double high) {
  low = std::min(low, 0.0);
  high = std::max(high, 0.0);
  TensorQuantization result;
  result.scale = static_cast<float>((high - low) / 255);
  // Always 0, or too near to it to be told apart: any scale will do.
  if (!(result.scale >= std::numeric_limits<float>::min()))
    result.scale = 1.0 / 255;
  double zeroPoint = std::round(-128 - low / result.scale);
  result.zeroPoint =
      static_cast<int32_t>(std::clamp<double>(zeroPoint, -128, 127));
  return result;
}

TensorQuantization thimble::chooseInt16Quantization(double low, double high) {
  TensorQuantization result;
  result.scale = static_cast<float>(std::max(-low, high) / 32767);
  // As above.
  if (!(result.scale >= std::numeric_limits<float>::min()))
    result.scale = 1.0 / 32767;
  return result;
}

/// True for a constant that is neither weight nor bias of its user.
static bool isConstantActivation(OpOperand &operand) {
  if (!constantOf(operand.get()))
    return false;
  auto weighted = dyn_cast<WeightedOp>(operand.getOwner());
  return !weighted || (&operand != &weighted.getWeightOperand() &&
                       operand.get() != weighted.getBiasValue());
}

/// Each use of a constant activation gets a constant of its own.
static void separateConstants(Operation &op) {
  OpBuilder builder(&op);
  for (OpOperand &operand : op.getOpOperands())
    if (isConstantActivation(operand) && !operand.get().hasOneUse())
      operand.set(builder.clone(*operand.get().getDefiningOp())->getResult(0));
}

LogicalResult ActivationTypes::add(Value value, Attribute attribute,
                                   Operation *owner) {
  auto array = dyn_cast_or_null<ArrayAttr>(attribute);
  auto number = [&](unsigned index) {
    auto attr = array && array.size() == 2 ? dyn_cast<FloatAttr>(array[index])
                                           : FloatAttr();
    return attr ? attr.getValueAsDouble() : std::nan("");
  };
  Range range;
  range.low = number(0);
  range.high = number(1);
  if (!array)
    return owner->emitOpError("expected the attribute '")
           << rangeAttrName << "' for a value of " << value.getType()
           << ": run thimble-calibrate first";
  if (!std::isfinite(range.low) || !std::isfinite(range.high) ||
      range.low > range.high)
    return owner->emitOpError("expected '")
           << rangeAttrName << "' to be [least, greatest], found " << attribute;
  indices[value] = ranges.size();
  ranges.push_back(range);
  return success();
}

static ArrayAttr rangeOf(ConstantOp constant) {
  float low = 0, high = 0;
  for (float value : constant.getValue().getValues<float>()) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return Builder(constant.getContext()).getF32ArrayAttr({low, high});
}

LogicalResult ActivationTypes::addOp(Operation &op) {
  if (bits == 16 && op.hasTrait<Int8Only>())
    return op.emitOpError("expected an op that has a form for int16: quantize "
                          "with 8 bits for activations, or replace it in the "
                          "model");
  separateConstants(op);
  for (OpOperand &operand : op.getOpOperands())
    if (isConstantActivation(operand) &&
        failed(add(operand.get(), rangeOf(constantOf(operand.get())), &op)))
      return failure();
  Value result = op.getResult(0);
  auto fixed = dyn_cast<FixedQuantizationOp>(op);
  if (!fixed)
    return add(result, op.getAttr(rangeAttrName), &op);
  indices[result] = ranges.size();
  ranges.emplace_back().fixed = fixed.getFixedQuantization(bits);
  return success();
}

/// An operand whose quantization is fixed to another than the result's gets a
/// change of quantization in front.
void ActivationTypes::uniteOperands(Operation &op) {
  unsigned result = classes.findLeader(indices[op.getResult(0)]);
  for (OpOperand &operand : op.getOpOperands()) {
    unsigned leader = classes.findLeader(indices[operand.get()]);
    if (leader == result)
      continue;
    Range &one = ranges[leader], &other = ranges[result];
    bool isConflict = one.fixed && other.fixed &&
                      (one.fixed->scale != other.fixed->scale ||
                       one.fixed->zeroPoint != other.fixed->zeroPoint);
    if (isConflict) {
      OpBuilder builder(&op);
      auto change = QuantizeOp::create(builder, op.getLoc(),
                                       operand.get().getType(), operand.get());
      auto id = op.getAttrOfType<StringAttr>(idAttrName);
      change->setAttr(idAttrName,
                      builder.getStringAttr(id.getValue() + ".operand_" +
                                            Twine(operand.getOperandNumber())));
      operand.set(change);
      indices[change] = indices[op.getResult(0)];
      continue;
    }
    Range joined;
    joined.low = std::min(one.low, other.low);
    joined.high = std::max(one.high, other.high);
    joined.fixed = one.fixed ? one.fixed : other.fixed;
    classes.join(leader, result);
    result = classes.findLeader(leader);
    ranges[result] = joined;
  }
}

LogicalResult ActivationTypes::assign(func::FuncOp function) {
  for (auto [index, argument] : llvm::enumerate(function.getArguments()))
    if (failed(
            add(argument, function.getArgAttr(index, rangeAttrName), function)))
      return failure();
  SmallVector<Operation *> ops;
  for (Operation &op : llvm::make_early_inc_range(function.front()))
    if (isa<ReferenceSemantics>(op)) {
      if (failed(addOp(op)))
        return failure();
      ops.push_back(&op);
    }
  classes.grow(ranges.size());
  for (Operation *op : ops)
    if (op->hasTrait<KeepsQuantization>())
      uniteOperands(*op);
  return success();
}

RankedTensorType ActivationTypes::typeOf(Value value) const {
  const Range &range = ranges[classes.findLeader(indices.lookup(value))];
  TensorQuantization quantization =
      range.fixed  ? *range.fixed
      : bits == 16 ? chooseInt16Quantization(range.low, range.high)
                   : chooseQuantization(range.low, range.high);
  Builder b(value.getContext());
  auto element = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, b.getIntegerType(bits), b.getF32Type(),
      quantization.scale, quantization.zeroPoint, llvm::minIntN(bits),
      llvm::maxIntN(bits));
  return RankedTensorType::get(tensorType(value).getShape(), element);
}

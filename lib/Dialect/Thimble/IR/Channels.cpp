//===- Channels.cpp - How channels flow through an op ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why bounds at the ends suffice: with a multiplier that is not negative and no
// wrap, requantization is monotone. It is a product, rounded to the nearest
// twice, then an addition and a clamp.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/Channels.h"
#include "thimble/Dialect/Thimble/IR/ChannelSlices.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Support/QuantizedElements.h"

using namespace mlir;
using namespace thimble;

static bool fitsInt32(int64_t value) {
  return value == static_cast<int32_t>(value);
}

/// True if no intermediate of the requantization of `x` wraps.
static bool requantizesWithoutWrap(int64_t x, QuantizedMultiplier multiplier,
                                   int32_t zeroPoint) {
  // A shift of 31 bits takes an int32 to 63.
  if (!fitsInt32(x) || (multiplier.shift > 0 &&
                        !fitsInt32(x * (int64_t(1) << multiplier.shift))))
    return false;
  int64_t scaled =
      multiplyByQuantizedMultiplier(static_cast<int32_t>(x), multiplier);
  return fitsInt32(scaled + zeroPoint);
}

ChannelRange thimble::requantizedRange(int64_t low, int64_t high,
                                       QuantizedMultiplier multiplier,
                                       int32_t outputZeroPoint,
                                       ClampRange clamp) {
  auto at = [&](int64_t accumulator) -> int32_t {
    return requantizeInt8(static_cast<int32_t>(accumulator), multiplier,
                          outputZeroPoint, clamp);
  };
  if (low == high)
    return {at(low), at(low)};
  for (int64_t end : {low, high})
    if (!requantizesWithoutWrap(end, multiplier, outputZeroPoint))
      return {clamp.min, clamp.max};
  return {at(low), at(high)};
}

ChannelRanges thimble::constantRanges(Value constant) {
  int64_t count = lastDimension(tensorType(constant));
  ChannelRanges ranges(count, ChannelRange{127, -128});
  for (auto [index, byte] : llvm::enumerate(constantBytes(constant))) {
    int32_t number = static_cast<int8_t>(byte);
    ranges[int64_t(index) % count].include({number, number});
  }
  return ranges;
}

ChannelRange thimble::hull(ArrayRef<ChannelRange> ranges) {
  ChannelRange all = ranges.front();
  for (ChannelRange range : ranges.drop_front())
    all.include(range);
  return all;
}

ChannelRanges
thimble::inferElementwiseRanges(Operation *op,
                                ArrayRef<ChannelRanges> operands) {
  auto tabulated = dyn_cast<TabulatedOp>(op);
  if (!tabulated)
    return ChannelRanges(lastDimension(tensorType(op->getResult(0))));
  ActivationTable table = tabulated.getTable();
  ChannelRanges result;
  for (ChannelRange in : operands.front()) {
    ChannelRange out{127, -128};
    for (int32_t x = in.min; x <= in.max; ++x) {
      int32_t y = lookUp(table, static_cast<int8_t>(x));
      out.include({y, y});
    }
    result.push_back(out);
  }
  return result;
}

void thimble::keepSameChannels(ChannelFlow &flow) {
  auto isShared = [&](const llvm::BitVector &channels) {
    return channels.size() == flow.result.size();
  };
  for (const llvm::BitVector &operand : flow.operands)
    if (isShared(operand))
      flow.result |= operand;
  for (llvm::BitVector &operand : flow.operands)
    if (isShared(operand))
      operand |= flow.result;
    else if (flow.result.any())
      operand.set();
}

void thimble::keepAllChannels(ChannelFlow &flow) {
  flow.result.set();
  for (llvm::BitVector &operand : flow.operands)
    operand.set();
}

RankedTensorType thimble::withLastDimension(RankedTensorType type,
                                            int64_t size) {
  if (type.getRank() == 0)
    return type;
  SmallVector<int64_t> shape(type.getShape());
  shape.back() = size;
  return type.clone(shape);
}

Operation *thimble::rebuildElementwise(Operation *op, OpBuilder &builder,
                                       ValueRange operands,
                                       const ChannelFlow &flow) {
  SmallVector<Value> values(operands);
  for (auto [value, kept] : llvm::zip_equal(values, flow.operands))
    if (constantValue(value))
      value =
          sliceConstant(builder, value, tensorType(value).getRank() - 1, kept);
  Operation *clone = builder.clone(*op);
  clone->setOperands(values);
  Value result = clone->getResult(0);
  result.setType(withLastDimension(tensorType(result), flow.result.count()));
  return clone;
}

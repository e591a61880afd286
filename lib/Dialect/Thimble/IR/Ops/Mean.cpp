//===- Mean.cpp - thimble.mean --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::QuantizedMeanOrSum (integers) and Mean
// (float).
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/PoolNest.h"
#include "thimble/LoopNest/Requantize.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

static int64_t reducedCount(MeanOp op) {
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= tensorType(op.getInput()).getDimSize(axis);
  return count;
}

LogicalResult MeanOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  if (failed(verifySameKind(*this, getInput(), getOutput())))
    return failure();
  int64_t previous = -1;
  for (int64_t axis : getAxes()) {
    if (axis <= previous || axis >= input.getRank())
      return emitOpError("expected ascending axes below ") << input.getRank();
    previous = axis;
  }
  if (input.getNumElements() == 0 ||
      output.getNumElements() * reducedCount(*this) != input.getNumElements())
    return emitOpError("expected a result of ")
           << input.getNumElements() / std::max<int64_t>(reducedCount(*this), 1)
           << " elements, found " << output;
  return success();
}

StepSpec MeanOp::getStepSpec(const TargetInfo &) {
  StepSpec spec;
  spec.operands.push_back(wholeOperand(*this, 0));
  return spec;
}

/// The mean of the elements that `sum` added up.
static Value finish(MeanOp op, StepBuilder &b, Value sum) {
  int64_t count = reducedCount(op);
  bool wide = isInt16(op.getInput());
  if (isFloat(op.getInput()))
    return arith::DivFOp::create(b.builder, b.loc, sum,
                                 b.constantF32(static_cast<float>(count)));
  MeanParameters p = meanParameters(quantization(op.getInput()),
                                    quantization(op.getOutput()), count);
  Value y = buildRequantize(b, b.add(sum, -p.sumOffset), p.multiplier,
                            p.outputZeroPoint, (wide ? 32768 : 255) * count);
  if (wide)
    return b.truncate(b.clamp(y, int16Range.min, int16Range.max), b.i16());
  return b.truncate(b.clamp(y, -128, 127), b.i8());
}

/// Adds up the reduced dimensions behind `address`, one loop a dimension.
static Value addUp(MeanOp op, StepBuilder &b, Value address, Value sum,
                   ArrayRef<int64_t> axes, ArrayRef<int64_t> strides) {
  if (axes.empty()) {
    if (!isFloat(op.getInput()))
      return b.add(sum, isInt16(op.getInput()) ? b.loadI16(address)
                                               : b.loadI8(address));
    return arith::AddFOp::create(b.builder, b.loc, sum, b.loadF32(address));
  }
  int64_t size = tensorType(op.getInput()).getDimSize(axes.front());
  return b.loop(b.constant(0), b.constant(size), 1, {sum},
                [&](Value i, ValueRange carried) {
                  Value inner = b.at(address, b.mul(i, strides[axes.front()]));
                  return StepBuilder::Values{addUp(op, b, inner, carried[0],
                                                   axes.drop_front(), strides)};
                })[0];
}

void MeanOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput());
  int64_t bytes = elementBytes(input);
  SmallVector<int64_t> strides = rowMajorStrides(input.getShape(), bytes);
  SmallVector<int64_t> keptShape;
  StridedOperand from{step.operands[0], 0, {}};
  for (int64_t d = 0; d < input.getRank(); ++d)
    if (!llvm::is_contained(getAxes(), d)) {
      keptShape.push_back(input.getDimSize(d));
      from.strides.push_back(strides[d]);
    }
  StridedOperand to{step.output, 0, rowMajorStrides(keptShape, bytes)};
  buildStridedLoops(step, keptShape, {to, from}, [&](ArrayRef<Value> at) {
    Value zero =
        isFloat(getInput()) ? step.constantF32(0.0f) : step.constant(0);
    Value sum = addUp(*this, step, at[1], zero, getAxes(), strides);
    step.store(finish(*this, step, sum), at[0]);
  });
}

/// The last dimension stays the last one.
static bool keepsChannels(MeanOp op) {
  RankedTensorType input = tensorType(op.getInput());
  return !llvm::is_contained(op.getAxes(), input.getRank() - 1) &&
         lastDimension(input) == lastDimension(tensorType(op.getOutput()));
}

ChannelRanges MeanOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  int64_t channels = lastDimension(tensorType(getOutput()));
  ChannelRanges input = operands[0];
  if (!keepsChannels(*this))
    input.assign(channels, hull(operands[0]));
  int64_t count = reducedCount(*this);
  MeanParameters p = meanParameters(quantization(getInput()),
                                    quantization(getOutput()), count);
  ChannelRanges result;
  for (ChannelRange x : input)
    result.push_back(requantizedRange(count * x.min - p.sumOffset,
                                      count * x.max - p.sumOffset, p.multiplier,
                                      p.outputZeroPoint, ClampRange()));
  return result;
}

void MeanOp::keepNeededChannels(ChannelFlow &flow) {
  keepsChannels(*this) ? keepSameChannels(flow) : keepAllChannels(flow);
}

static SumArray sumsOf(MeanOp op) {
  return SumArray(reducedCount(op), elementBytes(tensorType(op.getInput())));
}

int64_t MeanOp::getSumBytes(const TargetInfo &) {
  // Rows are those of one image, of which one output row is left.
  RankedTensorType input = tensorType(getInput());
  bool isImage = input.getRank() == 4 && input.getDimSize(0) == 1;
  if (!isImage || getAxes() != ArrayRef<int64_t>{1, 2} ||
      input.getDimSize(1) == 1)
    return 0;
  return input.getDimSize(3) * sumsOf(*this).elementBytes();
}

void MeanOp::buildAbsorb(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput());
  int64_t bytes = elementBytes(input), channels = input.getDimSize(3);
  SumArray sums = sumsOf(*this);
  step.loop(step.constant(0), step.constant(channels), 1, [&](Value channel) {
    Value column = step.at(step.operands[0], step.mul(channel, bytes));
    Value sum = addUp(*this, step, column, sums.load(step, step.sums, channel),
                      {2}, {0, 0, channels * bytes});
    sums.store(step, sum, step.sums, channel);
  });
}

void MeanOp::buildAbsorbed(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput());
  int64_t bytes = elementBytes(input);
  SumArray sums = sumsOf(*this);
  step.loop(step.constant(0), step.constant(input.getDimSize(3)), 1,
            [&](Value channel) {
              Value sum = sums.load(step, step.sums, channel);
              step.store(finish(*this, step, sum),
                         step.at(step.output, step.mul(channel, bytes)));
            });
}

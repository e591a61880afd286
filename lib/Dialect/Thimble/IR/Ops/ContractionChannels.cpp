//===- ContractionChannels.cpp - Channels of products ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An accumulator is bias + sum (x - zx) w in arithmetic modulo 2^32, so a
// constant x may be added to the bias in any order, whatever wraps. A tap on
// padding reads zx and adds nothing; a constant channel that is not zx
// therefore adds less there, and stays if such a tap has a weight.
//
// An output channel that is constant whatever it reads, and cannot go, is
// computed from its bias alone: its weights become 0.
//
//===----------------------------------------------------------------------===//

#include "ContractionChannels.h"
#include "thimble/Dialect/Thimble/IR/ChannelSlices.h"

using namespace mlir;
using namespace thimble;

static TapReach reachAlong(int64_t size, int64_t outputs, int64_t stride,
                           int64_t first) {
  TapReach reach{false, false};
  for (int64_t i = 0; i < outputs; ++i) {
    int64_t at = first + i * stride;
    (at >= 0 && at < size ? reach.inside : reach.outside) = true;
  }
  return reach;
}

SmallVector<TapReach> thimble::tapReaches(const WindowGeometry &g) {
  SmallVector<TapReach> reaches;
  for (int64_t y = 0; y < g.kernelHeight; ++y) {
    TapReach row = reachAlong(g.inputHeight, g.outputHeight, g.strideH,
                              y * g.dilationH - g.padTop);
    for (int64_t x = 0; x < g.kernelWidth; ++x) {
      TapReach column = reachAlong(g.inputWidth, g.outputWidth, g.strideW,
                                   x * g.dilationW - g.padLeft);
      reaches.push_back(
          {row.inside && column.inside, row.outside || column.outside});
    }
  }
  return reaches;
}

ContractionChannels::ContractionChannels(Operation *op, int64_t channelAxis)
    : op(op), channelAxis(channelAxis),
      outputs(tensorType(op->getOperand(1)).getDimSize(channelAxis)),
      inputs(lastDimension(tensorType(op->getOperand(0)))),
      weights(constantBytes(op->getOperand(1))),
      bias(constantIntegers(contractionBias(op), outputs)),
      multipliers(contractionMultipliers(op, channelAxis)),
      inputZeroPoint(quantization(op->getOperand(0)).zeroPoint),
      outputZeroPoint(quantization(op->getResult(0)).zeroPoint),
      clamp(quantizedActivationRange(cast<ActivatedOp>(op).getActivation(),
                                     op->getResult(0))) {}

ContractionChannels ContractionChannels::of(Conv2DOp op) {
  ContractionChannels channels(op, 0);
  channels.taps = tapReaches(convolutionGeometry(op));
  return channels;
}

ContractionChannels ContractionChannels::of(DepthwiseConv2DOp op) {
  ContractionChannels channels(op, 3);
  channels.taps = tapReaches(convolutionGeometry(op));
  channels.depthwise = true;
  return channels;
}

ContractionChannels ContractionChannels::of(FullyConnectedOp op) {
  ContractionChannels channels(op, 0);
  int64_t depth = tensorType(op.getFilter()).getDimSize(1);
  // A row of the op is some pixels of the input.
  channels.tracksInput = depth % channels.inputs == 0;
  if (!channels.tracksInput)
    channels.inputs = depth;
  channels.taps.resize(depth / channels.inputs);
  channels.tracksOutput =
      lastDimension(tensorType(op.getOutput())) == channels.outputs;
  return channels;
}

int32_t ContractionChannels::weight(int64_t output, int64_t tap,
                                    int64_t input) const {
  int64_t count = taps.size();
  int64_t index = depthwise ? tap * outputs + output
                            : (output * count + tap) * inputs + input;
  return static_cast<int8_t>(weights[index]);
}

std::pair<int64_t, int64_t>
ContractionChannels::inputsOf(int64_t output) const {
  if (!depthwise)
    return {0, inputs};
  int64_t input = output / (outputs / inputs);
  return {input, input + 1};
}

AccumulatorRange
ContractionChannels::accumulatorRange(int64_t output,
                                      const ChannelRanges &input) const {
  AccumulatorRange sum{bias[output], bias[output]};
  auto [first, last] = inputsOf(output);
  for (auto [tap, reach] : llvm::enumerate(taps))
    for (int64_t c = first; c < last && reach.inside; ++c) {
      ChannelRange x = input[c];
      if (reach.outside)
        x.include({inputZeroPoint, inputZeroPoint});
      int64_t w = weight(output, tap, c);
      int64_t a = w * (x.min - inputZeroPoint);
      int64_t b = w * (x.max - inputZeroPoint);
      sum.low += std::min(a, b);
      sum.high += std::max(a, b);
    }
  return sum;
}

ChannelRange ContractionChannels::outputRange(int64_t output,
                                              AccumulatorRange range) const {
  return requantizedRange(range.low, range.high, multipliers[output],
                          outputZeroPoint, clamp);
}

ChannelRanges
ContractionChannels::infer(ArrayRef<ChannelRanges> operands) const {
  ChannelRanges input = operands[0];
  if (!tracksInput)
    input.assign(inputs, hull(operands[0]));
  ChannelRanges result;
  for (int64_t o = 0; o < outputs; ++o)
    result.push_back(outputRange(o, accumulatorRange(o, input)));
  if (tracksOutput)
    return result;
  return ChannelRanges(lastDimension(tensorType(op->getResult(0))),
                       hull(result));
}

bool ContractionChannels::canFold(int64_t output, int64_t input,
                                  int32_t number) const {
  if (number == inputZeroPoint)
    return true;
  for (auto [tap, reach] : llvm::enumerate(taps))
    if (reach.outside && weight(output, tap, input) != 0)
      return false;
  return true;
}

/// Keeps the input channels that `output`, which stays, cannot do without.
void ContractionChannels::keepRead(int64_t output, ChannelFlow &flow) const {
  if (flow.resultRanges[output].isConstant())
    return; // Weights become 0.
  llvm::BitVector &kept = flow.operands[0];
  for (int64_t c = 0; c < inputs; ++c) {
    if (kept.test(c))
      continue;
    bool isRead = false;
    for (int64_t tap = 0, count = taps.size(); tap < count && !isRead; ++tap)
      isRead = weight(output, tap, c) != 0;
    if (isRead && !(flow.isConstant(0, c) &&
                    canFold(output, c, flow.operandRanges[0][c].min)))
      kept.set(c);
  }
}

void ContractionChannels::keepNeeded(ChannelFlow &flow) const {
  llvm::BitVector &input = flow.operands[0];
  if (!tracksOutput)
    flow.result.set();
  if (!tracksInput || constantValue(op->getOperand(0)))
    input.set();
  if (!depthwise) {
    if (tracksInput && tracksOutput)
      for (unsigned o : flow.result.set_bits())
        keepRead(o, flow);
    else
      input.set();
    return;
  }
  // One input channel may have any number of outputs; several have as many
  // each.
  if (inputs == 1) {
    if (flow.result.any())
      input.set();
    return;
  }
  unsigned multiplier = outputs / inputs;
  for (unsigned c = 0; c < inputs; ++c) {
    unsigned first = c * multiplier, last = first + multiplier;
    if (!input.test(c) && flow.result.find_first_in(first, last) == -1)
      continue;
    input.set(c);
    flow.result.set(first, last);
  }
}

int32_t ContractionChannels::foldedBias(int64_t output,
                                        const ChannelFlow &flow) const {
  if (!tracksOutput)
    return bias[output];
  if (flow.resultRanges[output].isConstant()) {
    ChannelRanges input = flow.operandRanges[0];
    if (!tracksInput)
      input.assign(inputs, hull(flow.operandRanges[0]));
    // Any sum that can occur gives the number.
    return static_cast<int32_t>(accumulatorRange(output, input).low);
  }
  int64_t sum = bias[output];
  auto [first, last] = inputsOf(output);
  for (int64_t c = first; c < last; ++c) {
    if (!tracksInput || flow.operands[0].test(c))
      continue;
    int64_t weights = 0;
    for (int64_t tap = 0, count = taps.size(); tap < count; ++tap)
      weights += weight(output, tap, c);
    // What is not constant has no weights.
    sum += weights * (flow.operandRanges[0][c].min - inputZeroPoint);
  }
  return static_cast<int32_t>(sum);
}

Value ContractionChannels::rebuildFilter(OpBuilder &builder,
                                         const ChannelFlow &flow) const {
  Value filter = op->getOperand(1);
  int64_t keptInputs = tracksInput ? flow.operands[0].count() : inputs;
  llvm::BitVector keptOutputs =
      tracksOutput ? flow.result : llvm::BitVector(outputs, true);
  auto weightOf = [&](int64_t o, int64_t tap, int64_t c) -> int8_t {
    bool settled = tracksOutput && flow.resultRanges[o].isConstant();
    return settled ? 0 : weight(o, tap, c);
  };
  SmallVector<int8_t> values;
  int64_t count = taps.size();
  if (depthwise) {
    for (int64_t tap = 0; tap < count; ++tap)
      for (unsigned o : keptOutputs.set_bits())
        values.push_back(weightOf(o, tap, 0));
  } else {
    for (unsigned o : keptOutputs.set_bits())
      for (int64_t tap = 0; tap < count; ++tap)
        for (int64_t c = 0; c < inputs; ++c)
          if (!tracksInput || flow.operands[0].test(c))
            values.push_back(weightOf(o, tap, c));
  }
  RankedTensorType type = tensorType(filter);
  SmallVector<int64_t> shape(type.getShape());
  if (!depthwise)
    shape.back() = shape.back() / inputs * keptInputs;
  shape[channelAxis] = keptOutputs.count();
  return createInt8Constant(
      builder, filter.getLoc(),
      RankedTensorType::get(shape, sliceElementType(type.getElementType(),
                                                    channelAxis, keptOutputs)),
      values);
}

/// Null if there was no bias and none is needed.
Value ContractionChannels::rebuildBias(OpBuilder &builder,
                                       const ChannelFlow &flow) const {
  SmallVector<int32_t> values;
  for (int64_t o = 0; o < outputs; ++o)
    if (!tracksOutput || flow.result.test(o))
      values.push_back(foldedBias(o, flow));
  Value before = contractionBias(op);
  if (!before && llvm::all_of(values, [](int32_t v) { return v == 0; }))
    return {};
  Type element =
      before ? tensorType(before).getElementType() : builder.getIntegerType(32);
  SmallVector<APInt> numbers;
  for (int32_t value : values)
    numbers.emplace_back(element.getIntOrFloatBitWidth(), value,
                         /*isSigned=*/true);
  auto type = RankedTensorType::get({int64_t(values.size())}, element);
  return ConstantOp::create(builder,
                            (before ? before : op->getOperand(1)).getLoc(),
                            type, DenseElementsAttr::get(type, numbers));
}

Operation *ContractionChannels::rebuild(OpBuilder &builder, ValueRange operands,
                                        const ChannelFlow &flow) const {
  SmallVector<Value> values{operands[0], rebuildFilter(builder, flow)};
  if (Value newBias = rebuildBias(builder, flow))
    values.push_back(newBias);
  Operation *clone = builder.clone(*op);
  clone->setOperands(values);
  Value result = clone->getResult(0);
  if (tracksOutput)
    result.setType(withLastDimension(tensorType(result), flow.result.count()));
  return clone;
}

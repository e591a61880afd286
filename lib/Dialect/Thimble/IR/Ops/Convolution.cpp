//===- Convolution.cpp - What multiply-accumulate ops share ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite's PopulateConvolutionQuantizationParams and the integer
// reference kernels.
//
//===----------------------------------------------------------------------===//

#include "Convolution.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace thimble;

template <typename ConvOp>
static WindowGeometry geometryOf(ConvOp op) {
  RankedTensorType filter = tensorType(op.getFilter());
  WindowGeometry g = imageGeometry(op.getInput(), op.getOutput());
  g.kernelHeight = filter.getDimSize(1);
  g.kernelWidth = filter.getDimSize(2);
  g.strideH = op.getStrides()[0];
  g.strideW = op.getStrides()[1];
  g.dilationH = op.getDilations()[0];
  g.dilationW = op.getDilations()[1];
  g.padTop = op.getPadding()[0];
  g.padLeft = op.getPadding()[2];
  return g;
}

WindowGeometry thimble::convolutionGeometry(Conv2DOp op) {
  return geometryOf(op);
}
WindowGeometry thimble::convolutionGeometry(DepthwiseConv2DOp op) {
  return geometryOf(op);
}

uint8_t thimble::paddingByte(Value input) {
  return isFloat(input) ? 0
                        : static_cast<uint8_t>(quantization(input).zeroPoint);
}

Value thimble::contractionBias(Operation *op) {
  return op->getNumOperands() > 2 ? op->getOperand(2) : Value();
}

std::optional<Contraction> thimble::contractionOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<Contraction>>(op)
      .Case<Conv2DOp, FullyConnectedOp>([](auto op) { return contraction(op); })
      .Default([](Operation *) { return std::nullopt; });
}

void thimble::addContractionRows(Operation *op, StepSpec &spec) {
  llvm::TypeSwitch<Operation *>(op).Case<Conv2DOp, FullyConnectedOp>(
      [&](auto op) { addRows(op, spec); });
}

MacNest thimble::denseNest(Contraction contraction, const TargetInfo &target) {
  return MacNest(contraction.geometry, std::move(contraction.requantizer),
                 std::move(contraction.weights), contraction.paddingByte,
                 target);
}

/// True if sums are exact: int16, whose sums wrap only with a bias of i32.
static bool isExact(Operation *op) {
  Value bias = contractionBias(op);
  return isInt16(op->getOperand(0)) &&
         (!bias || tensorType(bias).getElementType().isInteger(64));
}

/// Bias with the input's zero point folded in, and a bound of the accumulator.
static SmallVector<OutputChannel> foldBias(Operation *op, int64_t channelAxis) {
  RankedTensorType filter = tensorType(op->getOperand(1));
  int64_t count = filter.getDimSize(channelAxis);
  int64_t inner = 1; // elements between two output channels
  for (int64_t d = channelAxis + 1; d < filter.getRank(); ++d)
    inner *= filter.getDimSize(d);
  SmallVector<int64_t> sums(count, 0), magnitudes(count, 0);
  for (auto [index, byte] : llvm::enumerate(constantBytes(op->getOperand(1)))) {
    int64_t channel = (int64_t(index) / inner) % count;
    int64_t weight = static_cast<int8_t>(byte);
    sums[channel] += weight;
    magnitudes[channel] += std::abs(weight);
  }
  SmallVector<int64_t> bias = constantWideIntegers(contractionBias(op), count);
  int64_t zeroPoint = quantization(op->getOperand(0)).zeroPoint;
  int64_t largest = isInt16(op->getOperand(0)) ? 32768 : 128;
  SmallVector<OutputChannel> channels(count);
  for (int64_t c = 0; c < count; ++c) {
    int64_t folded = bias[c] - zeroPoint * sums[c];
    channels[c].bias = isExact(op) ? folded : static_cast<int32_t>(folded);
    channels[c].accumulatorBound = std::abs(folded) + largest * magnitudes[c];
  }
  return channels;
}

SmallVector<QuantizedMultiplier>
thimble::contractionMultipliers(Operation *op, int64_t channelAxis) {
  Value filter = op->getOperand(1);
  SmallVector<double> scales;
  for (int64_t c = 0; c < tensorType(filter).getDimSize(channelAxis); ++c)
    scales.push_back(channelScale(filter, c));
  return convolutionMultipliers(quantization(op->getOperand(0)).scale, scales,
                                quantization(op->getResult(0)).scale);
}

Requantizer thimble::contractionRequantizer(Operation *op,
                                            int64_t channelAxis) {
  Activation activation = cast<ActivatedOp>(op).getActivation();
  Value input = op->getOperand(0), filter = op->getOperand(1);
  Value output = op->getResult(0);
  int64_t count = tensorType(filter).getDimSize(channelAxis);
  if (isFloat(input)) {
    auto [low, high] = activationRange(activation);
    return Requantizer::floating(constantFloats(contractionBias(op), count),
                                 low, high);
  }
  SmallVector<OutputChannel> channels = foldBias(op, channelAxis);
  for (auto [channel, multiplier] :
       llvm::zip_equal(channels, contractionMultipliers(op, channelAxis)))
    channel.multiplier = multiplier;
  ClampRange range = quantizedActivationRange(activation, output);
  if (isExact(op))
    return Requantizer::exact16(channels, range.min, range.max);
  if (isInt16(input))
    return Requantizer::wrapping16(channels, range.min, range.max);
  return Requantizer::integer(channels, quantization(output).zeroPoint,
                              range.min, range.max);
}

/// The bias of an int16 op is one that the reference reads and can add.
static LogicalResult verifyInt16Bias(Operation *op) {
  RankedTensorType type = tensorType(contractionBias(op));
  if (!isExact(op) && isa<DepthwiseConv2DOp>(op))
    return op->emitOpError("expected a bias of i64 for int16, found ") << type;
  if (isExact(op))
    for (int64_t bias : constantWideIntegers(contractionBias(op), 0))
      if (bias <= -maxWideBias || bias >= maxWideBias)
        return op->emitOpError("expected biases between -2^46 and 2^46, found ")
               << bias;
  return success();
}

/// A bias has one number an output channel, of a type that fits the input.
static LogicalResult verifyBias(Operation *op, int64_t count) {
  Value bias = contractionBias(op);
  if (!bias)
    return success();
  bool floating = isFloat(op->getOperand(0));
  RankedTensorType type = tensorType(bias);
  Type biasElement = type.getElementType();
  bool integer = biasElement.isInteger(32) || biasElement.isInteger(64);
  if (type.getNumElements() != count ||
      (floating ? !biasElement.isF32() : !integer))
    return op->emitOpError("expected a bias of ")
           << count << (floating ? " f32" : " i32") << " elements, found "
           << type;
  return isInt16(op->getOperand(0)) ? verifyInt16Bias(op) : success();
}

LogicalResult thimble::verifyContraction(Operation *op, int64_t channelAxis) {
  Value input = op->getOperand(0), filter = op->getOperand(1);
  Value output = op->getResult(0);
  bool floating = isFloat(input);
  if (!floating && !isQuantized(input))
    return op->emitOpError("expected an input of f32, per-tensor int8 or "
                           "per-tensor int16 with zero point 0, found ")
           << input.getType();
  if (!areSameKind(input, output))
    return op->emitOpError("expected an output of the input's kind, found ")
           << output.getType();
  Type element = tensorType(filter).getElementType();
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  if (floating ? !element.isF32()
               : !quantized || quantized.getStorageTypeIntegralWidth() != 8)
    return op->emitOpError("expected a filter of the input's kind, found ")
           << filter.getType();
  int64_t count = tensorType(filter).getDimSize(channelAxis);
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    if (perAxis.getQuantizedDimension() != channelAxis ||
        int64_t(perAxis.getScales().size()) != count)
      return op->emitOpError("expected ")
             << count << " scales along dimension " << channelAxis
             << " of the filter, found " << filter.getType();
  }
  if (failed(verifyBias(op, count)))
    return failure();
  if (!isExact(op))
    return success();
  for (QuantizedMultiplier multiplier : contractionMultipliers(op, channelAxis))
    if (multiplier.shift > maxWideShift)
      return op->emitOpError(
                 "expected scales of input and filter whose product "
                 "is below 128 times the output's, found ")
             << input.getType() << ", " << filter.getType() << " and "
             << output.getType();
  return success();
}

template <typename ConvOp>
static LogicalResult verifyGeometry(ConvOp op, bool depthwise) {
  Operation *operation = op;
  if (failed(verifySizes(operation, "strides", op.getStrides(), 2, 1)) ||
      failed(verifySizes(operation, "dilations", op.getDilations(), 2, 1)) ||
      failed(verifySizes(operation, "padding", op.getPadding(), 4, 0)))
    return failure();
  for (Value value : {op.getInput(), op.getFilter(), op.getOutput()})
    if (tensorType(value).getRank() != 4 ||
        tensorType(value).getNumElements() == 0)
      return op.emitOpError("expected non-empty tensors of rank 4, found ")
             << value.getType();
  WindowGeometry g = geometryOf(op);
  RankedTensorType filter = tensorType(op.getFilter());
  bool fits = depthwise ? filter.getDimSize(0) == 1 &&
                              filter.getDimSize(3) == g.outputChannels &&
                              g.outputChannels % g.inputChannels == 0
                        : filter.getDimSize(0) == g.outputChannels &&
                              filter.getDimSize(3) == g.inputChannels;
  if (!fits || tensorType(op.getInput()).getDimSize(0) !=
                   tensorType(op.getOutput()).getDimSize(0))
    return op.emitOpError("expected a filter and an output whose channels fit "
                          "the input's, found ")
           << filter << " and " << op.getOutput().getType();
  ArrayRef<int64_t> pad = op.getPadding();
  int64_t height =
      windowCount(g.inputHeight + pad[0] + pad[1],
                  (g.kernelHeight - 1) * g.dilationH + 1, g.strideH);
  int64_t width = windowCount(g.inputWidth + pad[2] + pad[3],
                              (g.kernelWidth - 1) * g.dilationW + 1, g.strideW);
  if (g.outputHeight != height || g.outputWidth != width)
    return op.emitOpError("expected an output of ")
           << height << "x" << width << " pixels, found "
           << op.getOutput().getType();
  return verifyContraction(operation, depthwise ? 3 : 0);
}

LogicalResult thimble::verifyConvolution(Conv2DOp op, bool depthwise) {
  return verifyGeometry(op, depthwise);
}
LogicalResult thimble::verifyConvolution(DepthwiseConv2DOp op, bool depthwise) {
  return verifyGeometry(op, depthwise);
}

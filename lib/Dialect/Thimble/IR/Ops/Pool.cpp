//===- Pool.cpp - What the pools share ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The windows of a pool are those of a convolution without dilation.
//
//===----------------------------------------------------------------------===//

#include "Pool.h"

using namespace mlir;
using namespace thimble;

static ArrayRef<int64_t> sizes(Operation *op, StringRef name) {
  return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
}

WindowGeometry thimble::poolGeometry(Operation *op) {
  WindowGeometry g = imageGeometry(op->getOperand(0), op->getResult(0));
  g.kernelHeight = sizes(op, "kernel_size")[0];
  g.kernelWidth = sizes(op, "kernel_size")[1];
  g.strideH = sizes(op, "strides")[0];
  g.strideW = sizes(op, "strides")[1];
  g.padTop = sizes(op, "padding")[0];
  g.padLeft = sizes(op, "padding")[2];
  return g;
}

PoolNest thimble::makePoolNest(Operation *op, PoolKind kind) {
  Activation activation = cast<ActivatedOp>(op).getActivation();
  auto [low, high] = activationRange(activation);
  Value input = op->getOperand(0);
  ClampRange range =
      isFloat(input) ? ClampRange()
                     : quantizedActivationRange(activation, op->getResult(0));
  return PoolNest(poolGeometry(op), kind, elementBytes(tensorType(input)),
                  range.min, range.max, low, high);
}

StepSpec thimble::poolSpec(Operation *op, PoolKind kind) {
  StepSpec spec;
  spec.operands.push_back(rowOperand(op, 0, poolGeometry(op).rows()));
  spec.steps = rowCount(tensorType(op->getResult(0)));
  makePoolNest(op, kind).describe(spec);
  return spec;
}

ChannelRanges thimble::poolRanges(Operation *op, const ChannelRanges &input) {
  ClampRange clamp = quantizedActivationRange(
      cast<ActivatedOp>(op).getActivation(), op->getResult(0));
  ChannelRanges result;
  for (ChannelRange range : input)
    result.push_back({std::clamp(range.min, clamp.min, clamp.max),
                      std::clamp(range.max, clamp.min, clamp.max)});
  return result;
}

LogicalResult thimble::verifyPool(Operation *op) {
  if (failed(verifySizes(op, "kernel_size", sizes(op, "kernel_size"), 2, 1)) ||
      failed(verifySizes(op, "strides", sizes(op, "strides"), 2, 1)) ||
      failed(verifySizes(op, "padding", sizes(op, "padding"), 4, 0)))
    return failure();
  Value input = op->getOperand(0), output = op->getResult(0);
  for (Value value : {input, output})
    if (tensorType(value).getRank() != 4 ||
        tensorType(value).getNumElements() == 0)
      return op->emitOpError("expected non-empty tensors of rank 4, found ")
             << value.getType();
  if (failed(verifySameKind(op, input, output)))
    return failure();
  if (!isFloat(input) &&
      !isPoolSupported(quantization(input), quantization(output)))
    return op->emitOpError("expected the same quantization before and after "
                           "the pool, found ")
           << input.getType() << " and " << output.getType();
  WindowGeometry g = poolGeometry(op);
  ArrayRef<int64_t> pad = sizes(op, "padding");
  bool covers = pad[0] < g.kernelHeight && g.padBottom() < g.kernelHeight &&
                pad[2] < g.kernelWidth && g.padRight() < g.kernelWidth;
  if (!covers || g.inputChannels != g.outputChannels ||
      tensorType(input).getDimSize(0) != tensorType(output).getDimSize(0) ||
      g.outputHeight != windowCount(g.inputHeight + pad[0] + pad[1],
                                    g.kernelHeight, g.strideH) ||
      g.outputWidth !=
          windowCount(g.inputWidth + pad[2] + pad[3], g.kernelWidth, g.strideW))
    return op->emitOpError("expected a result that its windows cover, found ")
           << output.getType() << " for " << input.getType();
  return success();
}

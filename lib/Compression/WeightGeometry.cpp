//===- WeightGeometry.cpp - A weight as matrices --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All is derived from what the op says of its weight: which dimension counts
// output channels, which are summed over, and the windows.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/WeightGeometry.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

static PatchGeometry patchesOf(const WindowGeometry &windows) {
  PatchGeometry patches;
  patches.inputHeight = windows.inputHeight;
  patches.inputWidth = windows.inputWidth;
  patches.channels = windows.inputChannels;
  patches.outputHeight = windows.outputHeight;
  patches.outputWidth = windows.outputWidth;
  patches.kernelHeight = windows.kernelHeight;
  patches.kernelWidth = windows.kernelWidth;
  patches.strideHeight = windows.strideH;
  patches.strideWidth = windows.strideW;
  patches.dilationHeight = windows.dilationH;
  patches.dilationWidth = windows.dilationW;
  patches.paddingTop = windows.padTop;
  patches.paddingLeft = windows.padLeft;
  return patches;
}

/// Elements between neighbours along dimension `axis`.
static int64_t strideOf(ArrayRef<int64_t> shape, int64_t axis) {
  int64_t stride = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    stride *= size;
  return stride;
}

WeightGeometry WeightGeometry::of(WeightedOp op) {
  ArrayRef<int64_t> shape = tensorType(op.getWeightOperand().get()).getShape();
  SmallVector<int64_t> summed = op.getReductionAxes();
  int64_t axis = op.getOutputChannelAxis();
  WeightGeometry geometry;
  geometry.patches = patchesOf(op.getWeightWindows());
  // Only a depthwise convolution does not sum over the last dimension, the
  // channels.
  geometry.isDepthwise =
      !llvm::is_contained(summed, static_cast<int64_t>(shape.size()) - 1);
  (geometry.isDepthwise ? geometry.groups : geometry.rows) = shape[axis];
  for (int64_t dimension : summed)
    geometry.columns *= shape[dimension];
  geometry.channelStride = strideOf(shape, axis);
  geometry.columnStride = strideOf(shape, summed.back());
  const PatchGeometry &patches = geometry.patches;
  geometry.images =
      tensorType(op->getOperand(0)).getNumElements() /
      (patches.inputHeight * patches.inputWidth * patches.channels);
  return geometry;
}

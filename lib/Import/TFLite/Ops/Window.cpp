//===- Window.cpp - Padding of windowed operators -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SAME gives ceil(input / stride) outputs and puts the odd element of padding
// behind; VALID never pads (TensorFlow's GetWindowedOutputSize and TFLite's
// ComputePaddingHeightWidth).
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"

using namespace mlir;
using namespace thimble::tflite;

static constexpr int64_t maxStep = 1 << 20;

int64_t WindowDimension::outputs(Padding padding) const {
  int64_t extent = (kernel - 1) * dilation + 1;
  if (padding == Padding::SAME)
    return (input + stride - 1) / stride;
  return input < extent ? 0 : (input - extent) / stride + 1;
}

PaddingPair WindowDimension::pad(Padding padding) const {
  if (padding == Padding::VALID)
    return {};
  int64_t extent = (kernel - 1) * dilation + 1;
  int64_t total =
      std::max<int64_t>(0, (outputs(padding) - 1) * stride + extent - input);
  return {total / 2, total - total / 2};
}

FailureOr<SmallVector<int64_t>>
thimble::tflite::windowPadding(OpImporter &op, WindowDimension height,
                               WindowDimension width, Padding padding) {
  if (padding != Padding::SAME && padding != Padding::VALID)
    return op.emitError()
           << "expected a padding of SAME or VALID, found number "
           << static_cast<int>(padding);
  for (const WindowDimension &dimension : {height, width})
    for (int64_t step :
         {dimension.kernel, dimension.stride, dimension.dilation})
      if (step < 1 || step > maxStep)
        return op.emitError()
               << "expected window sizes, strides and dilations from 1 to "
               << maxStep << ", found " << step;
  if (failed(op.expectRank(op.output(), 4)))
    return failure();
  SmallVector<int64_t> shape(op.output().shape);
  shape[0] = op.input(0).shape[0];
  shape[1] = height.outputs(padding);
  shape[2] = width.outputs(padding);
  if (failed(op.expectOutputShape(shape)))
    return failure();
  PaddingPair rows = height.pad(padding), columns = width.pad(padding);
  return SmallVector<int64_t>{rows.before, rows.after, columns.before,
                              columns.after};
}

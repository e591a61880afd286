//===- WindowGeometry.cpp - Windows over an image -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Padding behind the image is what the last window reaches over it; a model may
// declare more.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/WindowGeometry.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace thimble;

static int64_t overhang(int64_t input, int64_t output, int64_t stride,
                        int64_t kernel, int64_t dilation, int64_t before) {
  int64_t last = (output - 1) * stride - before + (kernel - 1) * dilation;
  return std::max<int64_t>(last - (input - 1), 0);
}

int64_t WindowGeometry::padRight() const {
  return overhang(inputWidth, outputWidth, strideW, kernelWidth, dilationW,
                  padLeft);
}

int64_t WindowGeometry::padBottom() const {
  return overhang(inputHeight, outputHeight, strideH, kernelHeight, dilationH,
                  padTop);
}

Value thimble::windowRow(StepBuilder &b, const WindowGeometry &geometry,
                         Value row) {
  // A window of one row is passed as its pointer, others as arrays of them. A
  // step that adds a row to sums sees only that.
  if (geometry.kernelHeight == 1 || b.row)
    return b.operands[0];
  int64_t pitch = b.target.pointerBytes;
  return b.load(b.ptr(), b.at(b.operands[0], b.mul(row, pitch)));
}

Value thimble::widthInside(StepBuilder &b, const WindowGeometry &geometry,
                           Value row) {
  Value width = b.constant(geometry.inputWidth);
  if (!geometry.padsRows())
    return width;
  Value isPadding = LLVM::ICmpOp::create(
      b.builder, b.loc, LLVM::ICmpPredicate::eq, row, b.paddingRow);
  return b.select(isPadding, b.constant(0), width);
}

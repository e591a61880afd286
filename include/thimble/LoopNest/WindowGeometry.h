//===- WindowGeometry.h - Windows over an image -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What convolutions and pools have in common: sizes, padding, and where the
// rows of a window are found.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_WINDOWGEOMETRY_H
#define THIMBLE_LOOPNEST_WINDOWGEOMETRY_H

#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// The geometry of a window along both dimensions of an image.
struct WindowGeometry {
  int64_t inputHeight = 1, inputWidth = 1, inputChannels = 1;
  int64_t outputHeight = 1, outputWidth = 1, outputChannels = 1;
  int64_t kernelHeight = 1, kernelWidth = 1;
  int64_t strideH = 1, strideW = 1;
  int64_t dilationH = 1, dilationW = 1;
  int64_t padTop = 0, padLeft = 0;

  /// Elements right of the image that the last window touches.
  int64_t padRight() const;
  /// Rows below the image that the last window touches.
  int64_t padBottom() const;
  bool isPadded() const {
    return padTop > 0 || padLeft > 0 || padRight() > 0 || padBottom() > 0;
  }
  bool padsColumns() const { return padLeft > 0 || padRight() > 0; }
  bool padsRows() const { return padTop > 0 || padBottom() > 0; }
  bool isPointwise() const {
    return kernelHeight == 1 && kernelWidth == 1 && !isPadded();
  }
  RowWindow rows() const {
    return {kernelHeight, strideH, dilationH, padTop, /*whole=*/false};
  }
};

/// The address of row `row` (an i32) of the window of operand 0.
mlir::Value windowRow(StepBuilder &b, const WindowGeometry &geometry,
                      mlir::Value row);

/// How many columns (an i32) of the row at address `row` hold the image: none
/// of the padding row.
mlir::Value widthInside(StepBuilder &b, const WindowGeometry &geometry,
                        mlir::Value row);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_WINDOWGEOMETRY_H

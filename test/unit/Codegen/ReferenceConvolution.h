//===- ReferenceConvolution.h - Convolutions as defined ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One loop a dimension, the zero point subtracted from each element, padding
// skipped: shares nothing with the loop nests but the requantization.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CODEGEN_REFERENCECONVOLUTION_H
#define THIMBLE_TEST_UNIT_CODEGEN_REFERENCECONVOLUTION_H

#include "OpModel.h"

namespace thimble::test {

/// A convolution, or a pool (which has no filter), of an NHWC tensor.
struct WindowShape {
  int64_t batch = 1, height = 1, width = 1, channels = 1;
  int64_t outputChannels = 1; ///< a multiple of `channels` if depthwise
  int64_t kernelH = 1, kernelW = 1;
  int64_t strideH = 1, strideW = 1;
  int64_t dilationH = 1, dilationW = 1;
  int64_t top = 0, bottom = 0, left = 0, right = 0;
  bool depthwise = false;

  int64_t outputHeight() const {
    return (height + top + bottom - (kernelH - 1) * dilationH - 1) / strideH +
           1;
  }
  int64_t outputWidth() const {
    return (width + left + right - (kernelW - 1) * dilationW - 1) / strideW + 1;
  }
  llvm::SmallVector<int64_t> inputShape() const {
    return {batch, height, width, channels};
  }
  llvm::SmallVector<int64_t> outputShape() const {
    return {batch, outputHeight(), outputWidth(), outputChannels};
  }
  llvm::SmallVector<int64_t> filterShape() const {
    if (depthwise)
      return {1, kernelH, kernelW, outputChannels};
    return {outputChannels, kernelH, kernelW, channels};
  }
  std::string str() const;

  /// Calls `tap(input element, filter element)` for each tap inside the image
  /// of an output element.
  void forEachTap(int64_t n, int64_t y, int64_t x, int64_t c,
                  llvm::function_ref<void(int64_t, int64_t)> tap) const;
  /// Calls `body(n, y, x, c)` for each output element in order.
  void forEachOutput(
      llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t)> body) const;
};

/// The numbers of an int8 convolution.
struct ConvolutionNumbers {
  TensorQuantization input, output;
  llvm::SmallVector<double> weightScales; ///< one per output channel
  Activation activation = Activation::None;
};

Bytes convolveInt8(const WindowShape &shape, const ConvolutionNumbers &numbers,
                   const Bytes &input, const Bytes &filter, const Bytes &bias);
/// In double; an exact result is within rounding of it.
std::vector<double> convolveFloat(const WindowShape &shape, const Bytes &input,
                                  const Bytes &filter, const Bytes &bias);

std::vector<float> floatsOf(const Bytes &bytes);

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_CODEGEN_REFERENCECONVOLUTION_H

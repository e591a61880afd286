//===- ReferenceConvolution.cpp - Convolutions as defined -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Direct form.
//
//===----------------------------------------------------------------------===//

#include "ReferenceConvolution.h"
#include "thimble/Support/QuantizedElements.h"
#include <cstring>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

std::string WindowShape::str() const {
  std::string text;
  llvm::raw_string_ostream(text)
      << (depthwise ? "depthwise " : "") << batch << "x" << height << "x"
      << width << "x" << channels << " -> " << outputChannels << ", window "
      << kernelH << "x" << kernelW << ", strides " << strideH << "x" << strideW
      << ", dilations " << dilationH << "x" << dilationW << ", padding " << top
      << " " << bottom << " " << left << " " << right;
  return text;
}

void WindowShape::forEachOutput(
    llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t)> body) const {
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t y = 0; y < outputHeight(); ++y)
      for (int64_t x = 0; x < outputWidth(); ++x)
        for (int64_t c = 0; c < outputChannels; ++c)
          body(n, y, x, c);
}

void WindowShape::forEachTap(
    int64_t n, int64_t y, int64_t x, int64_t c,
    llvm::function_ref<void(int64_t, int64_t)> tap) const {
  int64_t multiplier = outputChannels / channels;
  for (int64_t ky = 0; ky < kernelH; ++ky)
    for (int64_t kx = 0; kx < kernelW; ++kx) {
      int64_t row = y * strideH - top + ky * dilationH;
      int64_t column = x * strideW - left + kx * dilationW;
      if (row < 0 || row >= height || column < 0 || column >= width)
        continue;
      int64_t pixel = ((n * height + row) * width + column) * channels;
      if (depthwise) {
        tap(pixel + c / multiplier, (ky * kernelW + kx) * outputChannels + c);
        continue;
      }
      for (int64_t i = 0; i < channels; ++i)
        tap(pixel + i, ((c * kernelH + ky) * kernelW + kx) * channels + i);
    }
}

template <typename T>
static T elementOf(const Bytes &bytes, int64_t index) {
  T value;
  std::memcpy(&value, &bytes[index * sizeof(T)], sizeof(T));
  return value;
}

Bytes thimble::test::convolveInt8(const WindowShape &shape,
                                  const ConvolutionNumbers &numbers,
                                  const Bytes &input, const Bytes &filter,
                                  const Bytes &bias) {
  auto multipliers = convolutionMultipliers(
      numbers.input.scale, numbers.weightScales, numbers.output.scale);
  ClampRange range =
      clampRange(fusedActivation(numbers.activation), numbers.output)
          .value_or(ClampRange());
  Bytes result;
  shape.forEachOutput([&](int64_t n, int64_t y, int64_t x, int64_t c) {
    int32_t sum = bias.empty() ? 0 : elementOf<int32_t>(bias, c);
    shape.forEachTap(n, y, x, c, [&](int64_t i, int64_t w) {
      sum += (elementOf<int8_t>(input, i) - numbers.input.zeroPoint) *
             elementOf<int8_t>(filter, w);
    });
    result.push_back(static_cast<uint8_t>(
        requantizeInt8(sum, multipliers[c], numbers.output.zeroPoint, range)));
  });
  return result;
}

std::vector<double> thimble::test::convolveFloat(const WindowShape &shape,
                                                 const Bytes &input,
                                                 const Bytes &filter,
                                                 const Bytes &bias) {
  std::vector<double> result;
  shape.forEachOutput([&](int64_t n, int64_t y, int64_t x, int64_t c) {
    double sum = bias.empty() ? 0 : elementOf<float>(bias, c);
    shape.forEachTap(n, y, x, c, [&](int64_t i, int64_t w) {
      sum += double(elementOf<float>(input, i)) * elementOf<float>(filter, w);
    });
    result.push_back(sum);
  });
  return result;
}

std::vector<float> thimble::test::floatsOf(const Bytes &bytes) {
  std::vector<float> floats(bytes.size() / 4);
  std::memcpy(floats.data(), bytes.data(), floats.size() * 4);
  return floats;
}

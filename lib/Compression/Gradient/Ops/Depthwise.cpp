//===- Depthwise.cpp - Convolutions of single channels --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk over (pixel, tap) pairs; the innermost loops run over channels.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <algorithm>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// to[c] += a[c] * b[c].
void addProducts(const float *__restrict a, const float *__restrict b,
                 float *__restrict to, int64_t count) {
  for (int64_t c = 0; c < count; ++c)
    to[c] += a[c] * b[c];
}

class Depthwise final : public Operation {
public:
  Depthwise(const PatchGeometry &geometry, int64_t multiplier)
      : geometry(geometry), multiplier(multiplier),
        channels(geometry.channels * multiplier),
        inputSize(geometry.inputHeight * geometry.inputWidth *
                  geometry.channels),
        outputSize(geometry.getRows() * channels) {}

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s)
      computeSample(a, spread(a.inputs[0].at(s), a.scratch),
                    a.output + s * outputSize);
  }

  void backward(const BackwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *gradient = a.gradient + s * outputSize;
      if (!a.parameterGradients.weights.empty())
        addWeightGradient(a, spread(a.inputs[0].at(s), a.scratch), gradient);
      addChannelGradients(a, a.output + s * outputSize, gradient);
      if (a.inputGradients[0])
        addInputGradient(a, gradient, a.inputGradients[0] + s * inputSize);
    }
  }

private:
  /// Calls visit(window, tap, pixel) for each tap inside the image.
  template <typename Visit>
  void forEachTap(Visit visit) const;

  /// The image with every channel repeated `multiplier` times.
  const float *spread(const float *image, Scratch &scratch) const {
    if (multiplier == 1)
      return image;
    float *to = Scratch::get(scratch.first, inputSize * multiplier);
    for (int64_t i = 0; i < inputSize; ++i)
      std::fill_n(to + i * multiplier, multiplier, image[i]);
    return to;
  }

  void computeSample(const ForwardArguments &a, const float *image,
                     float *output) const;
  void addWeightGradient(const BackwardArguments &a, const float *image,
                         const float *gradient) const;
  void addChannelGradients(const BackwardArguments &a, const float *output,
                           const float *gradient) const;
  void addInputGradient(const BackwardArguments &a, const float *gradient,
                        float *to) const;

  PatchGeometry geometry;
  int64_t multiplier, channels, inputSize, outputSize;
};

template <typename Visit>
void Depthwise::forEachTap(Visit visit) const {
  const PatchGeometry &g = geometry;
  int64_t window = 0;
  for (int64_t y = 0; y < g.outputHeight; ++y)
    for (int64_t x = 0; x < g.outputWidth; ++x, ++window)
      for (int64_t ky = 0; ky < g.kernelHeight; ++ky) {
        int64_t row = y * g.strideHeight + ky * g.dilationHeight - g.paddingTop;
        if (row < 0 || row >= g.inputHeight)
          continue;
        int64_t column = x * g.strideWidth - g.paddingLeft;
        for (int64_t kx = 0; kx < g.kernelWidth;
             ++kx, column += g.dilationWidth)
          if (column >= 0 && column < g.inputWidth)
            visit(window, ky * g.kernelWidth + kx, row * g.inputWidth + column);
      }
}

void Depthwise::computeSample(const ForwardArguments &a, const float *image,
                              float *output) const {
  const std::vector<float> &bias = a.parameters.bias;
  for (int64_t i = 0; i < outputSize; i += channels)
    if (bias.empty())
      std::fill_n(output + i, channels, 0.0f);
    else
      std::copy_n(bias.data(), channels, output + i);
  const float *weights = a.parameters.weights.data();
  forEachTap([&](int64_t window, int64_t tap, int64_t pixel) {
    addProducts(image + pixel * channels, weights + tap * channels,
                output + window * channels, channels);
  });
}

void Depthwise::addWeightGradient(const BackwardArguments &a,
                                  const float *image,
                                  const float *gradient) const {
  float *to = a.parameterGradients.weights.data();
  forEachTap([&](int64_t window, int64_t tap, int64_t pixel) {
    addProducts(image + pixel * channels, gradient + window * channels,
                to + tap * channels, channels);
  });
}

void Depthwise::addChannelGradients(const BackwardArguments &a,
                                    const float *output,
                                    const float *gradient) const {
  LayerGradients &to = a.parameterGradients;
  const std::vector<float> &bias = a.parameters.bias;
  for (int64_t i = 0; i < outputSize; i += channels) {
    if (!to.bias.empty())
      for (int64_t c = 0; c < channels; ++c)
        to.bias[c] += gradient[i + c];
    if (!to.logScales.empty())
      for (int64_t c = 0; c < channels; ++c)
        to.logScales[c] +=
            gradient[i + c] * (output[i + c] - (bias.empty() ? 0 : bias[c]));
  }
}

void Depthwise::addInputGradient(const BackwardArguments &a,
                                 const float *gradient, float *to) const {
  const float *weights = a.parameters.weights.data();
  if (multiplier == 1) {
    forEachTap([&](int64_t window, int64_t tap, int64_t pixel) {
      addProducts(gradient + window * channels, weights + tap * channels,
                  to + pixel * channels, channels);
    });
    return;
  }
  forEachTap([&](int64_t window, int64_t tap, int64_t pixel) {
    const float *by = gradient + window * channels;
    const float *with = weights + tap * channels;
    for (int64_t c = 0; c < channels; ++c)
      to[pixel * geometry.channels + c / multiplier] += by[c] * with[c];
  });
}

} // namespace

OperationPointer thimble::gradient::makeDepthwise(const PatchGeometry &geometry,
                                                  int64_t multiplier) {
  return std::make_unique<Depthwise>(geometry, multiplier);
}

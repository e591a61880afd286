//===- Pool.cpp - Averages and maxima of windows --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The taps inside of each window are found once, when the operation is made.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <algorithm>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// The pixels inside of each window.
class Pool : public Operation {
protected:
  explicit Pool(const PatchGeometry &g)
      : channels(g.channels),
        inputSize(g.inputHeight * g.inputWidth * channels),
        outputSize(g.getRows() * channels), pixels(g.getRows()) {
    for (int64_t window = 0; window < g.getRows(); ++window)
      for (int64_t tap = 0; tap < g.getTaps(); ++tap) {
        int64_t row = window / g.outputWidth * g.strideHeight +
                      tap / g.kernelWidth * g.dilationHeight - g.paddingTop;
        int64_t column = window % g.outputWidth * g.strideWidth +
                         tap % g.kernelWidth * g.dilationWidth - g.paddingLeft;
        if (row >= 0 && row < g.inputHeight && column >= 0 &&
            column < g.inputWidth)
          pixels[window].push_back(row * g.inputWidth + column);
      }
  }

  int64_t channels, inputSize, outputSize;
  std::vector<std::vector<int64_t>> pixels;
};

class AveragePool final : public Pool {
public:
  explicit AveragePool(const PatchGeometry &geometry) : Pool(geometry) {}

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      float *to = a.output + s * outputSize;
      for (const std::vector<int64_t> &window : pixels) {
        std::fill_n(to, channels, 0.0f);
        for (int64_t pixel : window) {
          const float *from = a.inputs[0].at(s) + pixel * channels;
          for (int64_t c = 0; c < channels; ++c)
            to[c] += from[c];
        }
        for (int64_t c = 0; c < channels; ++c)
          to[c] /= static_cast<float>(std::max<size_t>(window.size(), 1));
        to += channels;
      }
    }
  }

  void backward(const BackwardArguments &a) const override {
    if (!a.inputGradients[0])
      return;
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *by = a.gradient + s * outputSize;
      for (const std::vector<int64_t> &window : pixels) {
        float share =
            1 / static_cast<float>(std::max<size_t>(window.size(), 1));
        for (int64_t pixel : window) {
          float *to = a.inputGradients[0] + s * inputSize + pixel * channels;
          for (int64_t c = 0; c < channels; ++c)
            to[c] += share * by[c];
        }
        by += channels;
      }
    }
  }
};

class MaxPool final : public Pool {
public:
  explicit MaxPool(const PatchGeometry &geometry) : Pool(geometry) {}

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *image = a.inputs[0].at(s);
      float *to = a.output + s * outputSize;
      for (const std::vector<int64_t> &window : pixels) {
        std::fill_n(to, channels, 0.0f);
        for (size_t i = 0; i < window.size(); ++i) {
          const float *from = image + window[i] * channels;
          for (int64_t c = 0; c < channels; ++c)
            to[c] = i == 0 ? from[c] : std::max(to[c], from[c]);
        }
        to += channels;
      }
    }
  }

  /// To the first of equal maxima.
  void backward(const BackwardArguments &a) const override {
    if (!a.inputGradients[0])
      return;
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *image = a.inputs[0].at(s);
      const float *largest = a.output + s * outputSize;
      const float *by = a.gradient + s * outputSize;
      float *to = a.inputGradients[0] + s * inputSize;
      for (const std::vector<int64_t> &window : pixels) {
        for (int64_t c = 0; c < channels; ++c)
          for (int64_t pixel : window)
            if (image[pixel * channels + c] == largest[c]) {
              to[pixel * channels + c] += by[c];
              break;
            }
        by += channels;
        largest += channels;
      }
    }
  }
};

} // namespace

OperationPointer
thimble::gradient::makeAveragePool(const PatchGeometry &geometry) {
  return std::make_unique<AveragePool>(geometry);
}

OperationPointer thimble::gradient::makeMaxPool(const PatchGeometry &geometry) {
  return std::make_unique<MaxPool>(geometry);
}

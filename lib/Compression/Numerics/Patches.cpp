//===- Patches.cpp - The windows of a convolution as rows -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk over (window, tap) pairs serves gathering and scattering.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Patches.h"
#include <algorithm>

using namespace thimble;

/// Calls `visit(slot, pixel)` for every tap of every window: `slot` counts taps
/// in the order of the matrix, `pixel` is that of the image or negative for a
/// tap outside.
template <typename Visit>
static void forEachTap(const PatchGeometry &g, Visit visit) {
  int64_t slot = 0;
  for (int64_t y = 0; y < g.outputHeight; ++y)
    for (int64_t x = 0; x < g.outputWidth; ++x)
      for (int64_t ky = 0; ky < g.kernelHeight; ++ky) {
        int64_t row = y * g.strideHeight + ky * g.dilationHeight - g.paddingTop;
        bool isInside = row >= 0 && row < g.inputHeight;
        for (int64_t kx = 0; kx < g.kernelWidth; ++kx, ++slot) {
          int64_t column =
              x * g.strideWidth + kx * g.dilationWidth - g.paddingLeft;
          visit(slot, isInside && column >= 0 && column < g.inputWidth
                          ? row * g.inputWidth + column
                          : -1);
        }
      }
}

void thimble::gatherPatches(const PatchGeometry &geometry, const float *image,
                            float *matrix) {
  int64_t channels = geometry.channels;
  forEachTap(geometry, [&](int64_t slot, int64_t pixel) {
    float *to = matrix + slot * channels;
    if (pixel < 0)
      std::fill_n(to, channels, 0.0f);
    else
      std::copy_n(image + pixel * channels, channels, to);
  });
}

void thimble::gatherChannelPatches(const PatchGeometry &geometry,
                                   int64_t channel, const float *image,
                                   float *matrix) {
  forEachTap(geometry, [&](int64_t slot, int64_t pixel) {
    matrix[slot] =
        pixel < 0 ? 0.0f : image[pixel * geometry.channels + channel];
  });
}

void thimble::scatterPatches(const PatchGeometry &geometry, const float *matrix,
                             float *image) {
  int64_t channels = geometry.channels;
  forEachTap(geometry, [&](int64_t slot, int64_t pixel) {
    if (pixel < 0)
      return;
    for (int64_t c = 0; c < channels; ++c)
      image[pixel * channels + c] += matrix[slot * channels + c];
  });
}

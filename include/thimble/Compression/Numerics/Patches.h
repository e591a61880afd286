//===- Patches.h - The windows of a convolution as rows ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The columns that a convolution's weights are multiplied with: one row of
// numbers for each pixel of the output (im2col).
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_PATCHES_H
#define THIMBLE_COMPRESSION_NUMERICS_PATCHES_H

#include <cstdint>

namespace thimble {

/// Windows over an image of HxWxC elements, C innermost. A matrix product is
/// an image of one pixel and a window of one.
struct PatchGeometry {
  int64_t inputHeight = 1, inputWidth = 1, channels = 1;
  int64_t outputHeight = 1, outputWidth = 1;
  int64_t kernelHeight = 1, kernelWidth = 1;
  int64_t strideHeight = 1, strideWidth = 1;
  int64_t dilationHeight = 1, dilationWidth = 1;
  int64_t paddingTop = 0, paddingLeft = 0;

  /// Windows: rows of the matrix.
  int64_t getRows() const { return outputHeight * outputWidth; }
  /// Taps times channels: columns of the matrix, in the order of OHWI weights.
  int64_t getColumns() const { return kernelHeight * kernelWidth * channels; }
  int64_t getTaps() const { return kernelHeight * kernelWidth; }
};

/// Writes all windows of `image`: getRows() rows of getColumns() floats. Taps
/// outside the image are 0.
void gatherPatches(const PatchGeometry &geometry, const float *image,
                   float *matrix);

/// Writes the windows of one channel: getRows() rows of getTaps() floats.
void gatherChannelPatches(const PatchGeometry &geometry, int64_t channel,
                          const float *image, float *matrix);

/// Adds each window's numbers to the pixels that they come from: the transpose
/// of gatherPatches.
void scatterPatches(const PatchGeometry &geometry, const float *matrix,
                    float *image);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_PATCHES_H

//===- QuantizedLayer.h - Whole numbers times scales ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The weights of a student's layer.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_QUANTIZEDLAYER_H
#define THIMBLE_COMPRESSION_GRADIENT_QUANTIZEDLAYER_H

#include "thimble/Compression/Gradient/Network.h"

namespace thimble::gradient {

/// weight = scale * code, symmetric, in the order of the layer's LayerShape.
struct QuantizedLayer {
  std::vector<int8_t> codes;
  /// One for each output channel, or one for the tensor.
  std::vector<float> scales;
  /// Real values, one for each output channel, or empty for none.
  std::vector<float> bias;

  float getScale(int64_t row) const {
    return scales.size() == 1 ? scales[0] : scales[row];
  }
};

/// Writes the real weights and biases.
void writeParameters(const LayerShape &shape, const QuantizedLayer &layer,
                     LayerParameters &parameters);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_QUANTIZEDLAYER_H

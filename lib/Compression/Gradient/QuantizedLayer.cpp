//===- QuantizedLayer.cpp - Whole numbers times scales --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One product a weight.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/QuantizedLayer.h"

using namespace thimble;
using namespace thimble::gradient;

void thimble::gradient::writeParameters(const LayerShape &shape,
                                        const QuantizedLayer &layer,
                                        LayerParameters &parameters) {
  parameters.weights.resize(shape.getCount());
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column) {
      int64_t i = shape.getIndex(row, column);
      parameters.weights[i] = layer.getScale(row) * layer.codes[i];
    }
  parameters.bias = layer.bias;
}

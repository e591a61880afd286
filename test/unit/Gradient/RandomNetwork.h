//===- RandomNetwork.h - Random shapes, numbers and networks ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tests of forward and backward runs share.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_GRADIENT_RANDOMNETWORK_H
#define THIMBLE_TEST_UNIT_GRADIENT_RANDOMNETWORK_H

#include "thimble/Compression/Gradient/Execution.h"
#include <random>

namespace thimble::gradient {

/// Uniform in -bound..bound.
std::vector<float> randomFloats(int64_t count, std::mt19937 &random,
                                float bound = 1);

/// Whole and uniform in low..high.
int64_t randomWhole(int64_t low, int64_t high, std::mt19937 &random);

/// Windows with strides, dilations and paddings that differ by side; every
/// size is small.
PatchGeometry randomGeometry(std::mt19937 &random);

/// "Same" padding, a square window of `kernel`, square images of `size`.
PatchGeometry sameGeometry(int64_t size, int64_t channels, int64_t kernel,
                           int64_t stride);

/// Random weights, biases of all layers, scaled to keep values near 1.
Parameters randomParameters(const Network &network, std::mt19937 &random);

/// Fills the network's inputs.
void setRandomInputs(const Network &network, Batch &batch,
                     std::mt19937 &random);

/// A residual network of 8x8x3 images: convolution, a block of depthwise and
/// pointwise with a skip, pool, matrix product, softmax.
Network makeResidualNetwork();

} // namespace thimble::gradient

#endif // THIMBLE_TEST_UNIT_GRADIENT_RANDOMNETWORK_H

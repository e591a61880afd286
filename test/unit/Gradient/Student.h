//===- Student.h - A quantized copy of a random network ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tests of distillation and rounding train.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_GRADIENT_STUDENT_H
#define THIMBLE_TEST_UNIT_GRADIENT_STUDENT_H

#include "RandomNetwork.h"
#include "thimble/Compression/Gradient/QuantizedLayer.h"
#include "thimble/Compression/Gradient/Samples.h"

namespace thimble::gradient {

/// A random teacher and its student with codes of `bits` bits, rounded to
/// nearest, a scale for each output channel; activations of 8 bits.
struct Student {
  Student(const Network &network, int bits, uint32_t seed);

  const Network &network;
  Parameters teacher, parameters;
  std::vector<std::optional<QuantizedLayer>> layers;
  /// Random images of 8x8x3, smooth as pictures are.
  SampleSet samples;
};

/// The codes of `bits` bits without the lowest: symmetric.
std::vector<int8_t> getAlphabet(int bits);

} // namespace thimble::gradient

#endif // THIMBLE_TEST_UNIT_GRADIENT_STUDENT_H

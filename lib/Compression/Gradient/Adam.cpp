//===- Adam.cpp - A stochastic gradient method ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With the moving averages' bias towards 0 corrected.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Adam.h"
#include <cmath>

using namespace thimble::gradient;

/// The averages forget fast: trainings of compression have hundreds of steps,
/// not hundreds of thousands.
constexpr float kMeanDecay = 0.9f, kSquareDecay = 0.99f;

void Adam::step(float *numbers, const float *gradients, float rate) {
  ++steps;
  double power = static_cast<double>(steps);
  float meanScale = static_cast<float>(1 / (1 - std::pow(kMeanDecay, power)));
  float squareScale =
      static_cast<float>(1 / (1 - std::pow(kSquareDecay, power)));
  for (size_t i = 0; i < means.size(); ++i) {
    float by = gradients[i];
    means[i] = kMeanDecay * means[i] + (1 - kMeanDecay) * by;
    squares[i] = kSquareDecay * squares[i] + (1 - kSquareDecay) * by * by;
    // Smaller than any gradient that matters: losses are normalised.
    constexpr float kTiny = 1e-12f;
    numbers[i] -= rate * means[i] * meanScale /
                  (std::sqrt(squares[i] * squareScale) + kTiny);
  }
}

float thimble::gradient::getCosineFactor(int64_t step, int64_t steps) {
  constexpr double kPi = 3.14159265358979323846;
  double share = static_cast<double>(step) / static_cast<double>(steps);
  return static_cast<float>(0.5 * (1 + std::cos(kPi * share)));
}

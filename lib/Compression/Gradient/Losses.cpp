//===- Losses.cpp - How far a student is from its teacher -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums are of doubles.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Losses.h"
#include <algorithm>
#include <cmath>
#include <vector>

using namespace thimble::gradient;

/// Writes the logarithms of softmax(logits / temperature).
static void writeLogSoftmax(const float *logits, int64_t depth,
                            float temperature, std::vector<double> &to) {
  double largest = *std::max_element(logits, logits + depth);
  double sum = 0;
  for (int64_t i = 0; i < depth; ++i) {
    to[i] = (logits[i] - largest) / temperature;
    sum += std::exp(to[i]);
  }
  for (int64_t i = 0; i < depth; ++i)
    to[i] -= std::log(sum);
}

double thimble::gradient::addKullbackLeibler(const float *student,
                                             const float *teacher, int64_t rows,
                                             int64_t depth, float temperature,
                                             double weight, float *gradient) {
  std::vector<double> own(depth), wanted(depth);
  double share = weight / static_cast<double>(rows);
  double sum = 0;
  for (int64_t row = 0; row < rows; ++row) {
    writeLogSoftmax(student + row * depth, depth, temperature, own);
    writeLogSoftmax(teacher + row * depth, depth, temperature, wanted);
    for (int64_t i = 0; i < depth; ++i) {
      double probability = std::exp(wanted[i]);
      sum += probability * (wanted[i] - own[i]);
      if (gradient)
        gradient[row * depth + i] += static_cast<float>(
            share * temperature * (std::exp(own[i]) - probability));
    }
  }
  return share * temperature * temperature * sum;
}

double thimble::gradient::addSquaredError(const float *student,
                                          const float *teacher, int64_t count,
                                          double weight, float *gradient) {
  double share = weight / static_cast<double>(count);
  float slope = static_cast<float>(2 * share);
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    float difference = student[i] - teacher[i];
    sum += static_cast<double>(difference) * difference;
    if (gradient)
      gradient[i] += slope * difference;
  }
  return share * sum;
}

double thimble::gradient::getVariance(const float *numbers, int64_t count) {
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += numbers[i];
  double mean = sum / static_cast<double>(count);
  for (int64_t i = 0; i < count; ++i)
    squares += (numbers[i] - mean) * (numbers[i] - mean);
  return squares / static_cast<double>(count);
}

//===- RandomLayers.h - Weights and inputs for tests ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers whose inputs are correlated as those of a network are: neighbours
// resemble each other, and their sizes differ.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_COMPRESSION_RANDOMLAYERS_H
#define THIMBLE_TEST_UNIT_COMPRESSION_RANDOMLAYERS_H

#include <Eigen/Core>
#include <cmath>
#include <random>

namespace thimble {

inline Eigen::MatrixXd randomMatrix(int64_t rows, int64_t columns,
                                    std::mt19937 &random) {
  std::normal_distribution<double> normal;
  Eigen::MatrixXd matrix(rows, columns);
  for (double &value : matrix.reshaped())
    value = normal(random);
  return matrix;
}

/// Samples x K inputs, each correlated with the one before it.
inline Eigen::MatrixXd randomInputs(int64_t samples, int64_t size,
                                    std::mt19937 &random) {
  Eigen::MatrixXd inputs = randomMatrix(samples, size, random);
  for (int64_t i = 1; i < size; ++i)
    inputs.col(i) = 0.8 * inputs.col(i - 1) + 0.6 * inputs.col(i);
  for (int64_t i = 0; i < size; ++i)
    inputs.col(i) *= std::exp(0.5 * std::sin(double(i)));
  return inputs;
}

inline Eigen::MatrixXd momentsOf(const Eigen::MatrixXd &inputs) {
  return inputs.transpose() * inputs / double(inputs.rows());
}

/// K x K second moments.
inline Eigen::MatrixXd randomHessian(int64_t size, std::mt19937 &random) {
  return momentsOf(randomInputs(2 * size + 8, size, random));
}

inline int64_t randomUpTo(int64_t last, std::mt19937 &random) {
  return std::uniform_int_distribution<int64_t>(1, last)(random);
}

} // namespace thimble

#endif // THIMBLE_TEST_UNIT_COMPRESSION_RANDOMLAYERS_H

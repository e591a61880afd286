//===- WeightMatrix.h - A weight as a matrix --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and replaces the weight and bias of an op as what the mathematics of
// compression works on: one row an output channel, the other dimensions as
// columns, in the order in which the tensor has them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_WEIGHTMATRIX_H
#define THIMBLE_COMPRESSION_WEIGHTMATRIX_H

#include "thimble/Compression/Numerics/WeightGrid.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

namespace thimble {

/// A weight of integers: weight = code * scale of its row.
struct IntegerWeights {
  CodeMatrix codes;
  /// One a row, above 0 and exact in float32.
  Eigen::VectorXd scales;
  /// Codes lie in [-limit, limit]; part of the type that the weight gets.
  int64_t limit = 127;
};

/// The largest code of `bits` bits, whose codes are symmetric: 1 for 2 bits,
/// 127 for 8.
int64_t getCodeLimit(int64_t bits);

/// Real numbers of the weight, whatever its type (rows x columns).
Eigen::MatrixXd getWeights(WeightedOp op);
/// Codes and scales of a quantized weight.
IntegerWeights getIntegerWeights(WeightedOp op);
/// Codes in the order of the op's weight tensor.
std::vector<uint8_t> getTensorBytes(WeightedOp op, const CodeMatrix &codes);
/// Real numbers of the bias, one a row, 0 without a bias.
Eigen::VectorXd getBiases(WeightedOp op);

/// Replaces weight and bias of a float op.
void setWeights(WeightedOp op, const Eigen::MatrixXd &weights,
                const Eigen::VectorXd &biases);
/// Replaces weight and bias of an op whose input is, or will be, quantized with
/// `inputScale`. The bias gets 32 bits (64 for int16 inputs) at scale
/// `inputScale` * row scale.
void setIntegerWeights(WeightedOp op, const IntegerWeights &weights,
                       const Eigen::VectorXd &biases, double inputScale);

/// `scale` as float32, raised where it must be for `bias` to fit 31 bits.
double getSafeScale(double scale, double bias, double inputScale);

/// Rows of real numbers rounded to codes of `bits` bits: each row's largest
/// magnitude is its largest code.
IntegerWeights roundToNearest(const Eigen::MatrixXd &weights,
                              const Eigen::VectorXd &biases, int64_t bits,
                              double inputScale);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_WEIGHTMATRIX_H

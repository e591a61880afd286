//===- Statistics.h - What calibration found of a model ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes the attributes that thimble-calibrate leaves and the other
// passes ask for: `thimble.range`, `thimble.moments`, `thimble.histogram`.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_STATISTICS_H
#define THIMBLE_COMPRESSION_STATISTICS_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include <Eigen/Core>
#include <optional>
#include <vector>

namespace thimble {

/// Real numbers that a tensor's quantization should hold; min <= 0 <= max.
struct RealRange {
  float min = 0;
  float max = 0;
};

/// The range of an op's result or of an argument of the model's function;
/// none where calibration left none.
std::optional<RealRange> getRange(mlir::Value value);
/// Replaces it.
void setRange(mlir::Value value, RealRange range);

/// Mean outer products of what each group of the op's weight (see
/// WeightGeometry) is multiplied with, extended by a last number 1: symmetric
/// matrices of (columns + 1) x (columns + 1). Empty without the attribute.
std::vector<Eigen::MatrixXd> getMoments(mlir::Operation *op);
/// Replaces them; stored as f32 in a resource. The matrices have equal sizes.
void setMoments(mlir::Operation *op,
                const std::vector<Eigen::MatrixXd> &moments);

/// How often the numbers of a value occur: between `range`, in bins of equal
/// width. Kept for people and tools; no pass reads it.
void setHistogram(mlir::Value value, RealRange range,
                  llvm::ArrayRef<uint64_t> counts);

/// Removes all three attributes from everything in `root`.
void dropStatistics(mlir::Operation *root);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_STATISTICS_H

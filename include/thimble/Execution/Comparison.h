//===- Comparison.h - The first element that differs ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares what a model computed with what was expected of it.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_COMPARISON_H
#define THIMBLE_EXECUTION_COMPARISON_H

#include "thimble/Execution/TensorFile.h"
#include <optional>

namespace thimble {

/// How floats are compared; integers are always compared bit for bit.
enum class FloatRule {
  exact,    ///< bit for bit
  tolerance ///< |found - expected| <= 2e-5 * max(1, |expected|)
};

/// Where two sets of values differ first, by vector and then by tensor.
struct Difference {
  unsigned tensor = 0;
  uint64_t vector = 0;
  llvm::SmallVector<int64_t> index; ///< of the element in its tensor
  double expected = 0;
  double found = 0;
  uint64_t count = 0; ///< elements of this tensor and vector that differ
  uint64_t size = 0;  ///< elements of the tensor

  /// As `vector 0, element [0,3]: expected 17, found 18 (2 of 12 differ)`.
  std::string describe() const;
};

/// Compares values of the same tensors for the same vectors.
std::optional<Difference> findDifference(llvm::ArrayRef<TensorInfo> tensors,
                                         const TensorVectors &found,
                                         const TensorVectors &expected,
                                         FloatRule rule);

} // namespace thimble

#endif // THIMBLE_EXECUTION_COMPARISON_H

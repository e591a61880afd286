//===- StridedCopy.h - Folding of operators that move elements --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Slices, transposes and broadcasts of constants all read element
// start + sum(index[d] * steps[d]).
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_IMPORT_TFLITE_STRIDEDCOPY_H
#define THIMBLE_LIB_IMPORT_TFLITE_STRIDEDCOPY_H

#include "TensorReader.h"

namespace thimble::tflite {

struct StridedCopy {
  /// Reads every element of a row-major tensor in order.
  explicit StridedCopy(llvm::ArrayRef<int64_t> shape);

  /// Elements of the result, row-major. The caller has seen to it that every
  /// index is inside of `tensor`.
  std::vector<uint8_t> run(const ImportedTensor &tensor) const;

  int64_t start = 0;                       ///< first element that is read
  llvm::SmallVector<int64_t> sizes, steps; ///< of the result's dimensions
};

} // namespace thimble::tflite

#endif // THIMBLE_LIB_IMPORT_TFLITE_STRIDEDCOPY_H

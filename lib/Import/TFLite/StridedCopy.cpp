//===- StridedCopy.cpp - Folding of operators that move elements ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts through the result's indices like an odometer.
//
//===----------------------------------------------------------------------===//

#include "StridedCopy.h"

using namespace thimble::tflite;

StridedCopy::StridedCopy(llvm::ArrayRef<int64_t> shape)
    : sizes(shape), steps(shape.size(), 1) {
  for (int64_t d = int64_t(shape.size()) - 2; d >= 0; --d)
    steps[d] = steps[d + 1] * shape[d + 1];
}

std::vector<uint8_t> StridedCopy::run(const ImportedTensor &tensor) const {
  int64_t width = elementBytes(tensor.kind), count = 1;
  for (int64_t size : sizes)
    count *= size;
  std::vector<uint8_t> result;
  result.reserve(count * width);
  llvm::SmallVector<int64_t> index(sizes.size(), 0);
  int64_t element = start;
  for (int64_t i = 0; i < count; ++i) {
    auto from = tensor.bytes.begin() + element * width;
    result.insert(result.end(), from, from + width);
    for (int64_t d = int64_t(sizes.size()) - 1; d >= 0; --d) {
      element += steps[d];
      if (++index[d] < sizes[d])
        break;
      element -= steps[d] * sizes[d];
      index[d] = 0;
    }
  }
  return result;
}

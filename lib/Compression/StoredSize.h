//===- StoredSize.h - What a weight takes in flash --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The true bytes of codes in the encodings that there are, before kernels and
// layouts are chosen.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_STOREDSIZE_H
#define THIMBLE_LIB_COMPRESSION_STOREDSIZE_H

#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "thimble/TargetInfo/TargetInfo.h"

namespace thimble {

/// Bytes of flash for one weight and cycles to decode it once.
struct StoredSize {
  int64_t bytes = 0; ///< payload and tables, without decoders
  double cycles = 0;
};

/// Measures the smallest of some stacks.
class StoredSizes {
public:
  StoredSizes(mlir::MLIRContext *context, const TargetInfo &target,
              bool entropyCoding)
      : stacks(candidateEncodingStacks(context, entropyCoding)),
        target(target) {}

  /// `codes` as the weight of `op`.
  StoredSize measure(WeightedOp op, const CodeMatrix &codes) const;

private:
  llvm::SmallVector<EncodingStack> stacks;
  const TargetInfo &target;
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_STOREDSIZE_H

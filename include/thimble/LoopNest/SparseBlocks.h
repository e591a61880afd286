//===- SparseBlocks.h - The shape of blocks of zeros ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an encoding tells a nest that skips zeros.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_SPARSEBLOCKS_H
#define THIMBLE_LOOPNEST_SPARSEBLOCKS_H

#include <cstdint>

namespace thimble {

/// Weights are zero or not in blocks of `rows` output channels by `columns`
/// consecutive input channels of one tap.
struct SparseBlocks {
  int64_t rows = 1, columns = 1;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_SPARSEBLOCKS_H

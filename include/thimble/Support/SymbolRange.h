//===- SymbolRange.h - The bytes that an alphabet spans ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Symbols are bytes, and mostly those of small signed numbers: 254, 255, 0, 1.
// So a range of symbols wraps around.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_SYMBOLRANGE_H
#define THIMBLE_SUPPORT_SYMBOLRANGE_H

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>

namespace thimble {

/// The symbols first, first + 1, ... modulo 256.
struct SymbolRange {
  uint8_t first = 0;
  unsigned size = 0; ///< 0 to 256

  /// The smallest range of all symbols for which `isUsed`; of several, the one
  /// that begins first.
  static SymbolRange get(llvm::function_ref<bool(uint8_t)> isUsed) {
    SymbolRange best{0, 0};
    for (unsigned first = 0; first < 256; ++first) {
      if (!isUsed(first))
        continue;
      unsigned gap = 1; // to the used symbol before, all around if alone
      while (!isUsed(first - gap))
        ++gap;
      if (best.size == 0 || 257 - gap < best.size)
        best = {static_cast<uint8_t>(first), 257 - gap};
    }
    return best;
  }

  uint8_t at(unsigned index) const { return first + index; }
};

} // namespace thimble

#endif // THIMBLE_SUPPORT_SYMBOLRANGE_H

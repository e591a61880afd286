//===- Entropy.h - How many bits a symbol needs -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shannon's entropy of order 0, the bound of every code for single symbols.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_ENTROPY_H
#define THIMBLE_SUPPORT_ENTROPY_H

#include "llvm/ADT/ArrayRef.h"
#include <array>
#include <cmath>
#include <cstdint>

namespace thimble {

/// Bits a symbol: -sum p log2 p over the symbols that occur; 0 for none.
inline double entropyInBits(llvm::ArrayRef<uint8_t> symbols) {
  std::array<uint64_t, 256> counts{};
  for (uint8_t symbol : symbols)
    ++counts[symbol];
  double bits = 0, total = double(symbols.size());
  for (uint64_t count : counts)
    if (count)
      bits -= double(count) / total * std::log2(double(count) / total);
  return bits;
}

} // namespace thimble

#endif // THIMBLE_SUPPORT_ENTROPY_H

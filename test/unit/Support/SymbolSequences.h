//===- SymbolSequences.h - Sequences to try entropy codes on ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Symbols of the distributions that weights have, and of those that codes find
// hard. Equal seeds give equal sequences with every standard library.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_SUPPORT_SYMBOLSEQUENCES_H
#define THIMBLE_TEST_UNIT_SUPPORT_SYMBOLSEQUENCES_H

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace thimble {

using Symbols = std::vector<uint8_t>;
using Frequencies = std::vector<uint64_t>;

inline Frequencies countSymbols(const Symbols &symbols) {
  Frequencies frequencies(256);
  for (uint8_t symbol : symbols)
    ++frequencies[symbol];
  return frequencies;
}

/// Bits that an ideal code of order 0 takes for all symbols.
inline double entropyBits(const Frequencies &frequencies) {
  double total = 0, sum = 0;
  for (uint64_t frequency : frequencies)
    total += frequency;
  for (uint64_t frequency : frequencies)
    if (frequency != 0)
      sum -= frequency * std::log2(frequency / total);
  return sum;
}

struct Sequence {
  std::string name;
  Symbols symbols;
};

class SequenceGenerator {
public:
  explicit SequenceGenerator(unsigned seed) : engine(seed) {}

  unsigned pick(unsigned low, unsigned high) {
    return low + engine() % (high - low + 1);
  }
  double fraction() { return (engine() >> 5) * 0x1p-27; }

  Symbols uniform(size_t size, unsigned alphabet) {
    Symbols symbols(size);
    for (uint8_t &symbol : symbols)
      symbol = pick(0, alphabet - 1);
    return symbols;
  }
  /// Symbol s has probability (1 - ratio) * ratio^s; the last one the rest.
  Symbols geometric(size_t size, unsigned alphabet, double ratio) {
    Symbols symbols(size);
    for (uint8_t &symbol : symbols)
      while (symbol + 1u < alphabet && fraction() < ratio)
        ++symbol;
    return symbols;
  }
  /// Bell-shaped around 128, as weights are; -128 never occurs.
  Symbols bell(size_t size, double deviation) {
    Symbols symbols(size);
    for (uint8_t &symbol : symbols) {
      double sum = -6;
      for (unsigned i = 0; i < 12; ++i)
        sum += fraction();
      double value = std::round(128 + sum * deviation);
      symbol = value < 1 ? 1 : value > 255 ? 255 : value;
    }
    return symbols;
  }
  /// One symbol with the given share, all else uniform.
  Symbols skewed(size_t size, unsigned alphabet, double share) {
    Symbols symbols = uniform(size, alphabet);
    for (uint8_t &symbol : symbols)
      if (fraction() < share)
        symbol = alphabet / 2;
    return symbols;
  }

  std::vector<Sequence> sequences(size_t size) {
    return {{"uniform256", uniform(size, 256)},
            {"uniform16", uniform(size, 16)},
            {"uniform3", uniform(size, 3)},
            {"two", uniform(size, 2)},
            {"twoSkewed", skewed(size, 2, 0.8)},
            {"geometric256", geometric(size, 256, 0.97)},
            {"geometric16", geometric(size, 16, 0.5)},
            {"geometric5", geometric(size, 5, 0.3)},
            {"bell30", bell(size, 30)},
            {"bell4", bell(size, 4)},
            {"bell1", bell(size, 1)},
            {"sparse75", skewed(size, 256, 0.75)},
            {"sparse90", skewed(size, 16, 0.9)},
            {"constant", Symbols(size, 200)}};
  }

private:
  std::mt19937 engine;
};

/// Frequencies whose optimal code without a limit is as deep as can be.
inline Frequencies fibonacciFrequencies(unsigned alphabet) {
  Frequencies frequencies(alphabet, 1);
  for (unsigned i = 2; i < alphabet; ++i)
    frequencies[i] = frequencies[i - 1] + frequencies[i - 2];
  return frequencies;
}

} // namespace thimble

#endif // THIMBLE_TEST_UNIT_SUPPORT_SYMBOLSEQUENCES_H

//===- RandomWeights.h - Weights of every kind ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What encodings are for, and what they had better survive.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_ENCODINGS_RANDOMWEIGHTS_H
#define THIMBLE_TEST_UNIT_ENCODINGS_RANDOMWEIGHTS_H

#include <cstdint>
#include <random>
#include <vector>

namespace thimble::test {

enum class WeightKind {
  Uniform,   ///< every byte
  Extreme,   ///< -128, -1, 0 and 127
  Constant,  ///< one value
  Zero,      ///< nothing but zeros
  Bits,      ///< fewer than eight bits, signed or not
  Few,       ///< a handful of values
  Ternary,   ///< -1, 0, 1
  Sparse,    ///< many zeros, the rest any
  Ramp,      ///< small steps from weight to weight
  Geometric, ///< skewed: small magnitudes are likely
  Blocks,    ///< zeros in blocks of 4 x 2
  Pattern,   ///< two of each four are zero
};
constexpr int weightKinds = int(WeightKind::Pattern) + 1;

/// `count` weights in rows of `rowLength`.
inline std::vector<uint8_t> randomWeights(std::mt19937 &engine, WeightKind kind,
                                          int64_t count, int64_t rowLength) {
  auto pick = [&](int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  };
  int64_t bits = pick(1, 7), distinct = pick(1, 40), sparsity = pick(20, 99);
  int64_t constant = pick(-128, 127);
  bool isSigned = pick(0, 1);
  std::vector<uint8_t> values(distinct);
  for (uint8_t &value : values)
    value = uint8_t(pick(-128, 127));
  std::vector<bool> blocks(count + 8);
  for (size_t i = 0; i < blocks.size(); ++i)
    blocks[i] = pick(0, 99) >= sparsity;
  int64_t ramp = constant;
  std::vector<uint8_t> weights(count);
  for (int64_t i = 0; i < count; ++i) {
    int64_t w = pick(-127, 127);
    switch (kind) {
    case WeightKind::Uniform:
      w = pick(-128, 127);
      break;
    case WeightKind::Extreme:
      w = std::vector<int64_t>{-128, -1, 0, 127}[pick(0, 3)];
      break;
    case WeightKind::Constant:
      w = constant;
      break;
    case WeightKind::Zero:
      w = 0;
      break;
    case WeightKind::Bits:
      w = isSigned ? pick(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
                   : pick(0, (1 << bits) - 1);
      break;
    case WeightKind::Few:
      w = values[pick(0, distinct - 1)];
      break;
    case WeightKind::Ternary:
      w = pick(-1, 1);
      break;
    case WeightKind::Sparse:
      w = pick(0, 99) < sparsity ? 0 : w;
      break;
    case WeightKind::Ramp:
      w = ramp += pick(-1, 2);
      break;
    case WeightKind::Geometric:
      w = 0;
      while (w < 100 && pick(0, 99) < sparsity)
        ++w;
      w = pick(0, 1) ? w : -w;
      break;
    case WeightKind::Blocks: {
      int64_t row = i / rowLength, column = i % rowLength;
      w = blocks[(row / 4 * ((rowLength + 1) / 2) + column / 2) %
                 int64_t(blocks.size())]
              ? w
              : 0;
      break;
    }
    case WeightKind::Pattern:
      w = (i % rowLength + i / rowLength) % 4 < 2 ? 0 : w + (w == 0);
      break;
    }
    weights[i] = uint8_t(w);
  }
  return weights;
}

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_ENCODINGS_RANDOMWEIGHTS_H

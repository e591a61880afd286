//===- RandomWeights.h - Weights of every kind ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What encodings are for, and what they had better survive.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_ENCODINGS_RANDOMWEIGHTS_H
#define THIMBLE_TEST_UNIT_ENCODINGS_RANDOMWEIGHTS_H

#include "thimble/Support/Trellis.h"
#include <algorithm>
#include <array>
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
  Trellis,   ///< each row follows the trellis
  Trellises, ///< each column does
};
constexpr int weightKinds = int(WeightKind::Trellises) + 1;

/// Draws the weights of one tensor.
class WeightDrawer {
public:
  WeightDrawer(std::mt19937 &engine, WeightKind kind, int64_t count,
               int64_t rowLength)
      : engine(engine), kind(kind), rowLength(rowLength), bits(pick(1, 7)),
        sparsity(pick(20, 99)), constant(pick(-128, 127)), isSigned(pick(0, 1)),
        values(pick(1, 40)), blocks(count + 8), trellises(rowLength) {
    for (int64_t &value : values)
      value = pick(-128, 127);
    for (size_t i = 0; i < blocks.size(); ++i)
      blocks[i] = pick(0, 99) >= sparsity;
  }

  /// The weight at `i`; in order.
  int64_t draw(int64_t i) {
    int64_t any = pick(-127, 127);
    switch (kind) {
    case WeightKind::Uniform:
      return pick(-128, 127);
    case WeightKind::Extreme:
      return std::array<int64_t, 4>{-128, -1, 0, 127}[pick(0, 3)];
    case WeightKind::Constant:
      return constant;
    case WeightKind::Zero:
      return 0;
    case WeightKind::Bits:
      return isSigned ? pick(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
                      : pick(0, (1 << bits) - 1);
    case WeightKind::Few:
      return values[pick(0, int64_t(values.size()) - 1)];
    case WeightKind::Ternary:
      return pick(-1, 1);
    case WeightKind::Sparse:
      return pick(0, 99) < sparsity ? 0 : any;
    case WeightKind::Ramp:
      return constant += pick(-1, 2);
    case WeightKind::Geometric: {
      int64_t magnitude = 0;
      while (magnitude < 100 && pick(0, 99) < sparsity)
        ++magnitude;
      return pick(0, 1) ? magnitude : -magnitude;
    }
    case WeightKind::Blocks:
      return isKept(i / rowLength, i % rowLength) ? any : 0;
    case WeightKind::Pattern:
      return (i % rowLength + i / rowLength) % 4 < 2 ? 0 : any + (any == 0);
    case WeightKind::Trellis:
      if (i % rowLength == 0)
        trellises[0] = thimble::Trellis();
      return trellises[0].decode(drawIndex());
    case WeightKind::Trellises:
      return trellises[i % rowLength].decode(drawIndex());
    }
    return 0;
  }

private:
  int64_t pick(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }
  bool isKept(int64_t row, int64_t column) const {
    int64_t block = row / 4 * ((rowLength + 1) / 2) + column / 2;
    return blocks[block % int64_t(blocks.size())];
  }

  /// An index of a trellis, of at most `bits` bits.
  int8_t drawIndex() {
    return static_cast<int8_t>(pick(-(1 << (bits - 1)), (1 << (bits - 1)) - 1));
  }

  std::mt19937 &engine;
  WeightKind kind;
  int64_t rowLength, bits, sparsity, constant;
  bool isSigned;
  std::vector<int64_t> values;
  std::vector<bool> blocks;
  std::vector<thimble::Trellis> trellises;
};

/// `count` weights in rows of `rowLength`.
inline std::vector<uint8_t> randomWeights(std::mt19937 &engine, WeightKind kind,
                                          int64_t count, int64_t rowLength) {
  WeightDrawer drawer(engine, kind, count, rowLength);
  std::vector<uint8_t> weights(count);
  for (int64_t i = 0; i < count; ++i)
    weights[i] = uint8_t(drawer.draw(i));
  return weights;
}

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_ENCODINGS_RANDOMWEIGHTS_H

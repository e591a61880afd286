//===- Trellis.h - The machine that weights of a trellis follow -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Trellis-coded quantization with union codebooks (Marcellin & Fischer, IEEE
// Trans. Communications 38(1), 1990; Joshi, Fischer & Bamberger, Asilomar
// 1994): each weight is from one of two codebooks, both as coarse as every
// second number, and the parities of the indices of earlier weights say which.
// Among the sequences of weights that this allows there is one nearer to the
// wanted one than any of equally coarse independent weights. Rounding and the
// encoding #thimble.trellis share this definition.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_TRELLIS_H
#define THIMBLE_SUPPORT_TRELLIS_H

#include <cstdint>
#include <optional>

namespace thimble {

/// The machine of eight states that one output channel's weights drive, in the
/// order in which they are stored. It begins with state 0.
///
/// With a state of three bits (z, s1, s2), a weight v has the number u = -v if
/// z, else v. That is a member of the codebook {..., -3, -1, 0, 2, 4, ...}, the
/// `index`-th from 0: u = 2 index + (index < 0). With p = index & 1 then
///
///     (z, s1, s2) <- (s2 ^ z, z, s1 ^ p)
///
/// 0 is in the codebook of every state, and has the index 0.
struct Trellis {
  static constexpr unsigned states = 8;
  static constexpr int minIndex = -64, maxIndex = 63;
  /// The largest magnitude of a weight in either codebook.
  static constexpr int maxWeight = 127;

  unsigned state = 0; ///< z is bit 0, s1 bit 1, s2 bit 2

  /// True if the weights of a state have the opposite signs: z.
  static constexpr bool isMirrored(unsigned state) { return state & 1; }

  /// The state after a weight whose index is even (`parity` = 0) or odd (1).
  static constexpr unsigned next(unsigned state, unsigned parity) {
    unsigned z = state & 1, s1 = state >> 1 & 1, s2 = state >> 2 & 1;
    return (s2 ^ z) | z << 1 | (s1 ^ parity) << 2;
  }

  /// The weight of an index from minIndex to maxIndex, without a step.
  static constexpr int8_t weightOf(unsigned state, int8_t index) {
    int u = 2 * index + (index < 0);
    return static_cast<int8_t>(isMirrored(state) ? -u : u);
  }

  /// The index of a weight, without a step; none if the weight is not in the
  /// state's codebook.
  static constexpr std::optional<int8_t> indexOf(unsigned state,
                                                 int8_t weight) {
    int u = isMirrored(state) ? -weight : weight;
    bool isOdd = u % 2 != 0;
    if (isOdd != (u < 0) || u > 2 * maxIndex)
      return std::nullopt;
    return static_cast<int8_t>((u - isOdd) / 2);
  }

  /// The weight of the next index, which is from minIndex to maxIndex.
  int8_t decode(int8_t index) {
    int8_t weight = weightOf(state, index);
    state = next(state, index & 1);
    return weight;
  }

  /// The index of the next weight; none, and no step, if the weights do not
  /// follow the trellis.
  std::optional<int8_t> encode(int8_t weight) {
    std::optional<int8_t> index = indexOf(state, weight);
    if (index)
      state = next(state, *index & 1);
    return index;
  }
};

} // namespace thimble

#endif // THIMBLE_SUPPORT_TRELLIS_H

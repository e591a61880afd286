//===- TansCode.h - Table-driven asymmetric numeral systems -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An entropy code whose symbols take fractions of a bit. Frequencies are
// rounded to counts whose sum is 2^R, R the table bits. A decoder is in one of
// 2^R states, each of which stands for a symbol; a symbol with the count c has
// c states. With x = c ... 2c-1 for the states of a symbol in their order, the
// decoder reads n = R - floor(log2 x) bits and goes on in state
// x * 2^n - 2^R + bits. States with one symbol are spread evenly.
//
// A stream is the first state, R bits, then these bits, and a zero, in the
// order of BitStream.h. The zero is there so that a decoder is always within
// the stream while it decodes, even where symbols take no bits. An encoder
// knows a state from its successor only, so it runs backwards. It begins, which
// is where the decoder ends, in the lowest state of the last symbol; a decoder
// that does not end there read a damaged stream.
//
// Sources: Duda, "Asymmetric numeral systems: entropy coding combining speed of
// Huffman coding with compression rate of arithmetic coding"
// (arXiv:1311.2540); the spread is that of Collet's finite state entropy (RFC
// 8878, section 4.1.1).
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_TANSCODE_H
#define THIMBLE_SUPPORT_TANSCODE_H

#include "thimble/Support/SymbolRange.h"
#include "llvm/ADT/ArrayRef.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace thimble {

class TansCode {
public:
  /// Two steps read at most 24 of the 25 bits that a word loaded from any bit
  /// position has at least.
  static constexpr unsigned minTableBits = 6, maxTableBits = 11;

  /// The counts with the fewest bits for symbols 0, 1, ... that occur
  /// `frequencies` (at most 256) times. Nothing if no symbol occurs, or more
  /// than 2^tableBits do.
  static std::optional<TansCode>
  fromFrequencies(llvm::ArrayRef<uint64_t> frequencies, unsigned tableBits);

  /// The code that has `counts` (at most 256) states for symbols 0, 1, ...
  /// Nothing if their sum is not a power of two that is allowed.
  static std::optional<TansCode> fromCounts(llvm::ArrayRef<uint16_t> counts);

  /// The code that `description` says (see `describe`), and how many bytes of
  /// it that took. Nothing if the counts do not add up.
  static std::optional<TansCode>
  fromDescription(llvm::ArrayRef<uint8_t> description,
                  size_t *bytesRead = nullptr);

  unsigned tableBits() const { return bits; }

  /// How many states stand for `symbol`; 0 if it does not occur.
  unsigned countOf(uint8_t symbol) const { return counts[symbol]; }

  /// Bits that the code is to take for symbols that occur `frequencies` times:
  /// the cross entropy of the counts. What `encode` takes differs by the first
  /// state and by some tenths of a percent. Infinite if a symbol has no count.
  double expectedBits(llvm::ArrayRef<uint64_t> frequencies) const;

  /// Appends the stream of `symbols` to `bytes`, which grow by whole bytes; by
  /// none if there are no symbols. False, with `bytes` as they were, if one of
  /// the symbols has no count.
  bool encode(llvm::ArrayRef<uint8_t> symbols,
              std::vector<uint8_t> &bytes) const;

  /// Fills `symbols` from the stream that `bytes` begin with, and returns how
  /// many bytes that has. Nothing if there are too few, the bits behind the
  /// last ones are not zero, or the last state is not the one that an encoder
  /// begins with.
  std::optional<size_t> decode(llvm::ArrayRef<uint8_t> bytes,
                               llvm::MutableArrayRef<uint8_t> symbols) const;

  /// The symbols from the first used one to the last.
  SymbolRange range() const;

  /// What a decoder needs to rebuild the code: table bits, first symbol of the
  /// range, its size minus 1, then the count of each symbol of it in groups of
  /// four bits, two a byte, low half first: three bits of the count, lowest
  /// first, and whether there are more. 0 is a symbol that does not occur.
  std::vector<uint8_t> describe() const;

  /// The decoding table, 2^tableBits entries, one a state. With a `map`, the
  /// table holds map[symbol] in place of the symbol.
  ///
  ///   bits 0..7    the symbol
  ///   bits 8..15   how many bits to read
  ///   bits 16..31  what to add to them for the next state
  ///
  std::vector<uint32_t> makeTable(llvm::ArrayRef<uint8_t> map = {}) const;

private:
  explicit TansCode(unsigned tableBits) : bits(tableBits) {}

  unsigned bits;
  std::array<uint16_t, 256> counts{};
};

inline uint8_t tansEntrySymbol(uint32_t entry) { return entry & 255; }
inline unsigned tansEntryBits(uint32_t entry) { return entry >> 8 & 255; }
inline unsigned tansEntryBase(uint32_t entry) { return entry >> 16; }

/// What a decoder on the target does to fill `table`, and written the way it is
/// emitted: loops over arrays, no other memory. `next` holds the counts of
/// symbols first, first + 1, ... and afterwards twice those.
void fillTansTable(unsigned tableBits, uint8_t first,
                   llvm::MutableArrayRef<uint16_t> next,
                   llvm::ArrayRef<uint8_t> map,
                   llvm::MutableArrayRef<uint32_t> table);

} // namespace thimble

#endif // THIMBLE_SUPPORT_TANSCODE_H

//===- HuffmanCode.h - Length-limited canonical prefix codes ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Optimal prefix codes for symbols of a byte whose code words have at most a
// given length, so that one look-up in a table decodes a symbol
// (HuffmanTable.h).
//
// Codes are canonical: words of one length are consecutive numbers in the order
// of their symbols (that of SymbolRange.h), and behind the shorter ones. Hence
// the lengths say all. A word is written with its most significant bit first
// into a stream whose bytes fill from the least significant bit (BitStream.h):
// a decoder sees it reversed in the low bits of what it loads.
//
// An alphabet of one symbol has a code word of no bits.
//
// Sources: Larmore and Hirschberg, "A fast algorithm for optimal length-limited
// Huffman codes" (J. ACM 37, 1990), package-merge; Schwartz and Kallick,
// "Generating a canonical prefix encoding" (C. ACM 7, 1964).
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_HUFFMANCODE_H
#define THIMBLE_SUPPORT_HUFFMANCODE_H

#include "thimble/Support/SymbolRange.h"
#include "llvm/ADT/ArrayRef.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace thimble {

class HuffmanCode {
public:
  /// The longest code word that any code may have. Two fit into the 25 bits
  /// that a word loaded from any bit position has at least.
  static constexpr unsigned maxLimit = 12;

  /// The length of a symbol that does not occur.
  static constexpr uint8_t unused = 0xff;

  /// The code with the fewest bits for symbols 0, 1, ... that occur
  /// `frequencies` (at most 256) times, among those whose words have at most
  /// `limit` (at most maxLimit) bits. Symbols that do not occur get no word.
  /// Nothing if no symbol occurs, or more than 2^limit do.
  static std::optional<HuffmanCode>
  fromFrequencies(llvm::ArrayRef<uint64_t> frequencies, unsigned limit);

  /// The canonical code whose words for symbols 0, 1, ... have `lengths` (at
  /// most 256) bits, or are `unused`. Nothing if it is not complete.
  static std::optional<HuffmanCode>
  fromLengths(llvm::ArrayRef<uint8_t> lengths);

  /// The code that `description` says (see `describe`), and how many bytes of
  /// it that took. Nothing if it is not one of a complete code.
  static std::optional<HuffmanCode>
  fromDescription(llvm::ArrayRef<uint8_t> description,
                  size_t *bytesRead = nullptr);

  /// The symbols from the first used one to the last.
  SymbolRange range() const;

  /// Bits of the longest word; 0 for an alphabet of one symbol.
  unsigned maxLength() const { return longest; }

  /// Bits of the shortest word, or 7 if it has 8: no word is shorter.
  unsigned minLimit() const;

  /// Bits of the word of `symbol`, or `unused`.
  unsigned lengthOf(uint8_t symbol) const { return lengths[symbol]; }

  /// The word of a used `symbol` as it is written: first bit lowest.
  unsigned wordOf(uint8_t symbol) const { return words[symbol]; }

  /// How many words have 0, 1, ... maxLength() bits.
  llvm::ArrayRef<uint16_t> lengthCounts() const {
    return llvm::ArrayRef(counts).take_front(longest + 1);
  }

  /// The used symbols in the order of their words: by length, then by
  /// their place in the range.
  llvm::ArrayRef<uint8_t> sortedSymbols() const { return sorted; }

  /// Bits that symbols take that occur `frequencies` times; nothing if one of
  /// them has no word.
  std::optional<uint64_t> codedBits(llvm::ArrayRef<uint64_t> frequencies) const;

  /// Appends the words of `symbols` to `bytes`, which grow by whole bytes.
  /// False, with `bytes` as they were, if one of the symbols has no word.
  bool encode(llvm::ArrayRef<uint8_t> symbols,
              std::vector<uint8_t> &bytes) const;

  /// Fills `symbols` from the stream that `bytes` begin with, and returns how
  /// many bytes that has. Nothing if there are too few or the bits behind the
  /// last word are not zero. Word by word from the definition: the oracle of
  /// decoders.
  std::optional<size_t> decode(llvm::ArrayRef<uint8_t> bytes,
                               llvm::MutableArrayRef<uint8_t> symbols) const;

  /// What a decoder needs to rebuild the code, in the shorter of two forms:
  ///
  ///   lengths: a byte of both limits, the first symbol of the range, its size
  ///            minus 1, then the lengths of its symbols, two a byte, low half
  ///            first; 0 is a symbol that does not occur;
  ///   list:    a byte of both limits plus 0x80, how many words have
  ///   minLimit(),
  ///            ... maxLength() bits, then the sorted symbols.
  ///
  /// The byte of both limits is maxLength() + 16 * minLimit().
  ///
  /// With a `map` (a code book), the result is a list whose symbols are
  /// map[symbol]: a decoder that reads it yields these at no further cost.
  std::vector<uint8_t> describe(llvm::ArrayRef<uint8_t> map = {}) const;

  /// False for the code whose 256 words have 8 bits each, which has no list and
  /// cannot be described with a map.
  bool canMap() const;

  /// Set in the first byte of a description that is a list.
  static constexpr uint8_t listForm = 0x80;

private:
  HuffmanCode() { lengths.fill(unused); }

  /// Fills the other members from `longest`, `counts` and `sorted`.
  void assignWords();
  /// Fills all members from `lengths`.
  void sortByLength();
  bool isComplete() const;
  bool parseLengths(llvm::ArrayRef<uint8_t> description, size_t &position);
  bool parseList(llvm::ArrayRef<uint8_t> description, size_t &position);

  unsigned longest = 0;
  std::array<uint16_t, maxLimit + 1> counts{};
  std::array<uint8_t, 256> lengths{};
  std::array<uint16_t, 256> words{};
  std::vector<uint8_t> sorted;
};

/// `word` plus one, both with the first bit lowest: how words of `length` bits
/// follow each other in a canonical code. The same number is also the next
/// word's start if that is longer.
unsigned nextReversedWord(unsigned word, unsigned length);

} // namespace thimble

#endif // THIMBLE_SUPPORT_HUFFMANCODE_H

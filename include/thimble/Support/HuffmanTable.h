//===- HuffmanTable.h - Look-up tables that decode words --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of Huffman decoders. A decoder looks at the next bits of the
// stream, so the first bit of a word is the lowest bit of the index.
//
// The functions are what decoders on the target do to fill a table in RAM, and
// are written the way these are emitted: loops over arrays, no other memory.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_HUFFMANTABLE_H
#define THIMBLE_SUPPORT_HUFFMANTABLE_H

#include "thimble/Support/HuffmanCode.h"

namespace thimble {

/// A table of one symbol a look-up, 16 bits an entry. The next `indexBits` bits
/// index the first part, 2^indexBits entries:
///
///   bits 0..7    the symbol
///   bits 8..11   the bits of its word
///
/// If the word is longer than indexBits, bit 15 is set, bits 8..11 are
/// indexBits and the low byte says which one of the `subtables` behind has the
/// symbol, indexed by the `subtableBits` bits that follow. An entry there has
/// the bits of the whole word in bits 8..11.
struct HuffmanTableShape {
  unsigned indexBits = 0;
  unsigned subtableBits = 0;
  unsigned subtables = 0;

  /// Of the table of `code`; there are no subtables if its words have at most
  /// `indexBits` bits.
  static HuffmanTableShape get(const HuffmanCode &code, unsigned indexBits);

  unsigned entries() const {
    return (1u << indexBits) + (subtables << subtableBits);
  }

  /// Where the entry is that `entry` of the first part refers to, when the next
  /// bits are `bits`.
  unsigned subtableIndex(uint16_t entry, uint32_t bits) const {
    return (1u << indexBits) + ((entry & 0xffu) << subtableBits) +
           ((bits >> indexBits) & ((1u << subtableBits) - 1));
  }
};

/// In an entry of the first part: the symbol is in a subtable.
inline constexpr uint16_t huffmanLongWord = 0x8000;

inline unsigned huffmanEntryLength(uint16_t entry) { return entry >> 8 & 15; }

/// Fills `table`, which has shape.entries() entries. With a `map`, the table
/// holds map[symbol] in place of the symbol.
void fillHuffmanTable(const HuffmanCode &code, const HuffmanTableShape &shape,
                      llvm::MutableArrayRef<uint16_t> table,
                      llvm::ArrayRef<uint8_t> map = {});

/// A table of up to two symbols a look-up, 32 bits an entry, for codes whose
/// words have at most `indexBits` bits. Of 2^indexBits entries:
///
///   bits 0..7    the first symbol
///   bits 8..15   the second symbol; 0 if there is only one
///   bits 16..19  the bits of both words
///   bits 20..23  the bits of the first word
///   bits 24..31  how many symbols: 1 or 2
///
/// `table` has 2^indexBits entries, the lower half of whose bytes holds a table
/// of one symbol a look-up with that many index bits. Works in place, from the
/// end, since entry i is made of entries up to i.
void pairHuffmanEntries(unsigned indexBits,
                        llvm::MutableArrayRef<uint32_t> table);

/// Both steps. `indexBits` is at least code.maxLength().
std::vector<uint32_t> makeHuffmanPairTable(const HuffmanCode &code,
                                           unsigned indexBits,
                                           llvm::ArrayRef<uint8_t> map = {});

} // namespace thimble

#endif // THIMBLE_SUPPORT_HUFFMANTABLE_H

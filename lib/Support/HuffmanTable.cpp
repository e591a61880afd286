//===- HuffmanTable.cpp - Look-up tables that decode words ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first part of a table grows by doubling: when all words of up to n bits
// are in a table of 2^n entries, two copies of it are the table of n+1 index
// bits but for the words of n+1 bits, each of which has one entry. That is one
// pass of copying for each word length and one store for each symbol, where
// filling each symbol's entries would be as many single stores as entries.
//===----------------------------------------------------------------------===//

#include "thimble/Support/HuffmanTable.h"

#include <algorithm>
#include <cstring>

using namespace thimble;
using llvm::ArrayRef;
using llvm::MutableArrayRef;

HuffmanTableShape HuffmanTableShape::get(const HuffmanCode &code,
                                         unsigned indexBits) {
  HuffmanTableShape shape{indexBits, 0, 0};
  if (code.maxLength() <= indexBits)
    return shape;
  shape.subtableBits = code.maxLength() - indexBits;
  // Long words are the last ones: their prefixes are the last 2^indexBits
  // numbers.
  unsigned shortWords = 0;
  for (unsigned length = 0; length <= indexBits; ++length)
    shortWords += code.lengthCounts()[length] << (indexBits - length);
  shape.subtables = (1u << indexBits) - shortWords;
  return shape;
}

namespace {

/// What is known between two words: where the next symbol is, and its word.
struct Cursor {
  const uint8_t *symbol;
  unsigned word = 0;

  /// The entry of the symbol; goes on to the next one.
  uint16_t take(unsigned length, ArrayRef<uint8_t> map) {
    uint8_t value = map.empty() ? *symbol : map[*symbol];
    ++symbol;
    word = nextReversedWord(word, length);
    return value | length << 8;
  }
};

} // namespace

static void fillShortWords(const HuffmanCode &code, unsigned indexBits,
                           MutableArrayRef<uint16_t> table,
                           ArrayRef<uint8_t> map, Cursor &cursor) {
  for (unsigned length = 0; length <= indexBits; ++length) {
    if (length != 0) {
      unsigned half = 1u << (length - 1);
      std::copy_n(table.begin(), half, table.begin() + half);
    }
    if (length > code.maxLength())
      continue;
    for (unsigned i = 0; i < code.lengthCounts()[length]; ++i) {
      unsigned word = cursor.word;
      table[word] = cursor.take(length, map);
    }
  }
}

/// Words behind the short ones; those with the same low indexBits share a
/// subtable.
static void fillLongWords(const HuffmanCode &code,
                          const HuffmanTableShape &shape,
                          MutableArrayRef<uint16_t> table,
                          ArrayRef<uint8_t> map, Cursor &cursor) {
  unsigned size = 1u << shape.subtableBits;
  unsigned subtable = 0;
  for (unsigned length = shape.indexBits + 1; length <= code.maxLength();
       ++length)
    for (unsigned i = 0; i < code.lengthCounts()[length]; ++i) {
      unsigned rest = cursor.word >> shape.indexBits;
      if (rest == 0) { // the first word of a subtable continues with zeros
        table[cursor.word] = huffmanLongWord | shape.indexBits << 8 | subtable;
        ++subtable;
      }
      uint16_t *entries =
          &table[(1u << shape.indexBits) + (subtable - 1) * size];
      uint16_t entry = cursor.take(length, map);
      for (; rest < size; rest += 1u << (length - shape.indexBits))
        entries[rest] = entry;
    }
}

void thimble::fillHuffmanTable(const HuffmanCode &code,
                               const HuffmanTableShape &shape,
                               MutableArrayRef<uint16_t> table,
                               ArrayRef<uint8_t> map) {
  assert(table.size() == shape.entries());
  table[0] = 0;
  Cursor cursor{code.sortedSymbols().data()};
  fillShortWords(code, shape.indexBits, table, map, cursor);
  fillLongWords(code, shape, table, map, cursor);
}

void thimble::pairHuffmanEntries(unsigned indexBits,
                                 MutableArrayRef<uint32_t> table) {
  assert(table.size() == size_t(1) << indexBits);
  auto single = [&](unsigned index) {
    uint16_t entry;
    std::memcpy(&entry,
                reinterpret_cast<const uint8_t *>(table.data()) + 2 * index, 2);
    return entry;
  };
  for (unsigned i = table.size(); i-- != 0;) {
    uint16_t first = single(i);
    unsigned length = huffmanEntryLength(first);
    uint16_t second = single(i >> length);
    unsigned both = length + huffmanEntryLength(second);
    uint32_t entry = (first & 0xffu) | length << 20;
    if (both <= indexBits) // else the second word is not all in the index
      entry |= (second & 0xffu) << 8 | both << 16 | 2u << 24;
    else
      entry |= length << 16 | 1u << 24;
    table[i] = entry;
  }
}

std::vector<uint32_t> thimble::makeHuffmanPairTable(const HuffmanCode &code,
                                                    unsigned indexBits,
                                                    ArrayRef<uint8_t> map) {
  assert(code.maxLength() <= indexBits);
  std::vector<uint16_t> single(size_t(1) << indexBits);
  fillHuffmanTable(code, HuffmanTableShape::get(code, indexBits), single, map);
  std::vector<uint32_t> table(single.size());
  std::memcpy(table.data(), single.data(), 2 * single.size());
  pairHuffmanEntries(indexBits, table);
  return table;
}

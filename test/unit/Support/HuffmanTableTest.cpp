//===- HuffmanTableTest.cpp - Look-up tables that decode words ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoding by tables, the way the target does, against decoding by definition.
//===----------------------------------------------------------------------===//

#include "thimble/Support/HuffmanTable.h"

#include "SymbolSequences.h"
#include "thimble/Support/BitStream.h"

#include "gtest/gtest.h"

#include <cstring>

using namespace thimble;

namespace {

/// A stream as the target reads it: 25 bits or more from any position, with the
/// promised bytes behind the end and none else.
struct WordReader {
  explicit WordReader(std::vector<uint8_t> stream) : bytes(std::move(stream)) {
    bytes.resize(bytes.size() + bitStreamReadAhead);
  }
  uint32_t peek() const {
    uint32_t word;
    if (bytes.size() == bitStreamReadAhead)
      return 0; // words of no bits: the stream is not read
    EXPECT_LE(position / 8 + 4, bytes.size());
    std::memcpy(&word, bytes.data() + position / 8, 4);
    return word >> position % 8;
  }
  std::vector<uint8_t> bytes;
  size_t position = 0;
};

Symbols decodeByTable(const HuffmanTableShape &shape,
                      const std::vector<uint16_t> &table, WordReader reader,
                      size_t size) {
  Symbols symbols;
  while (symbols.size() < size) {
    uint32_t bits = reader.peek();
    uint16_t entry = table[bits & ((1u << shape.indexBits) - 1)];
    if (entry & huffmanLongWord) {
      EXPECT_EQ(huffmanEntryLength(entry), shape.indexBits);
      entry = table[shape.subtableIndex(entry, bits)];
    }
    symbols.push_back(entry & 255);
    reader.position += huffmanEntryLength(entry);
  }
  return symbols;
}

Symbols decodeByPairs(unsigned indexBits, const std::vector<uint32_t> &table,
                      WordReader reader, size_t size) {
  Symbols symbols;
  while (symbols.size() < size) {
    uint32_t entry = table[reader.peek() & ((1u << indexBits) - 1)];
    symbols.push_back(entry & 255);
    EXPECT_TRUE(entry >> 24 == 1 || entry >> 24 == 2);
    bool isLast = symbols.size() == size;
    if (entry >> 24 == 2 && !isLast)
      symbols.push_back(entry >> 8 & 255);
    reader.position += entry >> (isLast ? 20 : 16) & 15;
  }
  // The next stream begins where this one ends.
  EXPECT_EQ((reader.position + 7) / 8 + bitStreamReadAhead,
            reader.bytes.size());
  return symbols;
}

TEST(HuffmanTableTest, TablesOfEverySizeDecode) {
  SequenceGenerator generator(1);
  for (const Sequence &sequence : generator.sequences(700))
    for (unsigned limit = 1; limit <= 12; ++limit) {
      auto code =
          HuffmanCode::fromFrequencies(countSymbols(sequence.symbols), limit);
      if (!code)
        continue;
      std::vector<uint8_t> bytes;
      ASSERT_TRUE(code->encode(sequence.symbols, bytes));
      for (unsigned indexBits = 1; indexBits <= 12; ++indexBits) {
        HuffmanTableShape shape = HuffmanTableShape::get(*code, indexBits);
        EXPECT_LE(shape.subtables, 128u);
        std::vector<uint16_t> table(shape.entries(), 0xdead);
        fillHuffmanTable(*code, shape, table);
        EXPECT_EQ(decodeByTable(shape, table, WordReader(bytes),
                                sequence.symbols.size()),
                  sequence.symbols)
            << sequence.name << ", limit " << limit << ", " << indexBits;
      }
    }
}

TEST(HuffmanTableTest, NoSubtableWhereEveryWordFits) {
  auto code = HuffmanCode::fromFrequencies(fibonacciFrequencies(13), 12);
  EXPECT_EQ(HuffmanTableShape::get(*code, 12).entries(), 4096u);
  // Words of 9 to 12 bits begin with eight ones.
  HuffmanTableShape shape = HuffmanTableShape::get(*code, 8);
  EXPECT_EQ(shape.subtables, 1u);
  EXPECT_EQ(shape.subtableBits, 4u);
  EXPECT_EQ(shape.entries(), 256u + 16u);
}

TEST(HuffmanTableTest, PairsDecode) {
  SequenceGenerator generator(2);
  for (const Sequence &sequence : generator.sequences(701))
    for (unsigned limit = 1; limit <= 12; ++limit) {
      auto code =
          HuffmanCode::fromFrequencies(countSymbols(sequence.symbols), limit);
      if (!code)
        continue;
      std::vector<uint8_t> bytes;
      ASSERT_TRUE(code->encode(sequence.symbols, bytes));
      for (unsigned bits = code->maxLength(); bits <= 12; ++bits)
        EXPECT_EQ(decodeByPairs(bits, makeHuffmanPairTable(*code, bits),
                                WordReader(bytes), sequence.symbols.size()),
                  sequence.symbols)
            << sequence.name << ", limit " << limit << ", " << bits;
    }
}

TEST(HuffmanTableTest, PairsHoldTwoSymbolsWhereverBothFit) {
  auto code = HuffmanCode::fromFrequencies({4, 2, 1, 1}, 12);
  std::vector<uint32_t> table = makeHuffmanPairTable(*code, 3);
  EXPECT_EQ(table[0b000], 0x02120000u); // 0, 0 and the first bit of another
  EXPECT_EQ(table[0b010], 0x02130100u); // 0, then 10
  EXPECT_EQ(table[0b001], 0x02230001u); // 10, then 0
  EXPECT_EQ(table[0b101], 0x01220001u); // 10, then 1 of a longer word
  EXPECT_EQ(table[0b011], 0x01330002u);
  EXPECT_EQ(table[0b111], 0x01330003u);
}

TEST(HuffmanTableTest, TablesHoldMappedSymbols) {
  SequenceGenerator generator(3);
  Symbols symbols = generator.geometric(400, 16, 0.7);
  Symbols map = generator.uniform(16, 256), expected;
  for (uint8_t symbol : symbols)
    expected.push_back(map[symbol]);
  auto code = HuffmanCode::fromFrequencies(countSymbols(symbols), 9);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode(symbols, bytes));
  for (unsigned indexBits : {5, 9}) {
    HuffmanTableShape shape = HuffmanTableShape::get(*code, indexBits);
    std::vector<uint16_t> table(shape.entries());
    fillHuffmanTable(*code, shape, table, map);
    EXPECT_EQ(decodeByTable(shape, table, WordReader(bytes), symbols.size()),
              expected);
  }
  EXPECT_EQ(decodeByPairs(10, makeHuffmanPairTable(*code, 10, map),
                          WordReader(bytes), symbols.size()),
            expected);
}

} // namespace

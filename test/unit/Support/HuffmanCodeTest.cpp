//===- HuffmanCodeTest.cpp - Length-limited canonical prefix codes --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Optimality against a search over all codes, round trips, and damaged streams
// and descriptions.
//===----------------------------------------------------------------------===//

#include "thimble/Support/HuffmanCode.h"

#include "SymbolSequences.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

using namespace thimble;

namespace {

/// The fewest bits of any prefix code with words of at most `limit` bits: level
/// by level of the tree, of all ways to make some of its nodes leaves. The more
/// frequent symbols have the shorter words.
uint64_t fewestBits(Frequencies frequencies, unsigned limit) {
  frequencies.erase(
      std::remove(frequencies.begin(), frequencies.end(), uint64_t(0)),
      frequencies.end());
  std::sort(frequencies.rbegin(), frequencies.rend());
  size_t size = frequencies.size();
  Frequencies behind(size + 1);
  for (size_t i = size; i-- != 0;)
    behind[i] = behind[i + 1] + frequencies[i];
  std::map<std::array<size_t, 3>, uint64_t> known;
  std::function<uint64_t(size_t, size_t, size_t)> search =
      [&](size_t level, size_t nodes, size_t done) -> uint64_t {
    if (nodes >= size - done)
      return 0; // all others are leaves here
    if (level == limit || nodes == 0)
      return UINT64_MAX / 2;
    auto [entry, isNew] = known.insert({{level, nodes, done}, UINT64_MAX / 2});
    if (!isNew)
      return entry->second;
    uint64_t best = UINT64_MAX / 2;
    for (size_t leaves = 0; leaves < nodes; ++leaves)
      best = std::min(best, behind[done + leaves] + search(level + 1,
                                                           2 * (nodes - leaves),
                                                           done + leaves));
    return known[{level, nodes, done}] = best;
  };
  return search(0, 1, 0);
}

/// The fewest bits without a limit: Huffman's own construction.
uint64_t fewestBits(const Frequencies &frequencies) {
  std::priority_queue<uint64_t, std::vector<uint64_t>, std::greater<>> weights;
  for (uint64_t frequency : frequencies)
    if (frequency != 0)
      weights.push(frequency);
  uint64_t sum = 0;
  while (weights.size() > 1) {
    uint64_t weight = weights.top();
    weights.pop();
    weight += weights.top();
    weights.pop();
    weights.push(weight);
    sum += weight;
  }
  return sum;
}

uint64_t bitsOf(const HuffmanCode &code, const Frequencies &frequencies) {
  return code.codedBits(frequencies).value();
}

void expectComplete(const HuffmanCode &code, unsigned limit) {
  unsigned sum = 0;
  for (unsigned symbol = 0; symbol < 256; ++symbol) {
    if (code.lengthOf(symbol) == HuffmanCode::unused)
      continue;
    EXPECT_LE(code.lengthOf(symbol), limit);
    sum += 1u << (12 - code.lengthOf(symbol));
  }
  EXPECT_EQ(sum, 1u << 12);
}

/// The stream is all of `bytes`.
bool decodes(const HuffmanCode &code, const std::vector<uint8_t> &bytes,
             Symbols &symbols) {
  return code.decode(bytes, symbols) == bytes.size();
}

TEST(HuffmanCodeTest, LengthsAreOptimalForEveryLimit) {
  SequenceGenerator generator(1);
  for (unsigned trial = 0; trial < 300; ++trial) {
    Frequencies frequencies(generator.pick(2, trial % 3 ? 8 : 40));
    unsigned exponent = generator.pick(1, 40);
    for (uint64_t &frequency : frequencies)
      frequency = std::pow(2.0, generator.fraction() * exponent);
    unsigned limit = generator.pick(3, 12);
    if (frequencies.size() > (1u << limit))
      continue;
    auto code = HuffmanCode::fromFrequencies(frequencies, limit);
    ASSERT_TRUE(code);
    expectComplete(*code, limit);
    EXPECT_EQ(bitsOf(*code, frequencies), fewestBits(frequencies, limit))
        << frequencies.size() << " symbols, limit " << limit;
  }
}

TEST(HuffmanCodeTest, AWideLimitCostsNothing) {
  SequenceGenerator generator(2);
  for (const Sequence &sequence : generator.sequences(1500)) {
    Frequencies frequencies = countSymbols(sequence.symbols);
    auto code = HuffmanCode::fromFrequencies(frequencies, 12);
    ASSERT_TRUE(code) << sequence.name;
    EXPECT_EQ(bitsOf(*code, frequencies), fewestBits(frequencies))
        << sequence.name;
  }
}

TEST(HuffmanCodeTest, FibonacciFrequenciesKeepToTheLimit) {
  for (unsigned size : {2u, 13u, 14u, 40u, 80u})
    for (unsigned limit = 1; limit <= 12; ++limit) {
      Frequencies frequencies = fibonacciFrequencies(size);
      auto code = HuffmanCode::fromFrequencies(frequencies, limit);
      ASSERT_EQ(code.has_value(), size <= (1u << limit));
      if (!code)
        continue;
      expectComplete(*code, limit);
      EXPECT_EQ(code->maxLength(), std::min(size - 1, limit));
      if (size <= 40) {
        EXPECT_EQ(bitsOf(*code, frequencies), fewestBits(frequencies, limit));
      }
    }
}

TEST(HuffmanCodeTest, WordsAreCanonical) {
  // Lengths 1, 2, 3, 3: words 0, 10, 110, 111, written first bit lowest.
  auto code = HuffmanCode::fromFrequencies({1, 4, 0, 1, 2}, 12);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->sortedSymbols().vec(), (Symbols{1, 4, 0, 3}));
  EXPECT_EQ(code->lengthCounts().vec(), (std::vector<uint16_t>{0, 1, 1, 2}));
  EXPECT_EQ(code->wordOf(1), 0b0u);
  EXPECT_EQ(code->wordOf(4), 0b01u);
  EXPECT_EQ(code->wordOf(0), 0b011u);
  EXPECT_EQ(code->wordOf(3), 0b111u);
  EXPECT_EQ(code->lengthOf(2), HuffmanCode::unused);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode({3, 1, 4, 0}, bytes));
  EXPECT_EQ(bytes, (std::vector<uint8_t>{0b11010111, 0b0}));
}

TEST(HuffmanCodeTest, AFullAlphabetHasOneLengthWithLimitEight) {
  Frequencies frequencies(256, 1);
  frequencies[7] = 1000000;
  EXPECT_FALSE(HuffmanCode::fromFrequencies(frequencies, 7));
  auto code = HuffmanCode::fromFrequencies(frequencies, 8);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->lengthCounts()[8], 256);
}

TEST(HuffmanCodeTest, NoSymbolHasNoCode) {
  EXPECT_FALSE(HuffmanCode::fromFrequencies({}, 12));
  EXPECT_FALSE(HuffmanCode::fromFrequencies({0, 0}, 12));
  EXPECT_FALSE(HuffmanCode::fromFrequencies({1, 1}, 0));
}

TEST(HuffmanCodeTest, OneSymbolTakesNoBits) {
  auto code = HuffmanCode::fromFrequencies({0, 0, 5}, 0);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->maxLength(), 0u);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode(Symbols(100, 2), bytes));
  EXPECT_TRUE(bytes.empty());
  Symbols decoded(100);
  ASSERT_TRUE(decodes(*code, bytes, decoded));
  EXPECT_EQ(decoded, Symbols(100, 2));
  EXPECT_FALSE(decodes(*code, {0}, decoded));
}

TEST(HuffmanCodeTest, DecodingUndoesEncoding) {
  SequenceGenerator generator(3);
  for (size_t size : {0, 1, 2, 7, 100, 5000})
    for (const Sequence &sequence : generator.sequences(size))
      for (unsigned limit = 1; limit <= 12; ++limit) {
        Frequencies frequencies = countSymbols(sequence.symbols);
        auto code = HuffmanCode::fromFrequencies(frequencies, limit);
        if (!code)
          continue;
        std::vector<uint8_t> bytes = {0xff}; // what is there stays
        ASSERT_TRUE(code->encode(sequence.symbols, bytes));
        EXPECT_EQ(bytes[0], 0xff);
        bytes.erase(bytes.begin());
        EXPECT_EQ(bytes.size(), (bitsOf(*code, frequencies) + 7) / 8);
        Symbols decoded(size);
        EXPECT_TRUE(decodes(*code, bytes, decoded)) << sequence.name;
        EXPECT_EQ(decoded, sequence.symbols) << sequence.name;
      }
}

TEST(HuffmanCodeTest, ASymbolWithoutWordIsRefused) {
  auto code = HuffmanCode::fromFrequencies({1, 1}, 12);
  std::vector<uint8_t> bytes = {1};
  EXPECT_FALSE(code->encode({0, 1, 2}, bytes));
  EXPECT_EQ(bytes, std::vector<uint8_t>{1});
  EXPECT_FALSE(code->codedBits({0, 1, 2}));
}

TEST(HuffmanCodeTest, StreamsOfAnotherLengthAreRefused) {
  Symbols symbols = SequenceGenerator(4).bell(300, 20);
  auto code = HuffmanCode::fromFrequencies(countSymbols(symbols), 12);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode(symbols, bytes));
  Symbols decoded(symbols.size());
  std::vector<uint8_t> shorter(bytes.begin(), bytes.end() - 1);
  EXPECT_FALSE(decodes(*code, shorter, decoded));
  EXPECT_FALSE(decodes(*code, {}, decoded));
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(decodes(*code, longer, decoded));
  EXPECT_TRUE(decodes(*code, bytes, decoded));
}

TEST(HuffmanCodeTest, BitsBehindTheLastWordAreZero) {
  auto code = HuffmanCode::fromFrequencies({1, 1}, 12);
  Symbols decoded(3);
  EXPECT_TRUE(decodes(*code, {0b00000101}, decoded));
  EXPECT_FALSE(decodes(*code, {0b00001101}, decoded));
}

TEST(HuffmanCodeTest, DamagedStreamsDecodeToSymbolsOrFail) {
  SequenceGenerator generator(5);
  Symbols symbols = generator.geometric(500, 256, 0.9);
  auto code = HuffmanCode::fromFrequencies(countSymbols(symbols), 12);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode(symbols, bytes));
  unsigned failures = 0;
  for (unsigned trial = 0; trial < 2000; ++trial) {
    std::vector<uint8_t> damaged = bytes;
    damaged[generator.pick(0, bytes.size() - 1)] ^= 1 << generator.pick(0, 7);
    Symbols decoded(symbols.size());
    failures += !decodes(*code, damaged, decoded);
    for (uint8_t symbol : decoded)
      ASSERT_TRUE(symbol == 0 || code->lengthOf(symbol) != HuffmanCode::unused);
  }
  // Prefix codes fall into step again, so that many change symbols only.
  EXPECT_GT(failures, 400u);
}

TEST(HuffmanCodeTest, LengthsSayAll) {
  Symbols symbols = SequenceGenerator(8).bell(400, 10);
  auto code = HuffmanCode::fromFrequencies(countSymbols(symbols), 11);
  std::vector<uint8_t> lengths;
  for (unsigned symbol = 0; symbol < 256; ++symbol)
    lengths.push_back(code->lengthOf(symbol));
  auto again = HuffmanCode::fromLengths(lengths);
  ASSERT_TRUE(again);
  for (unsigned symbol = 0; symbol < 256; ++symbol)
    EXPECT_EQ(again->wordOf(symbol), code->wordOf(symbol));
  EXPECT_TRUE(HuffmanCode::fromLengths({HuffmanCode::unused, 0}));
  EXPECT_FALSE(HuffmanCode::fromLengths({0, 0}));
  EXPECT_FALSE(HuffmanCode::fromLengths({}));
  EXPECT_FALSE(HuffmanCode::fromLengths({1, 2}));
  EXPECT_FALSE(HuffmanCode::fromLengths({1, 1, 13}));
}

TEST(HuffmanCodeTest, DescriptionsSayAll) {
  SequenceGenerator generator(6);
  for (size_t size : {1, 10, 3000})
    for (const Sequence &sequence : generator.sequences(size)) {
      auto code =
          HuffmanCode::fromFrequencies(countSymbols(sequence.symbols), 12);
      std::vector<uint8_t> description = code->describe();
      EXPECT_LE(description.size(), 3u + 128u);
      size_t length = description.size(), bytesRead = 0;
      description.push_back(0x5a); // what follows is not read
      auto again = HuffmanCode::fromDescription(description, &bytesRead);
      ASSERT_TRUE(again) << sequence.name;
      EXPECT_EQ(bytesRead, length);
      for (unsigned symbol = 0; symbol < 256; ++symbol) {
        EXPECT_EQ(again->lengthOf(symbol), code->lengthOf(symbol));
        EXPECT_EQ(again->wordOf(symbol), code->wordOf(symbol));
      }
    }
}

TEST(HuffmanCodeTest, TheShorterFormIsChosen) {
  // Few symbols far apart are listed; many in a row are not.
  Frequencies frequencies(256);
  frequencies[3] = 2;
  frequencies[90] = frequencies[200] = 1;
  auto code = HuffmanCode::fromFrequencies(frequencies, 12);
  EXPECT_EQ(code->describe(), (std::vector<uint8_t>{0x92, 1, 2, 3, 200, 90}));
  code = HuffmanCode::fromFrequencies(Frequencies(16, 1), 12);
  EXPECT_EQ(code->describe(),
            (std::vector<uint8_t>{0x44, 0, 15, 0x44, 0x44, 0x44, 0x44, 0x44,
                                  0x44, 0x44, 0x44}));
}

TEST(HuffmanCodeTest, RangesWrapAround) {
  Frequencies frequencies(256);
  for (unsigned symbol : {0xfe, 0xff, 0x00, 0x01})
    frequencies[symbol] = 1;
  auto code = HuffmanCode::fromFrequencies(frequencies, 12);
  EXPECT_EQ(code->range().first, 0xfe);
  EXPECT_EQ(code->range().size, 4u);
  EXPECT_EQ(code->sortedSymbols().vec(), (Symbols{0xfe, 0xff, 0, 1}));
  EXPECT_EQ(code->describe(),
            (std::vector<uint8_t>{0x22, 0xfe, 3, 0x22, 0x22}));
}

TEST(HuffmanCodeTest, AMappedDescriptionYieldsMappedSymbols) {
  Symbols map = {7, 130, 250, 7};
  Symbols symbols = {0, 1, 1, 2, 3, 1, 1, 2, 3, 3, 3, 3};
  auto code = HuffmanCode::fromFrequencies(countSymbols(symbols), 12);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode(symbols, bytes));
  auto mapped = HuffmanCode::fromDescription(code->describe(map));
  ASSERT_TRUE(mapped);
  Symbols decoded(symbols.size());
  ASSERT_TRUE(decodes(*mapped, bytes, decoded));
  for (unsigned i = 0; i < symbols.size(); ++i)
    EXPECT_EQ(decoded[i], map[symbols[i]]);
}

TEST(HuffmanCodeTest, DamagedDescriptionsAreRefused) {
  auto isRefused = [](std::vector<uint8_t> bytes) {
    return !HuffmanCode::fromDescription(bytes);
  };
  EXPECT_TRUE(isRefused({}));
  EXPECT_FALSE(isRefused({0x11, 5, 1, 0x11}));
  EXPECT_TRUE(isRefused({0x11, 5, 1}));           // cut off
  EXPECT_FALSE(isRefused({0x11, 255, 1, 0x11}));  // symbols 255 and 0
  EXPECT_TRUE(isRefused({0x11, 5, 2, 0x11, 0}));  // a range of two symbols
  EXPECT_TRUE(isRefused({0x12, 5, 1, 0x11}));     // another longest word
  EXPECT_TRUE(isRefused({0x01, 5, 1, 0x11}));     // another shortest word
  EXPECT_TRUE(isRefused({0x12, 5, 1, 0x21}));     // incomplete
  EXPECT_TRUE(isRefused({0x11, 5, 2, 0x11, 1}));  // more than complete
  EXPECT_TRUE(isRefused({0x11, 5, 2, 0x11, 13})); // a word of 13 bits
  EXPECT_TRUE(isRefused({0x00, 5, 1, 0x00}));     // no symbol
  EXPECT_FALSE(isRefused({0x91, 2, 5, 6}));
  EXPECT_TRUE(isRefused({0x91, 2, 5})); // cut off
  EXPECT_TRUE(isRefused({0x91}));
  EXPECT_TRUE(isRefused({0x9d, 2, 5, 6}));
  EXPECT_TRUE(isRefused({0x92, 2, 0, 5, 6})); // another longest word
  EXPECT_TRUE(isRefused({0x81, 0, 2, 5, 6})); // another shortest word
  EXPECT_TRUE(isRefused({0xa1, 2, 5, 6}));    // shortest beyond longest
  EXPECT_TRUE(isRefused({0x92, 0, 1, 5}));    // incomplete
  EXPECT_TRUE(isRefused({0x80, 0}));
  EXPECT_FALSE(isRefused({0x80, 1, 9}));
}

TEST(HuffmanCodeTest, RandomDescriptionsNeverMisbehave) {
  SequenceGenerator generator(7);
  for (unsigned trial = 0; trial < 20000; ++trial) {
    Symbols bytes = generator.uniform(generator.pick(0, 40), 256);
    if (!bytes.empty())
      bytes[0] = generator.pick(0, 3) | (bytes[0] & 0x90);
    if (auto code = HuffmanCode::fromDescription(bytes))
      expectComplete(*code, 12);
  }
}

} // namespace

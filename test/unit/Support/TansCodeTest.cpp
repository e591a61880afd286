//===- TansCodeTest.cpp - Table-driven asymmetric numeral systems ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lengths against the entropy, counts against a search over all, round trips,
// and damaged streams and descriptions.
//===----------------------------------------------------------------------===//

#include "thimble/Support/TansCode.h"

#include "SymbolSequences.h"
#include "thimble/Support/BitStream.h"

#include "gtest/gtest.h"

#include <cstring>
#include <functional>

using namespace thimble;

namespace {

unsigned usedSymbols(const Frequencies &frequencies) {
  unsigned used = 0;
  for (uint64_t frequency : frequencies)
    used += frequency != 0;
  return used;
}

/// The stream is all of `bytes`.
bool decodes(const TansCode &code, const std::vector<uint8_t> &bytes,
             Symbols &symbols) {
  return code.decode(bytes, symbols) == bytes.size();
}

/// Of the table sizes, the one with the shortest stream.
size_t shortestStream(const Symbols &symbols) {
  size_t best = SIZE_MAX;
  for (unsigned bits = 6; bits <= 11; ++bits) {
    auto code = TansCode::fromFrequencies(countSymbols(symbols), bits);
    std::vector<uint8_t> bytes;
    if (code && code->encode(symbols, bytes))
      best = std::min(best, bytes.size());
  }
  return best;
}

TEST(TansCodeTest, StreamsAreWithinTwoPercentOfTheEntropy) {
  SequenceGenerator generator(1);
  for (size_t size : {4096, 20000})
    for (const Sequence &sequence : generator.sequences(size)) {
      double entropy = entropyBits(countSymbols(sequence.symbols));
      size_t bits = shortestStream(sequence.symbols) * 8;
      if (sequence.name == "constant")
        EXPECT_EQ(bits, 8u); // one state
      else
        EXPECT_LE(bits, 1.02 * entropy) << sequence.name << " " << size;
    }
}

TEST(TansCodeTest, EveryAlphabetIsWithinTwoPercentOfTheEntropy) {
  SequenceGenerator generator(2);
  for (unsigned alphabet = 2; alphabet <= 256; alphabet += alphabet / 7 + 1)
    for (const Symbols &symbols :
         {generator.uniform(4096, alphabet),
          generator.skewed(4096, alphabet, 0.6),
          generator.geometric(4096, alphabet, 1 - 1.5 / alphabet)})
      EXPECT_LE(shortestStream(symbols) * 8,
                1.02 * entropyBits(countSymbols(symbols)))
          << alphabet;
}

TEST(TansCodeTest, ASymbolMayTakeAFractionOfABit) {
  Symbols symbols = SequenceGenerator(3).skewed(50000, 2, 0.98);
  double entropy = entropyBits(countSymbols(symbols));
  EXPECT_LT(entropy, 0.1 * symbols.size());
  EXPECT_LE(shortestStream(symbols) * 8, 1.02 * entropy);
}

TEST(TansCodeTest, CountsAreOptimal) {
  SequenceGenerator generator(4);
  for (unsigned trial = 0; trial < 40; ++trial) {
    Frequencies frequencies(generator.pick(2, 4));
    for (uint64_t &frequency : frequencies)
      frequency = std::pow(2.0, generator.fraction() * 14);
    auto code = TansCode::fromFrequencies(frequencies, 6);
    ASSERT_TRUE(code);
    double best = INFINITY;
    std::function<void(size_t, unsigned, double)> search = [&](size_t symbol,
                                                               unsigned left,
                                                               double bits) {
      double own = 0;
      if (symbol + 1 == frequencies.size()) {
        own = frequencies[symbol] * (6 - std::log2(left));
        best = std::min(best, bits + own);
        return;
      }
      for (unsigned n = 1; n + (frequencies.size() - symbol - 1) <= left; ++n)
        search(symbol + 1, left - n,
               bits + frequencies[symbol] * (6 - std::log2(n)));
    };
    search(0, 64, 0);
    EXPECT_NEAR(code->expectedBits(frequencies), best, 1e-9 * best);
  }
}

TEST(TansCodeTest, CountsAddUp) {
  SequenceGenerator generator(5);
  for (const Sequence &sequence : generator.sequences(999))
    for (unsigned bits = 6; bits <= 11; ++bits) {
      Frequencies frequencies = countSymbols(sequence.symbols);
      auto code = TansCode::fromFrequencies(frequencies, bits);
      ASSERT_EQ(code.has_value(), usedSymbols(frequencies) <= (1u << bits));
      if (!code)
        continue;
      unsigned sum = 0;
      for (unsigned symbol = 0; symbol < 256; ++symbol) {
        EXPECT_EQ(code->countOf(symbol) != 0, frequencies[symbol] != 0);
        sum += code->countOf(symbol);
      }
      EXPECT_EQ(sum, 1u << bits);
    }
}

TEST(TansCodeTest, NoSymbolHasNoCode) {
  EXPECT_FALSE(TansCode::fromFrequencies({}, 8));
  EXPECT_FALSE(TansCode::fromFrequencies({0, 0, 0}, 8));
  EXPECT_FALSE(TansCode::fromFrequencies(Frequencies(65, 1), 6));
  EXPECT_TRUE(TansCode::fromFrequencies(Frequencies(64, 1), 6));
}

TEST(TansCodeTest, DecodingUndoesEncoding) {
  SequenceGenerator generator(6);
  for (size_t size : {0, 1, 2, 3, 100, 3000})
    for (const Sequence &sequence : generator.sequences(size))
      for (unsigned bits = 6; bits <= 11; ++bits) {
        auto code =
            TansCode::fromFrequencies(countSymbols(sequence.symbols), bits);
        if (!code)
          continue;
        std::vector<uint8_t> bytes = {0xff}; // what is there stays
        ASSERT_TRUE(code->encode(sequence.symbols, bytes));
        EXPECT_EQ(bytes[0], 0xff);
        bytes.erase(bytes.begin());
        Symbols decoded(size);
        EXPECT_TRUE(decodes(*code, bytes, decoded)) << sequence.name;
        EXPECT_EQ(decoded, sequence.symbols) << sequence.name;
      }
}

TEST(TansCodeTest, AnySymbolsDecodeWithAnyCode) {
  // The counts need not be those of the stream.
  SequenceGenerator generator(7);
  for (unsigned trial = 0; trial < 60; ++trial) {
    unsigned alphabet = generator.pick(1, 64);
    Frequencies frequencies(alphabet);
    for (uint64_t &frequency : frequencies)
      frequency = std::pow(2.0, generator.fraction() * 30);
    auto code = TansCode::fromFrequencies(frequencies, generator.pick(6, 11));
    Symbols symbols = generator.uniform(500, alphabet), decoded(500);
    std::vector<uint8_t> bytes;
    ASSERT_TRUE(code->encode(symbols, bytes));
    ASSERT_TRUE(decodes(*code, bytes, decoded));
    EXPECT_EQ(decoded, symbols);
  }
}

TEST(TansCodeTest, ASymbolWithoutCountIsRefused) {
  auto code = TansCode::fromFrequencies({1, 1}, 6);
  std::vector<uint8_t> bytes = {1};
  EXPECT_FALSE(code->encode({0, 1, 2}, bytes));
  EXPECT_EQ(bytes, std::vector<uint8_t>{1});
  EXPECT_EQ(code->expectedBits({0, 1, 2}), INFINITY);
}

TEST(TansCodeTest, DamagedStreamsAreMostlyNoticed) {
  SequenceGenerator generator(8);
  Symbols symbols = generator.bell(500, 20), decoded(500);
  auto code = TansCode::fromFrequencies(countSymbols(symbols), 10);
  std::vector<uint8_t> bytes;
  ASSERT_TRUE(code->encode(symbols, bytes));
  std::vector<uint8_t> other(bytes.begin(), bytes.end() - 1);
  EXPECT_FALSE(decodes(*code, other, decoded));
  EXPECT_FALSE(decodes(*code, {}, decoded));
  other = bytes;
  other.push_back(0);
  EXPECT_FALSE(decodes(*code, other, decoded));
  Symbols none;
  EXPECT_FALSE(decodes(*code, bytes, none));
  unsigned failures = 0;
  for (unsigned trial = 0; trial < 2000; ++trial) {
    std::vector<uint8_t> damaged = bytes;
    damaged[generator.pick(0, bytes.size() - 1)] ^= 1 << generator.pick(0, 7);
    failures += !decodes(*code, damaged, decoded);
    for (uint8_t symbol : decoded)
      ASSERT_NE(code->countOf(symbol), 0u);
  }
  EXPECT_GT(failures, 1500u);
}

TEST(TansCodeTest, DescriptionsSayAll) {
  SequenceGenerator generator(9);
  for (const Sequence &sequence : generator.sequences(3000)) {
    auto code = TansCode::fromFrequencies(countSymbols(sequence.symbols), 11);
    std::vector<uint8_t> description = code->describe();
    size_t length = description.size(), bytesRead = 0;
    description.push_back(0x5a); // what follows is not read
    auto again = TansCode::fromDescription(description, &bytesRead);
    ASSERT_TRUE(again) << sequence.name;
    EXPECT_EQ(bytesRead, length);
    EXPECT_EQ(again->tableBits(), 11u);
    for (unsigned symbol = 0; symbol < 256; ++symbol)
      EXPECT_EQ(again->countOf(symbol), code->countOf(symbol));
  }
}

TEST(TansCodeTest, DamagedDescriptionsAreRefused) {
  auto isRefused = [](std::vector<uint8_t> bytes) {
    return !TansCode::fromDescription(bytes);
  };
  // 64 = 1 000 000 in base 8, lowest digit first, with a mark on all but the
  // last.
  EXPECT_FALSE(isRefused({6, 9, 0, 0x88, 0x01}));
  EXPECT_TRUE(isRefused({}));
  EXPECT_TRUE(isRefused({6, 9}));
  EXPECT_TRUE(isRefused({5, 9, 0, 0x88, 0x01}));
  EXPECT_TRUE(isRefused({12, 9, 0, 0x88, 0x01}));
  EXPECT_TRUE(isRefused({7, 9, 0, 0x88, 0x01})); // half of the states
  EXPECT_TRUE(isRefused({6, 9, 0, 0x88}));       // cut off
  EXPECT_TRUE(isRefused({6, 9, 0, 0x89, 0x01})); // 65
  EXPECT_TRUE(isRefused({6, 9, 1, 0x88, 0x01})); // a range of one symbol
  EXPECT_TRUE(isRefused({6, 9, 0, 0x88, 0x88, 0x88, 0x88, 0x88, 0x88, 0x01}));
}

/// As the target decodes: two symbols a load, and none of the bits that the
/// last state would read are needed.
TEST(TansCodeTest, TheTableDecodes) {
  SequenceGenerator generator(10);
  Symbols map = generator.uniform(256, 256);
  for (const Sequence &sequence : generator.sequences(1001)) {
    auto code = TansCode::fromFrequencies(countSymbols(sequence.symbols), 11);
    std::vector<uint8_t> bytes;
    ASSERT_TRUE(code->encode(sequence.symbols, bytes));
    size_t end = bytes.size();
    bytes.resize(end + bitStreamReadAhead);
    std::vector<uint32_t> table = code->makeTable(map);
    unsigned state = (bytes[0] | bytes[1] << 8) & 2047;
    size_t position = 11;
    for (size_t i = 0; i < sequence.symbols.size(); ++i) {
      uint32_t entry = table[state], word = 0;
      ASSERT_EQ(tansEntrySymbol(entry), map[sequence.symbols[i]]);
      if (i + 1 == sequence.symbols.size())
        break;
      ASSERT_LE(position / 8 + 4, bytes.size());
      std::memcpy(&word, bytes.data() + position / 8, 4);
      state = tansEntryBase(entry) +
              (word >> position % 8 & ((1u << tansEntryBits(entry)) - 1));
      position += tansEntryBits(entry);
    }
    EXPECT_EQ(position / 8 + 1, end) << sequence.name;
  }
}

} // namespace

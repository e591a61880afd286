//===- HuffmanCode.cpp - Length-limited canonical prefix codes ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Package-merge for the lengths, canonical numbering for the words.
//===----------------------------------------------------------------------===//

#include "thimble/Support/HuffmanCode.h"

#include "thimble/Support/BitStream.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

using namespace thimble;
using llvm::ArrayRef;
using llvm::MutableArrayRef;

//===----------------------------------------------------------------------===//
// Lengths
//===----------------------------------------------------------------------===//

namespace {

/// A coin of package-merge: a symbol, or two coins of the list before.
struct Coin {
  uint64_t weight;
  int symbol; ///< negative: a package
  unsigned first = 0, second = 0;
};

using Coins = std::vector<Coin>;

} // namespace

/// Two by two; what is left over is of no use.
static Coins package(const Coins &coins) {
  Coins packages;
  for (unsigned i = 0; i + 1 < coins.size(); i += 2)
    packages.push_back({coins[i].weight + coins[i + 1].weight, -1, i, i + 1});
  return packages;
}

/// Every use of a symbol below `coin` makes its word one bit longer.
static void countUses(ArrayRef<Coins> lists, unsigned list, const Coin &coin,
                      std::array<uint8_t, 256> &lengths) {
  if (coin.symbol >= 0) {
    ++lengths[coin.symbol];
    return;
  }
  countUses(lists, list - 1, lists[list - 1][coin.first], lengths);
  countUses(lists, list - 1, lists[list - 1][coin.second], lengths);
}

std::optional<HuffmanCode>
HuffmanCode::fromFrequencies(ArrayRef<uint64_t> frequencies, unsigned limit) {
  assert(frequencies.size() <= 256 && limit <= maxLimit);
  Coins symbols;
  for (auto [symbol, frequency] : llvm::enumerate(frequencies))
    if (frequency != 0)
      symbols.push_back({frequency, static_cast<int>(symbol)});
  if (symbols.empty() || symbols.size() > (1u << limit))
    return std::nullopt;

  HuffmanCode code;
  for (const Coin &coin : symbols)
    code.lengths[coin.symbol] = 0;
  if (symbols.size() > 1) {
    auto lighter = [](const Coin &a, const Coin &b) {
      return a.weight < b.weight;
    };
    llvm::sort(symbols, [](const Coin &a, const Coin &b) {
      return std::tie(a.weight, a.symbol) < std::tie(b.weight, b.symbol);
    });
    std::vector<Coins> lists = {symbols};
    while (lists.size() < limit) {
      Coins packages = package(lists.back()), merged;
      std::merge(symbols.begin(), symbols.end(), packages.begin(),
                 packages.end(), std::back_inserter(merged), lighter);
      lists.push_back(std::move(merged));
    }
    for (unsigned i = 0; i < 2 * symbols.size() - 2; ++i)
      countUses(lists, lists.size() - 1, lists.back()[i], code.lengths);
  }
  code.sortByLength();
  return code;
}

std::optional<HuffmanCode> HuffmanCode::fromLengths(ArrayRef<uint8_t> lengths) {
  assert(lengths.size() <= 256);
  HuffmanCode code;
  for (auto [symbol, length] : llvm::enumerate(lengths)) {
    if (length > maxLimit && length != unused)
      return std::nullopt;
    code.lengths[symbol] = length;
  }
  code.sortByLength();
  if (!code.isComplete())
    return std::nullopt;
  return code;
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

unsigned thimble::nextReversedWord(unsigned word, unsigned length) {
  unsigned bit = (1u << length) >> 1;
  for (; word & bit; bit >>= 1)
    word ^= bit;
  return word | bit;
}

void HuffmanCode::sortByLength() {
  SymbolRange symbols = range();
  for (unsigned length = 0; length <= maxLimit; ++length)
    for (unsigned i = 0; i < symbols.size; ++i)
      if (lengths[symbols.at(i)] == length) {
        longest = length;
        ++counts[length];
        sorted.push_back(symbols.at(i));
      }
  assignWords();
}

SymbolRange HuffmanCode::range() const {
  return SymbolRange::get(
      [&](uint8_t symbol) { return lengths[symbol] != unused; });
}

void HuffmanCode::assignWords() {
  unsigned word = 0;
  const uint8_t *symbol = sorted.data();
  for (auto [length, count] : llvm::enumerate(lengthCounts()))
    for (unsigned i = 0; i < count; ++i, ++symbol) {
      lengths[*symbol] = length;
      words[*symbol] = word;
      word = nextReversedWord(word, length);
    }
}

/// Kraft's sum is one: every sequence of bits means symbols.
bool HuffmanCode::isComplete() const {
  unsigned sum = 0;
  for (auto [length, count] : llvm::enumerate(counts))
    sum += count << (maxLimit - length);
  return sum == 1u << maxLimit;
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

std::optional<uint64_t>
HuffmanCode::codedBits(ArrayRef<uint64_t> frequencies) const {
  uint64_t bits = 0;
  for (auto [symbol, frequency] : llvm::enumerate(frequencies)) {
    if (frequency == 0)
      continue;
    if (lengths[symbol] == unused)
      return std::nullopt;
    bits += frequency * lengths[symbol];
  }
  return bits;
}

bool HuffmanCode::encode(ArrayRef<uint8_t> symbols,
                         std::vector<uint8_t> &bytes) const {
  if (llvm::any_of(symbols, [&](uint8_t s) { return lengths[s] == unused; }))
    return false;
  BitWriter writer(bytes);
  for (uint8_t symbol : symbols)
    writer.write(words[symbol], lengths[symbol]);
  return true;
}

std::optional<size_t>
HuffmanCode::decode(ArrayRef<uint8_t> bytes,
                    MutableArrayRef<uint8_t> symbols) const {
  BitReader reader(bytes);
  for (uint8_t &result : symbols) {
    // `first` is the number of the first word of this length, `index` where
    // its symbol is in the sorted list.
    unsigned word = 0, first = 0, index = 0, length = 0;
    while (word - first >= counts[length]) {
      assert(length < longest && "the code is complete");
      index += counts[length];
      first = (first + counts[length]) << 1;
      word = word << 1 | reader.read(1);
      ++length;
    }
    result = sorted[index + (word - first)];
  }
  return reader.finish();
}

//===----------------------------------------------------------------------===//
// Descriptions
//===----------------------------------------------------------------------===//

unsigned HuffmanCode::minLimit() const {
  unsigned shortest = 0;
  while (counts[shortest] == 0)
    ++shortest;
  return std::min(shortest, 7u);
}

/// A count of 256 does not fit in the byte of a list.
bool HuffmanCode::canMap() const {
  return llvm::all_of(counts, [](unsigned count) { return count <= 255; });
}

std::vector<uint8_t> HuffmanCode::describe(ArrayRef<uint8_t> map) const {
  SymbolRange symbols = range();
  size_t inLengths = 3 + (symbols.size + 1) / 2;
  uint8_t limits = longest | minLimit() << 4;
  ArrayRef<uint16_t> listed = lengthCounts().drop_front(minLimit());
  size_t inList = 1 + listed.size() + sorted.size();
  bool fitsList = canMap();
  assert((fitsList || map.empty()) && "ask canMap");

  std::vector<uint8_t> bytes;
  if (fitsList && (!map.empty() || inList <= inLengths)) {
    bytes.push_back(limits | listForm);
    llvm::append_range(bytes, listed);
    for (uint8_t symbol : sorted)
      bytes.push_back(map.empty() ? symbol : map[symbol]);
    return bytes;
  }
  bytes = {limits, symbols.first, static_cast<uint8_t>(symbols.size - 1)};
  BitWriter writer(bytes);
  for (unsigned i = 0; i < symbols.size; ++i) {
    uint8_t length = lengths[symbols.at(i)];
    writer.write(length == unused ? 0 : length, 4);
  }
  return bytes;
}

bool HuffmanCode::parseLengths(ArrayRef<uint8_t> description,
                               size_t &position) {
  if (description.size() < 3)
    return false;
  SymbolRange symbols{description[1], description[2] + 1u};
  position = 3 + (symbols.size + 1) / 2;
  if (description.size() < position)
    return false;
  BitReader reader(description.drop_front(3));
  for (unsigned i = 0; i < symbols.size; ++i) {
    unsigned length = reader.read(4);
    if (length > maxLimit)
      return false;
    if (length != 0)
      lengths[symbols.at(i)] = length;
  }
  sortByLength();
  // Another range would be another order of the words.
  SymbolRange found = range();
  return found.size != 0 && (longest | minLimit() << 4) == description[0] &&
         found.first == symbols.first && found.size == symbols.size;
}

bool HuffmanCode::parseList(ArrayRef<uint8_t> description, size_t &position) {
  longest = description[0] & 15;
  unsigned least = description[0] >> 4 & 7;
  if (longest > maxLimit || least > longest)
    return false;
  size_t begin = 2 + longest - least, size = 0;
  if (description.size() < begin)
    return false;
  for (unsigned length = least; length <= longest; ++length)
    size += counts[length] = description[1 + length - least];
  position = begin + size;
  if (size == 0 || size > 256 || description.size() < position)
    return false;
  sorted = description.slice(begin, size).vec();
  assignWords();
  return counts[longest] != 0 && least == minLimit();
}

std::optional<HuffmanCode>
HuffmanCode::fromDescription(ArrayRef<uint8_t> description, size_t *bytesRead) {
  HuffmanCode code;
  size_t position = 0;
  if (description.empty() ||
      !(description[0] & listForm ? code.parseList(description, position)
                                  : code.parseLengths(description, position)) ||
      !code.isComplete())
    return std::nullopt;
  if (bytesRead)
    *bytesRead = position;
  return code;
}

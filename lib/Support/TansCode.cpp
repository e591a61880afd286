//===- TansCode.cpp - Table-driven asymmetric numeral systems -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts, the table of states, and streams, which are written from the end.
//===----------------------------------------------------------------------===//

#include "thimble/Support/TansCode.h"

#include "thimble/Support/BitStream.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

using namespace thimble;
using llvm::ArrayRef;
using llvm::MutableArrayRef;

//===----------------------------------------------------------------------===//
// Counts
//===----------------------------------------------------------------------===//

namespace {

/// What one more state for a symbol saves, in bits.
struct Gain {
  double bits;
  unsigned symbol;

  static Gain get(uint64_t frequency, unsigned count, unsigned symbol) {
    return {frequency * std::log2((count + 1.0) / count), symbol};
  }
  /// The lower symbol wins a tie, so that the result is the same everywhere.
  bool operator<(const Gain &other) const {
    return bits != other.bits ? bits < other.bits : symbol > other.symbol;
  }
};

} // namespace

std::optional<TansCode>
TansCode::fromFrequencies(ArrayRef<uint64_t> frequencies, unsigned tableBits) {
  assert(frequencies.size() <= 256);
  assert(tableBits >= minTableBits && tableBits <= maxTableBits);
  TansCode code(tableBits);
  // The sum over symbols of frequency * log2(count) is concave in each count,
  // so handing out states one by one to the greatest gain is optimal.
  std::priority_queue<Gain> gains;
  unsigned left = 1u << tableBits;
  for (auto [symbol, frequency] : llvm::enumerate(frequencies)) {
    if (frequency == 0)
      continue;
    if (left-- == 0)
      return std::nullopt;
    code.counts[symbol] = 1;
    gains.push(Gain::get(frequency, 1, symbol));
  }
  if (gains.empty())
    return std::nullopt;
  for (; left != 0; --left) {
    unsigned symbol = gains.top().symbol;
    gains.pop();
    ++code.counts[symbol];
    gains.push(Gain::get(frequencies[symbol], code.counts[symbol], symbol));
  }
  return code;
}

std::optional<TansCode> TansCode::fromCounts(ArrayRef<uint16_t> counts) {
  assert(counts.size() <= 256);
  unsigned sum = 0;
  for (unsigned count : counts)
    sum += count;
  for (unsigned bits = minTableBits; bits <= maxTableBits; ++bits)
    if (sum == 1u << bits) {
      TansCode code(bits);
      llvm::copy(counts, code.counts.begin());
      return code;
    }
  return std::nullopt;
}

double TansCode::expectedBits(ArrayRef<uint64_t> frequencies) const {
  double sum = 0;
  for (auto [symbol, frequency] : llvm::enumerate(frequencies)) {
    if (frequency == 0)
      continue;
    if (counts[symbol] == 0)
      return std::numeric_limits<double>::infinity();
    sum += frequency * (bits - std::log2(counts[symbol]));
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

void thimble::fillTansTable(unsigned tableBits, uint8_t first,
                            MutableArrayRef<uint16_t> next,
                            ArrayRef<uint8_t> map,
                            MutableArrayRef<uint32_t> table) {
  unsigned size = 1u << tableBits;
  assert(table.size() == size);
  // An odd step visits every state once.
  unsigned step = size / 2 + size / 8 + 3, state = 0;
  for (unsigned index = 0; index < next.size(); ++index)
    for (unsigned i = 0; i < next[index]; ++i) {
      table[state] = index;
      state = (state + step) & (size - 1);
    }
  for (uint32_t &entry : table) {
    unsigned x = next[entry]++, count = 0;
    uint8_t symbol = first + entry;
    while (x << count < size)
      ++count;
    entry = (map.empty() ? symbol : map[symbol]) | count << 8 |
            ((x << count) - size) << 16;
  }
}

std::vector<uint32_t> TansCode::makeTable(ArrayRef<uint8_t> map) const {
  std::vector<uint32_t> table(size_t(1) << bits);
  SymbolRange symbols = range();
  std::vector<uint16_t> next;
  for (unsigned i = 0; i < symbols.size; ++i)
    next.push_back(counts[symbols.at(i)]);
  fillTansTable(bits, symbols.first, next, map, table);
  return table;
}

SymbolRange TansCode::range() const {
  return SymbolRange::get([&](uint8_t symbol) { return counts[symbol] != 0; });
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

bool TansCode::encode(ArrayRef<uint8_t> symbols,
                      std::vector<uint8_t> &bytes) const {
  if (llvm::any_of(symbols, [&](uint8_t s) { return counts[s] == 0; }))
    return false;
  if (symbols.empty())
    return true;
  // The states of each symbol, in their order.
  std::array<std::vector<uint16_t>, 256> states;
  for (auto [state, entry] : llvm::enumerate(makeTable()))
    states[tansEntrySymbol(entry)].push_back(state);

  unsigned size = 1u << bits;
  unsigned state = states[symbols.back()].front();
  std::vector<std::pair<unsigned, unsigned>> written; // bits and their number
  for (uint8_t symbol : llvm::reverse(symbols.drop_back())) {
    unsigned x = state + size, count = 0;
    while (x >> count >= 2u * counts[symbol])
      ++count;
    written.push_back({x & ((1u << count) - 1), count});
    state = states[symbol][(x >> count) - counts[symbol]];
  }
  BitWriter writer(bytes);
  writer.write(state, bits);
  for (auto [value, count] : llvm::reverse(written))
    writer.write(value, count);
  writer.write(0, 1);
  return true;
}

std::optional<size_t> TansCode::decode(ArrayRef<uint8_t> bytes,
                                       MutableArrayRef<uint8_t> symbols) const {
  if (symbols.empty())
    return 0;
  std::vector<uint32_t> table = makeTable();
  BitReader reader(bytes);
  unsigned state = reader.read(bits);
  for (uint8_t &symbol : symbols.drop_back()) {
    symbol = tansEntrySymbol(table[state]);
    state =
        tansEntryBase(table[state]) + reader.read(tansEntryBits(table[state]));
  }
  symbols.back() = tansEntrySymbol(table[state]);
  bool isFirstState =
      llvm::none_of(ArrayRef(table).take_front(state), [&](uint32_t entry) {
        return tansEntrySymbol(entry) == symbols.back();
      });
  if (!isFirstState || reader.read(1) != 0)
    return std::nullopt;
  return reader.finish();
}

//===----------------------------------------------------------------------===//
// Descriptions
//===----------------------------------------------------------------------===//

std::vector<uint8_t> TansCode::describe() const {
  SymbolRange symbols = range();
  std::vector<uint8_t> bytes = {static_cast<uint8_t>(bits), symbols.first,
                                static_cast<uint8_t>(symbols.size - 1)};
  BitWriter writer(bytes);
  for (unsigned i = 0; i < symbols.size; ++i) {
    unsigned count = counts[symbols.at(i)];
    for (; count >> 3 != 0; count >>= 3)
      writer.write((count & 7) | 8, 4);
    writer.write(count, 4);
  }
  return bytes;
}

std::optional<TansCode> TansCode::fromDescription(ArrayRef<uint8_t> description,
                                                  size_t *bytesRead) {
  if (description.size() < 3 || description[0] < minTableBits ||
      description[0] > maxTableBits)
    return std::nullopt;
  SymbolRange symbols{description[1], description[2] + 1u};
  TansCode code(description[0]);
  BitReader reader(description.drop_front(3));
  unsigned groups = 0, sum = 0;
  for (unsigned i = 0; i < symbols.size; ++i) {
    unsigned count = 0, shift = 0, group;
    do {
      group = reader.read(4);
      ++groups;
      if (shift > maxTableBits)
        return std::nullopt;
      count |= (group & 7) << shift;
      shift += 3;
    } while (group & 8);
    sum += code.counts[symbols.at(i)] = count;
  }
  // Another range would be another order of the states.
  SymbolRange found = code.range();
  if (reader.hasOverrun() || sum != 1u << code.bits ||
      found.first != symbols.first || found.size != symbols.size)
    return std::nullopt;
  if (bytesRead)
    *bytesRead = 3 + (groups + 1) / 2;
  return code;
}

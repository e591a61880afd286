//===- Palette.cpp - Codebooks --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indices of up to four bits are looked up in pairs: entry i0 + i1 * 2^bits of
// a table of halfwords holds both symbols. Larger ones are looked up one by one
// in the codebook.
//
//===----------------------------------------------------------------------===//

#include "BitSource.h"
#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Dialect/Thimble/IR/FixedWidth.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

/// Indices of at most that many bits are looked up in pairs.
static constexpr unsigned maxPairBits = 4;
/// Symbols that are decoded together.
static constexpr int64_t groupSize = 32;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult
PaletteAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    unsigned entries, DenseI8ArrayAttr codebook) {
  if (entries != 0 && (entries < 2 || entries > 256))
    return emitError() << "expected 2 to 256 entries, found " << entries;
  if (!codebook)
    return success();
  if (codebook.empty() || codebook.size() > 256)
    return emitError() << "expected a codebook of 1 to 256 numbers, found "
                       << codebook.size();
  llvm::SmallDenseSet<int> seen;
  for (int8_t number : codebook.asArrayRef())
    if (!seen.insert(number).second)
      return emitError() << "expected different numbers in a codebook, found "
                         << int(number) << " twice";
  return success();
}

Attribute PaletteAttr::parse(AsmParser &parser, Type) {
  unsigned entries = 0;
  DenseI8ArrayAttr codebook;
  auto parseBody = [&]() -> ParseResult {
    SmallVector<int8_t> numbers;
    auto parseNumber = [&]() -> ParseResult {
      return parser.parseInteger(numbers.emplace_back());
    };
    OptionalParseResult count = parser.parseOptionalInteger(entries);
    if (count.has_value()) {
      SMLoc location = parser.getNameLoc();
      if (failed(*count))
        return failure();
      return entries == 0 ? parser.emitError(location)
                                << "expected 2 to 256 entries, found 0"
                          : success();
    }
    if (succeeded(parser.parseOptionalKeyword("entries")))
      return failure(parser.parseEqual() || parser.parseInteger(entries));
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                       parseNumber))
      return failure();
    codebook = DenseI8ArrayAttr::get(parser.getContext(), numbers);
    return success();
  };
  if (succeeded(parser.parseOptionalLess()) &&
      (parseBody() || parser.parseGreater()))
    return {};
  return parser.getChecked<PaletteAttr>(parser.getContext(), entries, codebook);
}

void PaletteAttr::print(AsmPrinter &printer) const {
  if (getCodebook()) {
    printer << "<[";
    llvm::interleaveComma(
        getCodebook().asArrayRef(), printer.getStream(),
        [&](int8_t number) { printer.getStream() << int(number); });
    printer << "]>";
  } else if (getEntries() != 0) {
    printer << "<" << getEntries() << ">";
  }
}

bool PaletteAttr::isComplete() const { return bool(getCodebook()); }

FailureOr<Attribute> PaletteAttr::specialize(const SymbolLevel &inner,
                                             std::string &reason) const {
  std::vector<uint64_t> counts = inner.histogram();
  if (isComplete()) {
    for (int8_t number : getCodebook().asArrayRef())
      counts[uint8_t(number)] = 0;
    auto missing =
        llvm::find_if(counts, [](uint64_t count) { return count != 0; });
    if (missing == counts.end())
      return Attribute(*this);
    reason = "its codebook lacks the number " +
             std::to_string(int8_t(missing - counts.begin()));
    return failure();
  }
  SmallVector<int8_t> numbers;
  for (int value = -128; value < 128; ++value)
    if (counts[uint8_t(value)])
      numbers.push_back(value);
  if (getEntries() != 0 && numbers.size() > getEntries()) {
    reason = "it has " + std::to_string(numbers.size()) +
             " distinct numbers, more than " + std::to_string(getEntries());
    return failure();
  }
  if (numbers.empty())
    numbers.push_back(0); // of no symbols
  return Attribute(PaletteAttr::get(
      getContext(), 0, DenseI8ArrayAttr::get(getContext(), numbers)));
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

static unsigned indexBits(PaletteAttr attr) {
  return std::max(1u, llvm::Log2_64_Ceil(attr.getCodebook().size()));
}

static bool looksUpPairs(PaletteAttr attr) {
  return indexBits(attr) <= maxPairBits;
}

FailureOr<LevelInfo>
PaletteAttr::getOuterLevel(const LevelInfo &inner,
                           llvm::function_ref<InFlightDiagnostic()>) const {
  LevelInfo outer = inner;
  outer.bits = indexBits(*this);
  outer.isSigned = false;
  outer.zero = std::nullopt;
  for (auto [index, number] : llvm::enumerate(getCodebook().asArrayRef()))
    if (inner.zero == uint8_t(number))
      outer.zero = index;
  outer.readsStored = looksUpPairs(*this);
  outer.alignment = outer.readsStored ? 4 : 1;
  return outer;
}

std::vector<uint8_t> PaletteAttr::encode(const SymbolChunk &inner,
                                         const LevelInfo &,
                                         PayloadWriter &) const {
  std::vector<uint8_t> indices(256, 0), outer;
  for (auto [index, number] : llvm::enumerate(getCodebook().asArrayRef()))
    indices[uint8_t(number)] = index;
  for (uint8_t symbol : inner.symbols)
    outer.push_back(indices[symbol]);
  return outer;
}

LogicalResult PaletteAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                  PayloadReader &, SymbolChunk &inner) const {
  ArrayRef<int8_t> codebook = getCodebook().asArrayRef();
  if (outer.size() != inner.symbols.size())
    return failure();
  for (auto [index, symbol] : llvm::zip_equal(outer, inner.symbols)) {
    if (index >= codebook.size())
      return failure();
    symbol = codebook[index];
  }
  return success();
}

std::vector<uint8_t> PaletteAttr::getSymbolMap() const {
  std::vector<uint8_t> map(256, 0);
  for (auto [index, number] : llvm::enumerate(getCodebook().asArrayRef()))
    map[index] = number;
  return map;
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

std::vector<ConstantTable> PaletteAttr::getTables(const TargetInfo &,
                                                  ArrayRef<uint8_t>) const {
  std::vector<uint8_t> map = getSymbolMap();
  // The table of pairs has an entry for all indices.
  map.resize(looksUpPairs(*this) ? size_t(1) << indexBits(*this)
                                 : getCodebook().size());
  return {{"codebook", map}};
}

int64_t PaletteAttr::getScratchBytes(const TargetInfo &) const {
  return looksUpPairs(*this) ? int64_t(2) << (2 * indexBits(*this)) : 0;
}

void PaletteAttr::buildSetup(StepBuilder &b, DecodeLevel &level) const {
  int64_t rows = int64_t(1) << indexBits(*this), words = rows / 2;
  Value codebook = level.tables[0], pairs = level.scratch;
  // The first row without its second symbols, two entries a word.
  b.loop(words, [&](Value w) {
    Value entry = b.at(codebook, b.mul(w, 2));
    Value both = b.add(b.loadU8(entry), b.shl(b.loadU8(b.at(entry, 1)), 16));
    buildStoreWord(b, both, b.at(pairs, b.mul(w, 4)), 4);
  });
  // All rows from the last, which overwrites the first in the end.
  b.loop(b.constant(0), b.constant(rows), 1, [&](Value step) {
    Value row = b.sub(b.constant(rows - 1), step);
    Value second = b.mul(b.loadU8(b.at(codebook, row)), 0x01000100);
    Value to = b.at(pairs, b.mul(row, 2 * rows));
    for (int64_t w = 0; w < words; ++w) {
      Value first = buildLoadWord(b, b.at(pairs, 4 * w), 4);
      buildStoreWord(b, b.add(first, second), b.at(to, 4 * w), 4);
    }
  });
}

/// The pair whose indices are the lowest bits of `word` above `shift`, as a
/// halfword in an i32.
static Value buildPair(StepBuilder &b, Value pairs, Value word, int64_t shift,
                       unsigned bits) {
  Value index =
      b.bitAnd(b.lshr(word, shift), b.constant((int64_t(1) << (2 * bits)) - 1));
  return buildLoadU16(b, buildElement(b, pairs, index, 1));
}

/// Stored indices, 32 in `bits` words; then those after the last 32 one by one.
static void buildDecodeStored(StepBuilder &b, DecodeLevel &level,
                              unsigned bits) {
  auto group = [&](Value from, Value to) {
    SmallVector<Value> words;
    for (unsigned i = 0; i < bits; ++i)
      words.push_back(buildLoadWord(b, b.at(from, 4 * i), 4));
    auto pair = [&](int64_t index) {
      int64_t bit = index * 2 * bits, shift = bit % 32;
      Value word = words[bit / 32];
      if (shift + 2 * bits <= 32)
        return buildPair(b, level.scratch, word, shift, bits);
      Value both =
          b.add(b.lshr(word, shift), b.shl(words[bit / 32 + 1], 32 - shift));
      return buildPair(b, level.scratch, both, 0, bits);
    };
    for (int64_t row = 0; row < groupSize / 4; ++row) {
      Value low = pair(2 * row), high = pair(2 * row + 1);
      buildStoreWord(b, b.add(low, b.shl(high, 16)), b.at(to, 4 * row),
                     level.outAlignment);
    }
  };
  Value groups = buildQuotient(b, level.count, groupSize);
  StepBuilder::Values ends =
      b.loop(b.constant(0), groups, 1, {level.symbols, level.out},
             [&](Value, ValueRange at) -> StepBuilder::Values {
               group(at[0], at[1]);
               return {b.at(at[0], 4 * int64_t(bits)), b.at(at[1], groupSize)};
             });
  Value rest = b.sub(level.count, b.mul(groups, groupSize));
  b.loop(b.constant(0), rest, 1, [&](Value i) {
    Value index = buildSequentialField(b, ends[0], b.mul(i, bits), bits);
    b.storeI8(b.loadU8(b.at(level.tables[0], index)), b.at(ends[1], i));
  });
}

/// Four indices that are bytes.
static void buildFour(StepBuilder &b, DecodeLevel &level, unsigned bits,
                      bool pairs, Value from, Value to) {
  Value word = buildLoadWord(b, from, level.symbolsAlignment);
  if (pairs) {
    Value both = buildOr(b, word, b.lshr(word, 8 - bits));
    Value low = buildPair(b, level.scratch, both, 0, bits);
    Value high = buildPair(b, level.scratch, both, 16, bits);
    buildStoreWord(b, b.add(low, b.shl(high, 16)), to, level.outAlignment);
    return;
  }
  SmallVector<Value> symbols;
  for (int64_t lane = 0; lane < 4; ++lane) {
    Value index = b.bitAnd(b.lshr(word, 8 * lane), b.constant(255));
    symbols.push_back(b.loadU8(b.at(level.tables[0], index)));
  }
  for (auto [lane, symbol] : llvm::enumerate(symbols))
    b.storeI8(symbol, b.at(to, lane));
}

/// Indices that are bytes, in place.
static void buildDecodeBytes(StepBuilder &b, DecodeLevel &level, unsigned bits,
                             bool pairs) {
  constexpr int64_t group = 16;
  Value groups = buildQuotient(b, level.count, group);
  StepBuilder::Values ends = b.loop(
      b.constant(0), groups, 1, {level.symbols, level.out},
      [&](Value, ValueRange at) -> StepBuilder::Values {
        for (int64_t i = 0; i < group; i += 4)
          buildFour(b, level, bits, pairs, b.at(at[0], i), b.at(at[1], i));
        return {b.at(at[0], group), b.at(at[1], group)};
      });
  Value rest = b.sub(level.count, b.mul(groups, group));
  b.loop(b.constant(0), rest, 1, [&](Value i) {
    Value index = b.loadU8(b.at(ends[0], i));
    b.storeI8(b.loadU8(b.at(level.tables[0], index)), b.at(ends[1], i));
  });
}

void PaletteAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  unsigned bits = indexBits(*this);
  if (level.outer.readsStored)
    buildDecodeStored(b, level, bits);
  else
    buildDecodeBytes(b, level, bits, looksUpPairs(*this));
}

DecodeCost PaletteAttr::getCost(const SymbolLevel &inner,
                                const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double perSymbol = 2.3, setup = 0;
  if (target.thumb1Only)
    perSymbol = looksUpPairs(*this) ? 3.8 : 5.6;
  else if (!looksUpPairs(*this))
    perSymbol = 4.2;
  if (looksUpPairs(*this))
    setup = double(getScratchBytes(target)) * (target.thumb1Only ? 2.0 : 1.5);
  return {perSymbol * double(inner.size()) + setup, 200};
}

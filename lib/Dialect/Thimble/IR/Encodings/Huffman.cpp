//===- Huffman.cpp - Prefix codes -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scheme around Support/HuffmanCode.h: what is a parameter, what is in
// flash, and which table decodes soonest.
//
//===----------------------------------------------------------------------===//

#include "ByteStream.h"
#include "HuffmanDecoder.h"
#include "Schemes.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Support/HuffmanTable.h"

using namespace mlir;
using namespace thimble;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

static std::optional<HuffmanCode> codeOf(int64_t first,
                                         DenseI8ArrayAttr lengths) {
  std::array<uint8_t, 256> bySymbol;
  bySymbol.fill(HuffmanCode::unused);
  for (auto [i, length] : llvm::enumerate(lengths.asArrayRef())) {
    if (length < 0)
      return std::nullopt;
    if (length != 0 || lengths.size() == 1)
      bySymbol[uint8_t(first + i)] = length;
  }
  return HuffmanCode::fromLengths(bySymbol);
}

static HuffmanCode codeOf(HuffmanAttr attr) {
  return *codeOf(attr.getFirst(), attr.getLengths());
}

static HuffmanTableForm formOf(const HuffmanCode &code, unsigned indexBits,
                               bool pairs) {
  HuffmanTableShape shape = HuffmanTableShape::get(code, indexBits);
  return {indexBits, pairs, shape.subtableBits, shape.subtables};
}

static HuffmanTableForm formOf(HuffmanAttr attr) {
  return formOf(codeOf(attr), attr.getIndexBits(), attr.getPairs());
}

LogicalResult
HuffmanAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t first, DenseI8ArrayAttr lengths, unsigned indexBits,
                    bool pairs, bool) {
  if (indexBits > HuffmanCode::maxLimit)
    return emitError() << "expected at most " << HuffmanCode::maxLimit
                       << " index bits, found " << indexBits;
  if (!lengths)
    return success();
  if (lengths.empty() || lengths.size() > 256)
    return emitError() << "expected lengths of 1 to 256 words, found "
                       << lengths.size();
  std::optional<HuffmanCode> code = codeOf(first, lengths);
  if (!code)
    return emitError() << "expected lengths of a complete code of up to "
                       << HuffmanCode::maxLimit << " bits, found ["
                       << lengths.asArrayRef() << "]";
  SymbolRange range = code->range();
  if (range.first != uint8_t(first) || range.size != lengths.size())
    return emitError() << "expected lengths of the smallest range of symbols, "
                       << "which is " << range.size << " from "
                       << int64_t(int8_t(range.first)) << ", found "
                       << lengths.size() << " from " << first;
  if (pairs && indexBits != 0 && indexBits < code->maxLength())
    return emitError() << "expected at least the " << code->maxLength()
                       << " bits of the longest word as index bits of pairs, "
                       << "found " << indexBits;
  return success();
}

Attribute HuffmanAttr::parse(AsmParser &parser, Type) {
  int64_t first = 0;
  DenseI8ArrayAttr lengths;
  unsigned indexBits = 0;
  bool pairs = false, inFlash = false;
  auto parseOne = [&]() -> ParseResult {
    StringRef keyword;
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword))
      return failure();
    if (keyword == "pairs")
      return pairs = true, success();
    if (keyword == "in_flash")
      return inFlash = true, success();
    if (parser.parseEqual())
      return failure();
    if (keyword == "first")
      return parser.parseInteger(first);
    if (keyword == "index_bits")
      return parser.parseInteger(indexBits);
    if (keyword == "lengths") {
      lengths = dyn_cast_or_null<DenseI8ArrayAttr>(
          DenseI8ArrayAttr::parse(parser, Type()));
      return success(bool(lengths));
    }
    return parser.emitError(location)
           << "expected 'first', 'lengths', 'index_bits', 'pairs' or "
              "'in_flash', found '"
           << keyword << "'";
  };
  if (succeeded(parser.parseOptionalLess()) &&
      (parser.parseCommaSeparatedList(parseOne) || parser.parseGreater()))
    return {};
  return parser.getChecked<HuffmanAttr>(parser.getContext(), first, lengths,
                                        indexBits, pairs, inFlash);
}

void HuffmanAttr::print(AsmPrinter &printer) const {
  llvm::raw_ostream &os = printer.getStream();
  const char *separator = "<";
  auto begin = [&]() -> llvm::raw_ostream & {
    os << separator;
    separator = ", ";
    return os;
  };
  if (getLengths()) {
    begin() << "first = " << getFirst();
    begin() << "lengths = ";
    getLengths().print(os);
  }
  if (getIndexBits() != 0)
    begin() << "index_bits = " << getIndexBits();
  if (getPairs())
    begin() << "pairs";
  if (getInFlash())
    begin() << "in_flash";
  if (separator[0] == ',')
    os << ">";
}

bool HuffmanAttr::isComplete() const {
  return getLengths() && getIndexBits() != 0;
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// Of the codes whose longest words are limited, the one with the smallest
/// limit among those that are hardly longer than the shortest: the less, the
/// smaller is the table. Nothing if no limit up to `most` will do.
static std::optional<HuffmanCode> chooseCode(ArrayRef<uint64_t> counts,
                                             unsigned most) {
  std::optional<HuffmanCode> best = HuffmanCode::fromFrequencies(counts, most);
  if (!best)
    return std::nullopt;
  uint64_t fewest = *best->codedBits(counts);
  uint64_t enough = fewest + fewest / 400 + 64;
  for (unsigned limit = 0; limit < most; ++limit)
    if (auto code = HuffmanCode::fromFrequencies(counts, limit))
      if (*code->codedBits(counts) <= enough)
        return code;
  return best;
}

/// How often a look-up of `indexBits` bits yields a second symbol, if symbols
/// are independent.
static double pairShare(const HuffmanCode &code, unsigned indexBits,
                        ArrayRef<uint64_t> counts) {
  double total = 0, pairs = 0;
  std::array<double, HuffmanCode::maxLimit + 1> byLength{};
  for (uint8_t symbol : code.sortedSymbols()) {
    total += counts[symbol];
    byLength[code.lengthOf(symbol)] += counts[symbol];
  }
  for (auto [first, a] : llvm::enumerate(byLength))
    for (auto [second, b] : llvm::enumerate(byLength))
      if (first + second <= indexBits)
        pairs += a * b;
  return total == 0 ? 0 : pairs / (total * total);
}

namespace {
/// Measured cycles; docs/rationale/decoders.md.
struct HuffmanTiming {
  double doubling; ///< of the table, for each entry
  double listed;   ///< to fill, for each symbol
  double visited;  ///< for each length of each pass over lengths
  double pairing;  ///< for each entry of a table of pairs
  double refill;   ///< to load bits of the stream
  double single;   ///< for each look-up
  double pair;     ///< for each look-up in a table of pairs
  double test;     ///< whether the word is long, for each look-up
  double longWord; ///< to look it up
  double chunk;    ///< for each chunk
};
} // namespace

static HuffmanTiming timingOf(const TargetInfo &target) {
  if (target.thumb1Only)
    return {2.3, 50, 8.2, 34.5, 9, 14.6, 21.2, 4.2, 12, 60};
  if (target.hasMVE)
    return {1.5, 35, 5, 18.5, 4.5, 6, 7.8, 4, 5, 40};
  return {2, 45, 7.2, 26, 7.5, 8, 9.9, 5, 6, 50};
}

/// Cycles to make the table, unless it is in flash.
static double setupCycles(const HuffmanCode &code, const HuffmanTableForm &form,
                          const HuffmanTiming &timing) {
  double entries = 1u << form.indexBits;
  double cycles = entries * timing.doubling;
  cycles += code.sortedSymbols().size() * timing.listed;
  unsigned passes = code.maxLength() - code.minLimit() + 1;
  if (!(code.describe()[0] & HuffmanCode::listForm))
    cycles += double(code.range().size) * passes * timing.visited;
  return cycles + (form.pairs ? entries * timing.pairing : 0);
}

/// Cycles to decode symbols that occur `counts` times.
static double decodeCycles(const HuffmanCode &code,
                           const HuffmanTableForm &form,
                           ArrayRef<uint64_t> counts, size_t chunks,
                           const HuffmanTiming &timing,
                           const TargetInfo &target) {
  double symbols = 0, longWords = 0;
  for (auto [symbol, count] : llvm::enumerate(counts)) {
    symbols += count;
    if (count != 0 && code.lengthOf(symbol) > form.indexBits)
      longWords += count;
  }
  double lookup = (form.pairs ? timing.pair : timing.single) +
                  timing.refill / form.lookupsPerRefill(target);
  double share = form.pairs ? pairShare(code, form.indexBits, counts) : 0;
  double cycles = chunks * timing.chunk + symbols / (1 + share) * lookup;
  if (form.subtableBits != 0)
    cycles += symbols * timing.test + longWords * timing.longWord;
  return cycles;
}

/// The largest table that is made unless asked for.
static constexpr int64_t maxTableBytes = 4096;

static HuffmanTableForm chooseForm(HuffmanAttr wish, const HuffmanCode &code,
                                   ArrayRef<uint64_t> counts, size_t chunks) {
  if (wish.getIndexBits() != 0)
    return formOf(code, wish.getIndexBits(), wish.getPairs());
  unsigned least = std::max(code.maxLength(), 1u);
  HuffmanTableForm best = formOf(code, least, wish.getPairs());
  // What is chosen is in the type, so it does not depend on the core.
  TargetInfo target;
  HuffmanTiming timing = timingOf(target);
  auto cycles = [&](const HuffmanTableForm &form) {
    double setup = wish.getInFlash() ? 0 : setupCycles(code, form, timing);
    return setup + decodeCycles(code, form, counts, chunks, timing, target);
  };
  double fewest = cycles(best);
  auto consider = [&](const HuffmanTableForm &form) {
    // More memory must be worth it.
    bool isSmaller = form.bytes() < best.bytes();
    if (form.bytes() <= std::max(maxTableBytes, best.bytes()) &&
        cycles(form) < (isSmaller ? 1.03 : 0.95) * fewest) {
      best = form;
      fewest = cycles(form);
    }
  };
  for (unsigned bits = least; bits-- > 7 && !wish.getPairs();)
    consider(formOf(code, bits, /*pairs=*/false));
  for (unsigned bits = least; bits <= HuffmanCode::maxLimit; ++bits)
    consider(formOf(code, bits, /*pairs=*/true));
  return best;
}

FailureOr<Attribute> HuffmanAttr::specialize(const SymbolLevel &inner,
                                             std::string &reason) const {
  std::vector<uint64_t> counts = inner.histogram();
  if (inner.size() == 0)
    counts[0] = 1; // any code will do
  bool isLimited = getPairs() && getIndexBits() != 0;
  std::optional<HuffmanCode> code =
      getLengths() ? codeOf(*this)
                   : chooseCode(counts, isLimited ? getIndexBits()
                                                  : HuffmanCode::maxLimit);
  if (!code) {
    reason = "it has more than 2^" + std::to_string(getIndexBits()) +
             " distinct numbers";
    return failure();
  }
  for (unsigned symbol = 0; symbol < 256; ++symbol)
    if (counts[symbol] != 0 && inner.size() != 0 &&
        code->lengthOf(symbol) == HuffmanCode::unused) {
      reason = "its code has no word for " + std::to_string(int8_t(symbol));
      return failure();
    }
  SymbolRange range = code->range();
  SmallVector<int8_t> lengths;
  for (unsigned i = 0; i < range.size; ++i) {
    unsigned length = code->lengthOf(range.at(i));
    lengths.push_back(length == HuffmanCode::unused ? 0 : length);
  }
  HuffmanTableForm form = chooseForm(*this, *code, counts, inner.chunks.size());
  return Attribute(
      HuffmanAttr::get(getContext(), int8_t(range.first),
                       DenseI8ArrayAttr::get(getContext(), lengths),
                       form.indexBits, form.pairs, getInFlash()));
}

//===----------------------------------------------------------------------===//
// Levels and streams
//===----------------------------------------------------------------------===//

FailureOr<LevelInfo>
HuffmanAttr::getOuterLevel(const LevelInfo &,
                           llvm::function_ref<InFlightDiagnostic()>) const {
  return byteStreamLevel();
}

bool HuffmanAttr::mapsSymbols() const { return codeOf(*this).canMap(); }

std::vector<uint8_t> HuffmanAttr::encode(const SymbolChunk &inner,
                                         const LevelInfo &,
                                         PayloadWriter &aside) const {
  encodeStream(codeOf(*this), inner, aside);
  return {};
}

LogicalResult HuffmanAttr::decode(ArrayRef<uint8_t>, const LevelInfo &,
                                  PayloadReader &aside,
                                  SymbolChunk &inner) const {
  return decodeStream(codeOf(*this), aside, inner);
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

template <typename Entry>
static std::vector<uint8_t> bytesOf(ArrayRef<Entry> entries) {
  std::vector<uint8_t> bytes;
  for (Entry entry : entries)
    for (unsigned i = 0; i < sizeof(Entry); ++i)
      bytes.push_back(entry >> (8 * i));
  return bytes;
}

std::vector<ConstantTable> HuffmanAttr::getTables(const TargetInfo &,
                                                  ArrayRef<uint8_t> map) const {
  HuffmanCode code = codeOf(*this);
  if (code.maxLength() == 0)
    return {};
  if (!getInFlash())
    return {{"huffman", code.describe(map)}};
  if (getPairs())
    return {{"huffman",
             bytesOf<uint32_t>(makeHuffmanPairTable(code, getIndexBits(), map)),
             /*alignment=*/4}};
  HuffmanTableShape shape = HuffmanTableShape::get(code, getIndexBits());
  std::vector<uint16_t> table(shape.entries());
  fillHuffmanTable(code, shape, table, map);
  return {{"huffman", bytesOf<uint16_t>(table), /*alignment=*/2}};
}

int64_t HuffmanAttr::getScratchBytes(const TargetInfo &) const {
  bool needsTable = codeOf(*this).maxLength() != 0 && !getInFlash();
  return needsTable ? llvm::alignTo(formOf(*this).bytes(), 4) : 0;
}

void HuffmanAttr::buildSetup(StepBuilder &b, DecodeLevel &level) const {
  bool isList = codeOf(*this).describe(level.map)[0] & HuffmanCode::listForm;
  buildHuffmanTable(b, formOf(*this), level.scratch, level.tables[0], isList,
                    /*map=*/Value());
}

void HuffmanAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  HuffmanCode code = codeOf(*this);
  if (code.maxLength() == 0) {
    uint8_t symbol = code.sortedSymbols()[0];
    b.fill(level.out, level.map.empty() ? symbol : level.map[symbol],
           level.count);
    return;
  }
  level.cursor = buildHuffmanDecode(
      b, formOf(*this), getInFlash() ? level.tables[0] : level.scratch,
      level.cursor, level.out, level.count);
}

DecodeCost HuffmanAttr::getCost(const SymbolLevel &inner,
                                const TargetInfo &target) const {
  HuffmanCode code = codeOf(*this);
  if (code.maxLength() == 0)
    return {double(inner.size()), 16};
  HuffmanTableForm form = formOf(*this);
  HuffmanTiming timing = timingOf(target);
  DecodeCost cost;
  cost.cycles = decodeCycles(code, form, inner.histogram(), inner.chunks.size(),
                             timing, target);
  cost.codeBytes = form.subtableBits != 0 ? 320 : 200;
  if (!getInFlash()) {
    cost.cycles += setupCycles(code, form, timing);
    cost.codeBytes += form.subtableBits != 0 ? 320 : form.pairs ? 250 : 150;
  }
  return cost;
}

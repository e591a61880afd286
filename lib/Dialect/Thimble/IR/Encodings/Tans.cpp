//===- Tans.cpp - Table-driven asymmetric numeral systems -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scheme around Support/TansCode.h.
//
//===----------------------------------------------------------------------===//

#include "ByteStream.h"
#include "Schemes.h"
#include "TansDecoder.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Support/TansCode.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

static std::optional<TansCode> codeOf(int64_t first, DenseI16ArrayAttr counts) {
  std::array<uint16_t, 256> bySymbol{};
  for (auto [i, count] : llvm::enumerate(counts.asArrayRef()))
    bySymbol[uint8_t(first + i)] = count;
  return TansCode::fromCounts(bySymbol);
}

static TansCode codeOf(TansAttr attr) {
  return *codeOf(attr.getFirst(), attr.getCounts());
}

LogicalResult
TansAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                 int64_t first, DenseI16ArrayAttr counts) {
  if (!counts)
    return success();
  if (counts.empty() || counts.size() > 256)
    return emitError() << "expected counts of 1 to 256 symbols, found "
                       << counts.size();
  std::optional<TansCode> code = codeOf(first, counts);
  if (!code) {
    int64_t sum = 0;
    for (int16_t count : counts.asArrayRef())
      sum += count;
    return emitError() << "expected counts from 0 whose sum is a power of two "
                          "from 64 to 2048, found the sum "
                       << sum;
  }
  SymbolRange range = code->range();
  if (range.first != uint8_t(first) || range.size != counts.size())
    return emitError() << "expected counts of the smallest range of symbols, "
                       << "which is " << range.size << " from "
                       << int64_t(int8_t(range.first)) << ", found "
                       << counts.size() << " from " << first;
  return success();
}

Attribute TansAttr::parse(AsmParser &parser, Type) {
  int64_t first = 0;
  DenseI16ArrayAttr counts;
  if (succeeded(parser.parseOptionalLess())) {
    if (parser.parseKeyword("first") || parser.parseEqual() ||
        parser.parseInteger(first) || parser.parseComma() ||
        parser.parseKeyword("counts") || parser.parseEqual())
      return {};
    counts = dyn_cast_or_null<DenseI16ArrayAttr>(
        DenseI16ArrayAttr::parse(parser, Type()));
    if (!counts || parser.parseGreater())
      return {};
  }
  return parser.getChecked<TansAttr>(parser.getContext(), first, counts);
}

void TansAttr::print(AsmPrinter &printer) const {
  if (!isComplete())
    return;
  printer << "<first = " << getFirst() << ", counts = ";
  getCounts().print(printer.getStream());
  printer << ">";
}

bool TansAttr::isComplete() const { return bool(getCounts()); }

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// The code with the fewest bits, of all chunks and of its description.
static std::optional<TansCode> chooseCode(ArrayRef<uint64_t> counts,
                                          size_t chunks) {
  std::optional<TansCode> best;
  double fewest = 0;
  for (unsigned bits = TansCode::minTableBits; bits <= TansCode::maxTableBits;
       ++bits) {
    std::optional<TansCode> code = TansCode::fromFrequencies(counts, bits);
    if (!code)
      continue;
    double size = code->expectedBits(counts) + double(chunks) * bits +
                  8.0 * double(code->describe().size());
    // A table of twice the size must be worth it.
    if (!best || size < 0.997 * fewest) {
      best = code;
      fewest = size;
    }
  }
  return best;
}

FailureOr<Attribute> TansAttr::specialize(const SymbolLevel &inner,
                                          std::string &reason) const {
  std::vector<uint64_t> frequencies = inner.histogram();
  if (inner.size() == 0)
    frequencies[0] = 1; // any code will do
  if (isComplete()) {
    TansCode code = codeOf(*this);
    for (unsigned symbol = 0; symbol < 256; ++symbol)
      if (frequencies[symbol] != 0 && inner.size() != 0 &&
          code.countOf(symbol) == 0) {
        reason = "its code has no state for " + std::to_string(int8_t(symbol));
        return failure();
      }
    return Attribute(*this);
  }
  TansCode code = *chooseCode(frequencies, inner.chunks.size());
  SymbolRange range = code.range();
  SmallVector<int16_t> counts;
  for (unsigned i = 0; i < range.size; ++i)
    counts.push_back(code.countOf(range.at(i)));
  return Attribute(TansAttr::get(getContext(), int8_t(range.first),
                                 DenseI16ArrayAttr::get(getContext(), counts)));
}

//===----------------------------------------------------------------------===//
// Levels and streams
//===----------------------------------------------------------------------===//

FailureOr<LevelInfo>
TansAttr::getOuterLevel(const LevelInfo &,
                        llvm::function_ref<InFlightDiagnostic()>) const {
  return byteStreamLevel();
}

bool TansAttr::mapsSymbols() const { return true; }

std::vector<uint8_t> TansAttr::encode(const SymbolChunk &inner,
                                      const LevelInfo &,
                                      PayloadWriter &aside) const {
  encodeStream(codeOf(*this), inner, aside);
  return {};
}

LogicalResult TansAttr::decode(ArrayRef<uint8_t>, const LevelInfo &,
                               PayloadReader &aside, SymbolChunk &inner) const {
  return decodeStream(codeOf(*this), aside, inner);
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

std::vector<ConstantTable> TansAttr::getTables(const TargetInfo &,
                                               ArrayRef<uint8_t> map) const {
  TansCode code = codeOf(*this);
  std::vector<ConstantTable> tables = {{"tans", code.describe()}};
  if (map.empty())
    return tables;
  ConstantTable &mapped = tables.emplace_back();
  mapped.name = "tans_map";
  for (unsigned i = 0; i < code.range().size; ++i)
    mapped.bytes.push_back(map[code.range().at(i)]);
  return tables;
}

int64_t TansAttr::getScratchBytes(const TargetInfo &) const {
  TansCode code = codeOf(*this);
  return (int64_t(4) << code.tableBits()) +
         llvm::alignTo(2 * code.range().size, 4);
}

SmallVector<int32_t> TansAttr::getNumbers() const {
  return {static_cast<int32_t>(codeOf(*this).tableBits())};
}

void TansAttr::buildSetup(StepBuilder &b, DecodeLevel &level) const {
  buildTansTable(b, {level.scratch, level.numbers[0]}, level.tables[0],
                 level.tables.size() > 1 ? level.tables[1] : Value());
}

void TansAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  unsigned perRefill =
      getTansSymbolsPerRefill(codeOf(*this).tableBits(), b.target);
  level.cursor =
      buildTansDecode(b, {level.scratch, level.numbers[0]}, perRefill,
                      level.cursor, level.out, level.count);
}

namespace {
/// Measured cycles; docs/rationale/decoders.md.
struct TansTiming {
  double state;  ///< to make the table, for each state
  double symbol; ///< for each symbol of the range
  double decode; ///< for each symbol of the stream
  double chunk;
};
} // namespace

static TansTiming timingOf(const TargetInfo &target) {
  if (target.thumb1Only)
    return {61, 50, 29.5, 80};
  if (target.hasMVE)
    return {19, 27, 9.7, 50};
  return {30, 32, 13.2, 60};
}

DecodeCost TansAttr::getCost(const SymbolLevel &inner,
                             const TargetInfo &target) const {
  TansCode code = codeOf(*this);
  TansTiming timing = timingOf(target);
  double states = 1u << code.tableBits();
  return {states * timing.state + code.range().size * timing.symbol +
              double(inner.size()) * timing.decode +
              double(inner.chunks.size()) * timing.chunk,
          470};
}

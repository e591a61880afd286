//===- Delta.cpp - Differences --------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four symbols are loaded at a time and summed up in place.
//
//===----------------------------------------------------------------------===//

#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Support/Entropy.h"

using namespace mlir;
using namespace thimble;

static constexpr unsigned distances[] = {1, 4};

LogicalResult
DeltaAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  unsigned distance) {
  if (distance != 0 && !llvm::is_contained(distances, distance))
    return emitError() << "expected a distance of 1 or 4, found " << distance;
  return success();
}

Attribute DeltaAttr::parse(AsmParser &parser, Type) {
  unsigned distance = 0;
  if (succeeded(parser.parseOptionalLess())) {
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseInteger(distance) || parser.parseGreater())
      return {};
    if (distance == 0) {
      parser.emitError(location, "expected a distance of 1 or 4, found 0");
      return {};
    }
  }
  return parser.getChecked<DeltaAttr>(parser.getContext(), distance);
}

void DeltaAttr::print(AsmPrinter &printer) const {
  if (isComplete())
    printer << "<" << getDistance() << ">";
}

bool DeltaAttr::isComplete() const { return getDistance() != 0; }

static std::vector<uint8_t> differences(ArrayRef<uint8_t> symbols,
                                        size_t distance) {
  std::vector<uint8_t> result(symbols.begin(), symbols.end());
  for (size_t i = distance; i < symbols.size(); ++i)
    result[i] -= symbols[i - distance];
  return result;
}

FailureOr<Attribute> DeltaAttr::specialize(const SymbolLevel &inner,
                                           std::string &) const {
  if (isComplete())
    return Attribute(*this);
  unsigned best = 0;
  double leastEntropy = 0;
  for (unsigned distance : distances) {
    std::vector<uint8_t> all;
    for (const SymbolChunk &chunk : inner.chunks)
      llvm::append_range(all, differences(chunk.symbols, distance));
    double entropy = entropyInBits(all);
    if (best == 0 || entropy < leastEntropy) {
      best = distance;
      leastEntropy = entropy;
    }
  }
  return Attribute(DeltaAttr::get(getContext(), best));
}

FailureOr<LevelInfo>
DeltaAttr::getOuterLevel(const LevelInfo &inner,
                         llvm::function_ref<InFlightDiagnostic()>) const {
  LevelInfo outer;
  outer.zero = std::nullopt;
  outer.perWeight = inner.perWeight;
  return outer;
}

std::vector<uint8_t> DeltaAttr::encode(const SymbolChunk &inner,
                                       const LevelInfo &,
                                       PayloadWriter &) const {
  return differences(inner.symbols, getDistance());
}

LogicalResult DeltaAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                PayloadReader &, SymbolChunk &inner) const {
  if (outer.size() != inner.symbols.size())
    return failure();
  for (size_t i = 0; i < outer.size(); ++i)
    inner.symbols[i] =
        outer[i] + (i < getDistance() ? 0 : inner.symbols[i - getDistance()]);
  return success();
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

/// Adds two words lane by lane modulo 256.
static Value buildAddWords(StepBuilder &b, Value x, Value y) {
  if (b.target.hasDSP)
    return buildIntrinsic(b, "llvm.arm.uadd8", {x, y});
  auto flip = [&](Value p, Value q) -> Value {
    return b.builder.createOrFold<arith::XOrIOp>(b.loc, p, q);
  };
  Value low = b.constant(lanesOf(0x7F)), high = b.constant(lanesOf(0x80));
  Value sum = b.add(b.bitAnd(x, low), b.bitAnd(y, low));
  return flip(sum, b.bitAnd(flip(x, y), high));
}

/// Four symbols; `last` are those before, in the lanes of a word or the lowest
/// byte of one. Returns what is that for the next four.
static Value buildFour(StepBuilder &b, const DecodeLevel &level, Value from,
                       Value to, Value last, unsigned distance) {
  Value word = buildLoadWord(b, from, level.symbolsAlignment);
  if (distance == 4) {
    Value sums = buildAddWords(b, last, word);
    buildStoreWord(b, sums, to, level.outAlignment);
    return sums;
  }
  for (int64_t lane = 0; lane < 4; ++lane) {
    last = b.add(last, b.lshr(word, 8 * lane));
    b.storeI8(last, b.at(to, lane));
  }
  return last;
}

void DeltaAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  constexpr int64_t group = 16;
  unsigned distance = getDistance();
  Value groups = buildQuotient(b, level.count, group);
  StepBuilder::Values ends = b.loop(
      b.constant(0), groups, 1, {level.symbols, level.out, b.constant(0)},
      [&](Value, ValueRange at) -> StepBuilder::Values {
        Value last = at[2];
        for (int64_t i = 0; i < group; i += 4)
          last = buildFour(b, level, b.at(at[0], i), b.at(at[1], i), last,
                           distance);
        return {b.at(at[0], group), b.at(at[1], group), last};
      });
  Value rest = b.sub(level.count, b.mul(groups, group));
  b.loop(b.constant(0), rest, 1, {ends[2]},
         [&](Value i, ValueRange last) -> StepBuilder::Values {
           Value sum = b.add(last[0], b.loadU8(b.at(ends[0], i)));
           b.storeI8(sum, b.at(ends[1], i));
           if (distance == 1)
             return {sum};
           // The lane of the symbol to come is the lowest, this one highest.
           return {b.add(b.lshr(last[0], 8), b.shl(sum, 24))};
         });
}

DecodeCost DeltaAttr::getCost(const SymbolLevel &inner,
                              const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double perSymbol = getDistance() == 4 ? 1.4 : 2.8;
  if (target.thumb1Only)
    perSymbol = getDistance() == 4 ? 6.6 : 7.5;
  return {perSymbol * double(inner.size()), 180};
}

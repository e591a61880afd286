//===- NOfM.cpp - A bounded number of weights in each few -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A unit are m weights of each interleaved channel. The decoder reads a unit's
// symbols, fills its room with zeros, and writes them to their places.
//
//===----------------------------------------------------------------------===//

#include "OmittedSymbol.h"
#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Dialect/Thimble/IR/FixedWidth.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace thimble;

/// What to choose from.
static constexpr std::pair<int64_t, int64_t> ratios[] = {
    {1, 2}, {1, 4}, {2, 4}, {1, 8}, {2, 8}, {3, 8}, {1, 16}, {2, 16}};

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult
NOfMAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, int64_t n,
                 int64_t m, int64_t lanes, std::optional<int64_t> zero) {
  if (n == 0 && m == 0)
    return success();
  if (m < 2 || m > 16 || !llvm::isPowerOf2_64(m) || n < 1 || n >= m)
    return emitError() << "expected fewer than 2, 4, 8 or 16 of as many "
                          "weights, found "
                       << n << ":" << m;
  if (lanes != 1 && lanes != 2 && lanes != 4)
    return emitError() << "expected 1, 2 or 4 interleaved channels, found "
                       << lanes;
  return verifySymbol(emitError, zero);
}

Attribute NOfMAttr::parse(AsmParser &parser, Type) {
  int64_t n = 0, m = 0, lanes = 1;
  std::optional<int64_t> zero;
  if (succeeded(parser.parseOptionalLess())) {
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseInteger(n) || parser.parseColon() || parser.parseInteger(m))
      return {};
    if (n == 0 && m == 0) {
      parser.emitError(location, "expected n:m as 2:4");
      return {};
    }
    while (succeeded(parser.parseOptionalComma())) {
      if (succeeded(parser.parseOptionalKeyword("lanes"))) {
        if (parser.parseEqual() || parser.parseInteger(lanes))
          return {};
      } else if (parser.parseKeyword("zero") || parser.parseEqual() ||
                 parser.parseInteger(zero.emplace())) {
        return {};
      }
    }
    if (parser.parseGreater())
      return {};
  }
  return parser.getChecked<NOfMAttr>(parser.getContext(), n, m, lanes, zero);
}

void NOfMAttr::print(AsmPrinter &printer) const {
  if (getM() == 0)
    return;
  printer << "<" << getN() << ":" << getM();
  if (getLanes() != 1)
    printer << ", lanes = " << getLanes();
  if (getZero())
    printer << ", zero = " << *getZero();
  printer << ">";
}

bool NOfMAttr::isComplete() const {
  return getM() != 0 && getZero().has_value();
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

static unsigned placeBits(NOfMAttr attr) { return llvm::Log2_64(attr.getM()); }
static int64_t unitSize(NOfMAttr attr) { return attr.getM() * attr.getLanes(); }
static int64_t keptOfUnit(NOfMAttr attr) {
  return attr.getN() * attr.getLanes();
}

/// The places of the symbols of one channel of a unit that are stored, or none
/// if there are too many.
static std::optional<SmallVector<int64_t>>
choosePlaces(NOfMAttr attr, ArrayRef<uint8_t> unit, int64_t lane) {
  SmallVector<int64_t> places, zeros;
  for (int64_t place = 0; place < attr.getM(); ++place)
    (unit[place * attr.getLanes() + lane] != uint8_t(*attr.getZero()) ? places
                                                                      : zeros)
        .push_back(place);
  if (int64_t(places.size()) > attr.getN())
    return std::nullopt;
  places.append(zeros.begin(), zeros.begin() + (attr.getN() - places.size()));
  llvm::sort(places);
  return places;
}

static bool holds(NOfMAttr attr, const SymbolLevel &level) {
  for (const SymbolChunk &chunk : level.chunks)
    for (size_t at = 0; at < chunk.symbols.size(); at += unitSize(attr))
      for (int64_t lane = 0; lane < attr.getLanes(); ++lane)
        if (!choosePlaces(
                attr, ArrayRef(chunk.symbols).slice(at, unitSize(attr)), lane))
          return false;
  return true;
}

FailureOr<Attribute> NOfMAttr::specialize(const SymbolLevel &inner,
                                          std::string &reason) const {
  if (!hasZeroWeights(inner.info, reason))
    return failure();
  NOfMAttr best;
  auto cost = [&](NOfMAttr attr) {
    return double(attr.getN() * (placeBits(attr) + inner.info.bits)) /
           double(attr.getM());
  };
  auto consider = [&](int64_t n, int64_t m) {
    int64_t lanes = inner.chunks.front().geometry.lanes;
    int64_t run = inner.chunks.front().geometry.run;
    if (run % m != 0) {
      reason = "its taps have " + std::to_string(run) +
               " input channels, no multiple of " + std::to_string(m);
      return;
    }
    if (lanes != 1 && lanes != 2 && lanes != 4) {
      reason = "the kernel interleaves " + std::to_string(lanes) +
               " output channels, not 1, 2 or 4";
      return;
    }
    NOfMAttr attr =
        NOfMAttr::get(getContext(), n, m, lanes, int8_t(*inner.info.zero));
    if (!holds(attr, inner))
      reason = "more than " + std::to_string(n) + " of " + std::to_string(m) +
               " weights are not 0";
    else if (!best || cost(attr) < cost(best))
      best = attr;
  };
  if (getM() != 0)
    consider(getN(), getM());
  else
    for (auto [n, m] : ratios)
      consider(n, m);
  if (!best)
    return failure();
  if (isComplete() && best != *this) {
    reason = "its interleaved channels or symbol for 0 are others";
    return failure();
  }
  return Attribute(best);
}

FailureOr<LevelInfo> NOfMAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  return withoutZeroWeights(inner, *getZero(), "n:m", emitError);
}

bool NOfMAttr::keepsCount() const { return false; }
std::optional<int64_t> NOfMAttr::getOuterCount(int64_t count) const {
  return count / getM() * getN();
}
Value NOfMAttr::buildOuterCount(StepBuilder &b, Value count) const {
  return b.mul(buildQuotient(b, count, getM()), getN());
}

std::vector<uint8_t> NOfMAttr::encode(const SymbolChunk &inner,
                                      const LevelInfo &,
                                      PayloadWriter &aside) const {
  int64_t count = inner.symbols.size(), lanes = getLanes();
  std::vector<uint8_t> outer(*getOuterCount(count));
  std::vector<uint8_t> fields(outer.size());
  for (int64_t unit = 0; unit < count / unitSize(*this); ++unit) {
    ArrayRef<uint8_t> symbols =
        ArrayRef(inner.symbols).slice(unit * unitSize(*this), unitSize(*this));
    for (int64_t lane = 0; lane < lanes; ++lane) {
      auto places = choosePlaces(*this, symbols, lane);
      assert(places && "specialize has seen the symbols");
      for (auto [slot, place] : llvm::enumerate(*places)) {
        int64_t index = unit * keptOfUnit(*this) + int64_t(slot) * lanes + lane;
        outer[index] = symbols[place * lanes + lane];
        fields[index] = place;
      }
    }
  }
  aside.write(packSequential(fields, placeBits(*this)));
  return outer;
}

LogicalResult NOfMAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &level,
                               PayloadReader &aside, SymbolChunk &inner) const {
  int64_t count = inner.symbols.size(), lanes = getLanes();
  if (count % unitSize(*this) != 0 ||
      int64_t(outer.size()) != *getOuterCount(count))
    return failure();
  ArrayRef<uint8_t> fields =
      aside.read(sequentialBytes(outer.size(), placeBits(*this)));
  if (aside.hasFailed())
    return failure();
  std::vector<uint8_t> places = unpackSequential(
      fields, outer.size(), placeBits(*this), /*isSigned=*/false);
  llvm::fill(inner.symbols, uint8_t(*getZero()));
  for (auto [index, symbol] : llvm::enumerate(outer)) {
    int64_t unit = int64_t(index) / keptOfUnit(*this);
    inner.symbols[unit * unitSize(*this) + places[index] * lanes +
                  int64_t(index) % lanes] = symbol;
  }
  SymbolLevel all{level, {inner}};
  PayloadWriter again;
  return success(holds(*this, all) &&
                 ArrayRef<uint8_t>(encode(inner, level, again)) == outer &&
                 ArrayRef<uint8_t>(again.bytes) == fields);
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

/// A unit; `places` are the fields of its symbols.
static void buildUnit(StepBuilder &b, NOfMAttr attr, const DecodeLevel &level,
                      ArrayRef<Value> places, Value from, Value to) {
  SmallVector<Value> symbols; // all are read before one is overwritten
  for (int64_t i = 0; i < keptOfUnit(attr); ++i)
    symbols.push_back(b.loadU8(b.at(from, i)));
  uint8_t zero = *attr.getZero();
  int64_t size = unitSize(attr);
  for (int64_t i = 0; i < size / 4 * 4; i += 4)
    buildStoreWord(b, b.constant(lanesOf(zero)), b.at(to, i),
                   size % 4 == 0 ? level.outAlignment : 1);
  for (int64_t i = size / 4 * 4; i < size; ++i)
    b.storeI8(b.constant(zero), b.at(to, i));
  for (auto [i, symbol] : llvm::enumerate(symbols)) {
    Value place = b.mul(places[i], attr.getLanes());
    b.storeI8(symbol, b.at(b.at(to, place), int64_t(i) % attr.getLanes()));
  }
}

void NOfMAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  const unsigned bits = placeBits(*this);
  const int64_t kept = keptOfUnit(*this), unitBits = kept * bits;
  Value mask = b.constant((1 << bits) - 1);
  // Units whose fields are whole bytes, unit after unit.
  const int64_t groupBits = std::lcm(unitBits, int64_t(8));
  const int64_t group = groupBits / unitBits;
  auto decodeGroup = [&](Value fields, Value from, Value to) {
    SmallVector<Value> bytes;
    for (int64_t i = 0; i < groupBits / 8; ++i)
      bytes.push_back(b.loadU8(b.at(fields, i)));
    for (int64_t unit = 0; unit < group; ++unit) {
      SmallVector<Value> places;
      for (int64_t i = 0; i < kept; ++i) {
        int64_t bit = (unit * kept + i) * bits;
        Value place = b.lshr(bytes[bit / 8], bit % 8);
        if (bit % 8 + bits > 8)
          place = b.add(place, b.shl(bytes[bit / 8 + 1], 8 - bit % 8));
        places.push_back(b.bitAnd(place, mask));
      }
      buildUnit(b, *this, level, places, b.at(from, unit * kept),
                b.at(to, unit * unitSize(*this)));
    }
  };
  Value units = buildQuotient(b, level.count, unitSize(*this));
  Value groups = buildQuotient(b, units, group);
  StepBuilder::Values ends =
      b.loop(b.constant(0), groups, 1, {level.cursor, level.symbols, level.out},
             [&](Value, ValueRange at) -> StepBuilder::Values {
               decodeGroup(at[0], at[1], at[2]);
               return {b.at(at[0], groupBits / 8), b.at(at[1], group * kept),
                       b.at(at[2], group * unitSize(*this))};
             });
  Value rest = b.sub(units, b.mul(groups, group));
  b.loop(b.constant(0), rest, 1, [&](Value unit) {
    SmallVector<Value> places;
    for (int64_t i = 0; i < kept; ++i) {
      Value bit = b.add(b.mul(unit, unitBits), i * int64_t(bits));
      places.push_back(buildSequentialField(b, ends[0], bit, bits));
    }
    buildUnit(b, *this, level, places, b.at(ends[1], b.mul(unit, kept)),
              b.at(ends[2], b.mul(unit, unitSize(*this))));
  });
  level.cursor = b.at(ends[0], buildSequentialBytes(b, rest, unitBits));
}

SparseBlocks NOfMAttr::getSparseBlocks() const { return {1, 1}; }

DecodeCost NOfMAttr::getCost(const SymbolLevel &inner,
                             const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double perKept = target.thumb1Only ? 10 : 7;
  double share = double(getN()) / double(getM());
  return {(perKept * share + 0.5) * double(inner.size()), 200};
}

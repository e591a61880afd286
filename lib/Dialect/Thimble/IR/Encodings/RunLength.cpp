//===- RunLength.cpp - Runs of zeros --------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The decoder fills 32 symbols ahead with the one left out, as long as the
// outer symbols lie that far ahead, and writes the others where they belong.
//
//===----------------------------------------------------------------------===//

#include "BitSource.h"
#include "OmittedSymbol.h"
#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Dialect/Thimble/IR/FixedWidth.h"

using namespace mlir;
using namespace thimble;

using arith::CmpIPredicate;

static constexpr unsigned fieldWidths[] = {2, 4, 8};
/// Symbols that are filled together.
static constexpr int64_t fillBytes = 32;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult
RunLengthAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                      unsigned bits, std::optional<int64_t> symbol) {
  if (bits != 0 && !llvm::is_contained(fieldWidths, bits))
    return emitError() << "expected fields of 2, 4 or 8 bits, found " << bits;
  return verifySymbol(emitError, symbol);
}

Attribute RunLengthAttr::parse(AsmParser &parser, Type) {
  unsigned bits = 0;
  std::optional<int64_t> symbol;
  if (succeeded(parser.parseOptionalLess())) {
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseInteger(bits))
      return {};
    if (bits == 0) {
      parser.emitError(location, "expected fields of 2, 4 or 8 bits, found 0");
      return {};
    }
    if (succeeded(parser.parseOptionalComma()) &&
        parser.parseInteger(symbol.emplace()))
      return {};
    if (parser.parseGreater())
      return {};
  }
  return parser.getChecked<RunLengthAttr>(parser.getContext(), bits, symbol);
}

void RunLengthAttr::print(AsmPrinter &printer) const {
  if (getBits() == 0)
    return;
  printer << "<" << getBits();
  if (getSymbol())
    printer << ", " << *getSymbol();
  printer << ">";
}

bool RunLengthAttr::isComplete() const {
  return getBits() != 0 && getSymbol().has_value();
}

namespace {
/// What a chunk is split into.
struct Runs {
  std::vector<uint8_t> fields, symbols;
};
} // namespace

static Runs splitRuns(ArrayRef<uint8_t> symbols, unsigned bits,
                      uint8_t omitted) {
  const unsigned most = (1u << bits) - 1;
  Runs runs;
  unsigned length = 0;
  for (uint8_t symbol : symbols) {
    if (symbol == omitted) {
      ++length;
      continue;
    }
    for (; length >= most; length -= most)
      runs.fields.push_back(most);
    runs.fields.push_back(length);
    runs.symbols.push_back(symbol);
    length = 0;
  }
  return runs;
}

FailureOr<Attribute> RunLengthAttr::specialize(const SymbolLevel &inner,
                                               std::string &) const {
  int64_t symbol = getSymbol().value_or(chooseOmittedSymbol(inner));
  unsigned best = getBits();
  size_t fewest = 0;
  for (unsigned bits : fieldWidths) {
    size_t total = 0;
    for (const SymbolChunk &chunk : inner.chunks)
      total += splitRuns(chunk.symbols, bits, symbol).fields.size() * bits;
    if (getBits() == 0 && (best == 0 || total < fewest)) {
      best = bits;
      fewest = total;
    }
  }
  return Attribute(RunLengthAttr::get(getContext(), best, symbol));
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

FailureOr<LevelInfo>
RunLengthAttr::getOuterLevel(const LevelInfo &inner,
                             llvm::function_ref<InFlightDiagnostic()>) const {
  return withoutOmittedSymbol(inner);
}

bool RunLengthAttr::keepsCount() const { return false; }
std::optional<int64_t> RunLengthAttr::getOuterCount(int64_t) const {
  return std::nullopt;
}

std::vector<uint8_t> RunLengthAttr::encode(const SymbolChunk &inner,
                                           const LevelInfo &,
                                           PayloadWriter &aside) const {
  Runs runs = splitRuns(inner.symbols, getBits(), *getSymbol());
  aside.write(packSequential(runs.fields, getBits()));
  return std::move(runs.symbols);
}

LogicalResult RunLengthAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                    PayloadReader &aside,
                                    SymbolChunk &inner) const {
  const uint8_t omitted = *getSymbol(), most = (1u << getBits()) - 1;
  llvm::fill(inner.symbols, omitted);
  size_t at = 0;
  unsigned left = 0;
  uint8_t byte = 0;
  while (!outer.empty()) {
    if (left == 0) {
      byte = aside.read8();
      left = 8;
    }
    uint8_t field = byte & most;
    byte = getBits() == 8 ? 0 : byte >> getBits();
    left -= getBits();
    at += field;
    if (aside.hasFailed() || at >= inner.symbols.size())
      return failure();
    if (field == most)
      continue;
    if (outer.front() == omitted)
      return failure();
    inner.symbols[at++] = outer.front();
    outer = outer.drop_front();
  }
  return success(byte == 0);
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

namespace {
/// The loop over fields while it is emitted.
class RunDecoder {
public:
  RunDecoder(StepBuilder &b, DecodeLevel &level, unsigned bits, uint8_t omitted)
      : b(b), level(level), bits(bits), omitted(omitted) {
    // Opaque, or LLVM would call memset for 32 bytes.
    fill = b.opaque(b.constant(lanesOf(omitted)));
  }
  void build();

private:
  enum { Bit, Symbols, Out, Filled };
  SmallVector<Value> buildField(ValueRange state);
  Value buildFillTo(Value filled, Value symbols, Value out);

  StepBuilder &b;
  DecodeLevel &level;
  unsigned bits;
  uint8_t omitted;
  Value fill;
};
} // namespace

/// Fills from `filled` until `out` is; returns where it ends. Symbols from
/// `symbols` on are still to be read, but the first of them.
Value RunDecoder::buildFillTo(Value filled, Value symbols, Value out) {
  auto isBehind = [&](Value end) {
    return b.compare(CmpIPredicate::sge, buildDistance(b, end, out),
                     b.constant(0));
  };
  return buildWhile(
      b, {filled}, ExpectedTrips{0.15, 0},
      [&](ValueRange at) { return isBehind(at[0]); },
      [&](ValueRange at) -> SmallVector<Value> {
        // Outer symbols before `at` were read, so these are in flash.
        Value room = b.builder.createOrFold<arith::MinUIOp>(
            b.loc, buildDistance(b, at[0], symbols),
            buildDistance(b, at[0], b.at(level.out, level.count)));
        Value isClear =
            b.compare(CmpIPredicate::uge, room, b.constant(fillBytes));
        auto branch = scf::IfOp::create(
            b.builder, b.loc, isClear,
            [&](OpBuilder &, Location) {
              OpBuilder::InsertionGuard guard(b.builder);
              for (int64_t i = 0; i < fillBytes; i += 4)
                buildStoreWord(b, fill, b.at(at[0], i), level.outAlignment);
              scf::YieldOp::create(b.builder, b.loc, b.at(at[0], fillBytes));
            },
            [&](OpBuilder &, Location) {
              OpBuilder::InsertionGuard guard(b.builder);
              b.storeI8(b.constant(omitted), at[0]);
              scf::YieldOp::create(b.builder, b.loc, b.at(at[0], 1));
            });
        return {branch.getResult(0)};
      })[0];
}

SmallVector<Value> RunDecoder::buildField(ValueRange state) {
  Value most = b.constant((1 << bits) - 1);
  Value field = buildSequentialField(b, level.cursor, state[Bit], bits);
  Value out = b.at(state[Out], field);
  Value next = b.add(state[Bit], bits);
  Value isLast = b.compare(CmpIPredicate::ne, field, most);
  return buildIf(b, isLast, {next, state[Symbols], out, state[Filled]},
                 [&]() -> SmallVector<Value> {
                   Value symbol = b.loadU8(state[Symbols]);
                   Value filled =
                       buildFillTo(state[Filled], state[Symbols], out);
                   b.storeI8(symbol, out);
                   return {next, b.at(state[Symbols], 1), b.at(out, 1), filled};
                 });
}

void RunDecoder::build() {
  SmallVector<Value> last = buildWhile(
      b, {b.constant(0), level.symbols, level.out, level.out},
      // As if the runs of one in twenty symbols were longer than a field.
      ExpectedTrips{0, 1.05},
      [&](ValueRange state) {
        return b.compare(CmpIPredicate::slt,
                         buildDistance(b, level.symbols, state[Symbols]),
                         level.outerCount);
      },
      [&](ValueRange state) { return buildField(state); });
  b.fill(last[Filled], omitted,
         buildDistance(b, last[Filled], b.at(level.out, level.count)));
  level.cursor = b.at(level.cursor, buildSequentialBytes(b, last[Bit], 1));
}

void RunLengthAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  RunDecoder(b, level, getBits(), *getSymbol()).build();
}

DecodeCost RunLengthAttr::getCost(const SymbolLevel &inner,
                                  const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double fields = 0, kept = 0;
  for (const SymbolChunk &chunk : inner.chunks) {
    Runs runs = splitRuns(chunk.symbols, getBits(), *getSymbol());
    fields += double(runs.fields.size());
    kept += double(runs.symbols.size());
  }
  double factor = target.thumb1Only ? 1.5 : 1;
  return {factor * (22 * fields + 7 * kept + 0.4 * double(inner.size())), 190};
}

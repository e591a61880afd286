//===- Bitmap.cpp - Zeros left out ----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The decoder fills 32 symbols with the one left out and scatters the others
// over them, bit by bit that is set. Where the outer symbols lie too close
// ahead for that it copies symbol by symbol.
//
//===----------------------------------------------------------------------===//

#include "BitSource.h"
#include "OmittedSymbol.h"
#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Dialect/Thimble/IR/FixedWidth.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"

using namespace mlir;
using namespace thimble;

using arith::CmpIPredicate;

/// Set bits that are looked for before the loop is closed.
static constexpr unsigned scatterUnroll = 4;

LogicalResult
BitmapAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   std::optional<int64_t> symbol) {
  return verifySymbol(emitError, symbol);
}

Attribute BitmapAttr::parse(AsmParser &parser, Type) {
  std::optional<int64_t> symbol;
  if (succeeded(parser.parseOptionalLess()))
    if (parser.parseInteger(symbol.emplace()) || parser.parseGreater())
      return {};
  return parser.getChecked<BitmapAttr>(parser.getContext(), symbol);
}

void BitmapAttr::print(AsmPrinter &printer) const {
  if (isComplete())
    printer << "<" << *getSymbol() << ">";
}

bool BitmapAttr::isComplete() const { return getSymbol().has_value(); }

FailureOr<Attribute> BitmapAttr::specialize(const SymbolLevel &inner,
                                            std::string &) const {
  if (isComplete())
    return Attribute(*this);
  return Attribute(BitmapAttr::get(getContext(), chooseOmittedSymbol(inner)));
}

FailureOr<LevelInfo>
BitmapAttr::getOuterLevel(const LevelInfo &inner,
                          llvm::function_ref<InFlightDiagnostic()>) const {
  return withoutOmittedSymbol(inner);
}

bool BitmapAttr::keepsCount() const { return false; }
std::optional<int64_t> BitmapAttr::getOuterCount(int64_t) const {
  return std::nullopt;
}

std::vector<uint8_t> BitmapAttr::encode(const SymbolChunk &inner,
                                        const LevelInfo &,
                                        PayloadWriter &aside) const {
  std::vector<uint8_t> outer, present;
  for (uint8_t symbol : inner.symbols) {
    present.push_back(symbol != uint8_t(*getSymbol()));
    if (present.back())
      outer.push_back(symbol);
  }
  aside.align(4);
  aside.write(packSequential(present, 1));
  return outer;
}

LogicalResult BitmapAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                 PayloadReader &aside,
                                 SymbolChunk &inner) const {
  aside.align(4);
  int64_t count = inner.symbols.size();
  ArrayRef<uint8_t> bits = aside.read(sequentialBytes(count, 1));
  if (aside.hasFailed())
    return failure();
  std::vector<uint8_t> present =
      unpackSequential(bits, count, 1, /*isSigned=*/false);
  for (auto [symbol, isThere] : llvm::zip_equal(inner.symbols, present)) {
    symbol = uint8_t(*getSymbol());
    if (!isThere)
      continue;
    if (outer.empty() || outer.front() == symbol)
      return failure();
    symbol = outer.front();
    outer = outer.drop_front();
  }
  return success(outer.empty() && bits.vec() == packSequential(present, 1));
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

/// Symbol by symbol; never ahead of what it reads. Returns the next address of
/// outer symbols.
static Value buildCopyBits(StepBuilder &b, Value bits, Value symbols, Value out,
                           Value count, uint8_t omitted) {
  auto copy = [&](Value i, ValueRange carried) -> StepBuilder::Values {
    Value bit = b.bitAnd(carried[0], b.constant(1));
    Value isThere = b.compare(CmpIPredicate::ne, bit, b.constant(0));
    Value symbol = b.select(isThere, b.loadU8(carried[1]), b.constant(omitted));
    b.storeI8(symbol, b.at(out, i));
    return {b.lshr(carried[0], 1), b.at(carried[1], bit)};
  };
  return b.loop(b.constant(0), count, 1, {bits, symbols}, copy)[1];
}

namespace {
/// The loop over the set bits of a word.
class Scatter {
public:
  Scatter(StepBuilder &b, const DecodeLevel &level, uint8_t omitted)
      : b(b), alignment(b.target.thumb1Only ? level.outAlignment : 1) {
    // Unaligned, or LLVM would make STRD of them, which is slower.
    // Opaque, or LLVM would call memset for 32 bytes.
    fill = b.opaque(b.constant(lanesOf(omitted)));
    if (b.target.thumb1Only) {
      places = level.tables[0];
      factor = b.opaque(b.constant(deBruijn));
    } else {
      topBit = b.opaque(b.constant(INT32_MIN));
    }
  }

  /// Writes 32 symbols; returns the next address of outer symbols.
  Value build(Value bits, Value symbols, Value out) {
    for (int64_t word = 0; word < 8; ++word)
      buildStoreWord(b, fill, b.at(out, 4 * word), alignment);
    if (!b.target.thumb1Only)
      bits = LLVM::BitReverseOp::create(b.builder, b.loc, bits);
    // As if 3 of 4 symbols were left out.
    ExpectedTrips trips{8.0 / scatterUnroll, 0};
    return buildWhile(
        b, {bits, symbols}, trips,
        [&](ValueRange values) {
          return b.compare(CmpIPredicate::ne, values[0], b.constant(0));
        },
        [&](ValueRange values) {
          // The next symbols, which are not among the 32, by one load.
          Value next;
          if (!b.target.thumb1Only)
            next = buildLoadWord(b, values[1], /*alignment=*/1);
          return buildStep(values[0], values[1], next, out, scatterUnroll);
        })[1];
  }

  /// A word times the constant has a place of the word's only bit in its five
  /// highest bits.
  static constexpr uint32_t deBruijn = 0x077CB531;

private:
  /// Writes the next outer symbol to the place of the next bit that is set, and
  /// clears the bit; `unroll` times while there is one. `loaded` are those
  /// symbols in a word, the next one lowest, or null.
  SmallVector<Value> buildStep(Value bits, Value symbols, Value loaded,
                               Value out, unsigned unroll) {
    Value symbol = loaded ? loaded : b.loadU8(symbols), place, bit;
    if (b.target.thumb1Only) {
      bit = b.bitAnd(bits, b.sub(b.constant(0), bits));
      place = b.loadU8(b.at(places, b.lshr(b.mul(bit, factor), 27)));
    } else {
      // Reversed bits: CLZ finds the next one.
      place = LLVM::CountLeadingZerosOp::create(b.builder, b.loc, b.i32(), bits,
                                                /*is_zero_poison=*/true);
      bit = buildShiftRight(b, topBit, place);
    }
    b.storeI8(symbol, b.at(out, place));
    // Opaque, or LLVM would compare `bits` with `bit` first.
    Value rest = b.opaque(buildXor(b, bits, bit));
    SmallVector<Value> next = {rest, b.at(symbols, 1)};
    if (unroll <= 1)
      return next;
    Value isMore = b.compare(CmpIPredicate::ne, rest, b.constant(0));
    return buildIf(b, isMore, next, [&] {
      return buildStep(next[0], next[1], loaded ? b.lshr(loaded, 8) : loaded,
                       out, unroll - 1);
    });
  }

  StepBuilder &b;
  unsigned alignment;
  Value fill, topBit, places, factor;
};
} // namespace

std::vector<ConstantTable> BitmapAttr::getTables(const TargetInfo &target,
                                                 ArrayRef<uint8_t>) const {
  if (!target.thumb1Only)
    return {};
  std::vector<uint8_t> places(32);
  for (unsigned place = 0; place < 32; ++place)
    places[(Scatter::deBruijn << place) >> 27] = place;
  return {{"places", places}};
}

void BitmapAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  uint8_t omitted = *getSymbol();
  Value bitmap = buildAlign(b, level.cursor, 4);
  Value words = buildQuotient(b, level.count, 32);
  Scatter scatter(b, level, omitted);
  auto decode = [&](Value, ValueRange carried) -> StepBuilder::Values {
    Value symbols = carried[0], out = carried[2];
    Value bits = buildLoadWord(b, carried[1], 4);
    // Outer symbols before `out` were read, so these are in flash.
    Value isClear = b.compare(CmpIPredicate::uge,
                              buildDistance(b, out, symbols), b.constant(32));
    auto copy = [&] {
      return buildCopyBits(b, bits, symbols, out, b.constant(32), omitted);
    };
    auto branch = scf::IfOp::create(
        b.builder, b.loc, isClear,
        [&](OpBuilder &, Location) {
          OpBuilder::InsertionGuard guard(b.builder);
          scf::YieldOp::create(b.builder, b.loc,
                               scatter.build(bits, symbols, out));
        },
        [&](OpBuilder &, Location) {
          OpBuilder::InsertionGuard guard(b.builder);
          scf::YieldOp::create(b.builder, b.loc, copy());
        });
    return {branch.getResult(0), b.at(carried[1], 4), b.at(out, 32)};
  };
  StepBuilder::Values ends = b.loop(b.constant(0), words, 1,
                                    {level.symbols, bitmap, level.out}, decode);
  Value rest = b.sub(level.count, b.mul(words, 32));
  buildCopyBits(b, buildLoadWord(b, ends[1], 4), ends[0], ends[2], rest,
                omitted);
  level.cursor = b.at(bitmap, buildSequentialBytes(b, level.count, 1));
}

SparseBlocks BitmapAttr::getSparseBlocks() const { return {1, 1}; }

DecodeCost BitmapAttr::getCost(const SymbolLevel &inner,
                               const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double kept =
      double(inner.size()) - double(inner.histogram()[uint8_t(*getSymbol())]);
  if (target.thumb1Only)
    return {15.3 * kept + 1.4 * double(inner.size()), 280};
  return {8.4 * kept + 0.75 * double(inner.size()), 270};
}

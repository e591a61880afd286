//===- Block.cpp - Zeros in blocks ----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In the order of the inner symbols a block is one piece if its channels are
// interleaved, and otherwise a piece in each of `rows` sweeps over the bits of
// its channels. Either way the decoder goes forwards.
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

using namespace mlir;
using namespace thimble;

using arith::CmpIPredicate;

/// Largest extent of a block, and the most weights of one.
static constexpr int64_t maxExtent = 16, maxWeights = 32;
/// Shapes to choose from.
static constexpr std::pair<int64_t, int64_t> shapes[] = {
    {4, 2}, {4, 4}, {4, 1}, {2, 2}, {2, 4}, {1, 2}, {1, 4}, {1, 8}, {2, 1}};

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult
BlockAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                  int64_t rows, int64_t columns, int64_t depth,
                  std::optional<int64_t> zero) {
  if (rows == 0 && columns == 0)
    return success();
  if (rows < 1 || columns < 1 || rows > maxExtent || columns > maxExtent ||
      rows * columns > maxWeights || rows * columns < 2)
    return emitError() << "expected blocks of 1 to " << maxExtent
                       << " output by 1 to " << maxExtent
                       << " input channels and 2 to " << maxWeights
                       << " weights, found " << rows << "x" << columns;
  if (depth < 0 || depth % columns != 0)
    return emitError() << "expected a depth that is a multiple of " << columns
                       << ", found " << depth;
  return verifySymbol(emitError, zero);
}

Attribute BlockAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> shape = {0, 0};
  int64_t depth = 0;
  std::optional<int64_t> zero;
  if (succeeded(parser.parseOptionalLess())) {
    shape.clear();
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseDimensionList(shape, /*allowDynamic=*/false,
                                  /*withTrailingX=*/false))
      return {};
    if (shape.size() != 2 || shape[0] * shape[1] == 0) {
      parser.emitError(location,
                       "expected blocks as 4x2 (output by input channels)");
      return {};
    }
    while (succeeded(parser.parseOptionalComma())) {
      if (succeeded(parser.parseOptionalKeyword("depth"))) {
        if (parser.parseEqual() || parser.parseInteger(depth))
          return {};
      } else if (parser.parseKeyword("zero") || parser.parseEqual() ||
                 parser.parseInteger(zero.emplace())) {
        return {};
      }
    }
    if (parser.parseGreater())
      return {};
  }
  return parser.getChecked<BlockAttr>(parser.getContext(), shape[0], shape[1],
                                      depth, zero);
}

void BlockAttr::print(AsmPrinter &printer) const {
  if (getRows() == 0)
    return;
  printer << "<" << getRows() << "x" << getColumns();
  if (getDepth() != 0)
    printer << ", depth = " << getDepth();
  if (getZero())
    printer << ", zero = " << *getZero();
  printer << ">";
}

bool BlockAttr::isComplete() const {
  return getRows() != 0 && getZero().has_value();
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

namespace {
/// The order of a chunk: `sweeps` over the same `blocks` bits for each of
/// `groups` of output channels, a piece of `piece` symbols for each bit.
struct BlockOrder {
  int64_t groups, sweeps, blocks, piece;

  static BlockOrder get(BlockAttr attr, int64_t count) {
    int64_t weights = attr.getRows() * attr.getColumns();
    if (attr.getDepth() == 0)
      return {1, 1, count / weights, weights};
    return {count / (attr.getRows() * attr.getDepth()), attr.getRows(),
            attr.getDepth() / attr.getColumns(), attr.getColumns()};
  }

  int64_t bits() const { return groups * blocks; }
  /// Calls `visit(bit, position of the piece's first symbol)` in order.
  template <typename Visitor>
  void visit(Visitor visit) const {
    int64_t position = 0;
    for (int64_t group = 0; group < groups; ++group)
      for (int64_t sweep = 0; sweep < sweeps; ++sweep)
        for (int64_t block = 0; block < blocks; ++block, position += piece)
          visit(group * blocks + block, position);
  }
};
} // namespace

/// For each block 1 if it is stored, 0 if all of it is zero.
static std::vector<uint8_t> presentBlocks(const BlockOrder &order,
                                          ArrayRef<uint8_t> symbols,
                                          uint8_t zero) {
  std::vector<uint8_t> present(order.bits(), 0);
  order.visit([&](int64_t block, int64_t position) {
    present[block] |=
        llvm::any_of(symbols.slice(position, order.piece),
                     [&](uint8_t symbol) { return symbol != zero; });
  });
  return present;
}

/// The complete scheme for blocks of a shape, if chunks consist of them.
static BlockAttr complete(BlockAttr wish, int64_t rows, int64_t columns,
                          const SymbolLevel &inner, std::string &reason) {
  int64_t depth = 0;
  for (const SymbolChunk &chunk : inner.chunks) {
    const ChunkGeometry &g = chunk.geometry;
    if (g.run % columns != 0) {
      reason = "its taps have " + std::to_string(g.run) +
               " input channels, no multiple of " + std::to_string(columns);
      return {};
    }
    if (g.lanes != rows && g.lanes != 1) {
      reason = "the kernel interleaves " + std::to_string(g.lanes) +
               " output channels, not " + std::to_string(rows);
      return {};
    }
    if (g.lanes != rows && g.channels % rows != 0) {
      reason = "a tile has " + std::to_string(g.channels) +
               " output channels, no multiple of " + std::to_string(rows);
      return {};
    }
    depth = g.lanes == rows ? 0 : g.depth;
  }
  return BlockAttr::get(wish.getContext(), rows, columns, depth,
                        int8_t(*inner.info.zero));
}

static int64_t storedBits(BlockAttr attr, const SymbolLevel &level) {
  int64_t bits = 0;
  for (const SymbolChunk &chunk : level.chunks) {
    PayloadWriter aside;
    bits += int64_t(attr.encode(chunk, level.info, aside).size()) *
            int64_t(level.info.bits);
    bits += 8 * int64_t(aside.bytes.size());
  }
  return bits;
}

FailureOr<Attribute> BlockAttr::specialize(const SymbolLevel &inner,
                                           std::string &reason) const {
  if (!hasZeroWeights(inner.info, reason))
    return failure();
  BlockAttr best;
  int64_t fewest = 0;
  auto consider = [&](int64_t rows, int64_t columns) {
    BlockAttr attr = complete(*this, rows, columns, inner, reason);
    if (!attr)
      return;
    int64_t bits = storedBits(attr, inner);
    if (!best || bits < fewest) {
      best = attr;
      fewest = bits;
    }
  };
  if (getRows() != 0)
    consider(getRows(), getColumns());
  else
    for (auto [rows, columns] : shapes)
      consider(rows, columns);
  if (!best)
    return failure();
  if (isComplete() && best != *this) {
    reason = "its depth or symbol for 0 is another";
    return failure();
  }
  return Attribute(best);
}

FailureOr<LevelInfo> BlockAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  return withoutZeroWeights(inner, *getZero(), "blocks", emitError);
}

bool BlockAttr::keepsCount() const { return false; }
std::optional<int64_t> BlockAttr::getOuterCount(int64_t) const {
  return std::nullopt;
}

std::vector<uint8_t> BlockAttr::encode(const SymbolChunk &inner,
                                       const LevelInfo &,
                                       PayloadWriter &aside) const {
  BlockOrder order = BlockOrder::get(*this, inner.symbols.size());
  std::vector<uint8_t> present =
      presentBlocks(order, inner.symbols, *getZero());
  aside.write(packSequential(present, 1));
  std::vector<uint8_t> outer;
  order.visit([&](int64_t block, int64_t position) {
    if (present[block])
      outer.insert(outer.end(), inner.symbols.begin() + position,
                   inner.symbols.begin() + position + order.piece);
  });
  return outer;
}

LogicalResult BlockAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                PayloadReader &aside,
                                SymbolChunk &inner) const {
  int64_t count = inner.symbols.size();
  BlockOrder order = BlockOrder::get(*this, count);
  if (order.groups * order.sweeps * order.blocks * order.piece != count)
    return failure();
  ArrayRef<uint8_t> bits = aside.read(sequentialBytes(order.bits(), 1));
  if (aside.hasFailed())
    return failure();
  std::vector<uint8_t> present =
      unpackSequential(bits, order.bits(), 1, /*isSigned=*/false);
  llvm::fill(inner.symbols, uint8_t(*getZero()));
  bool isShort = false;
  order.visit([&](int64_t block, int64_t position) {
    if (!present[block])
      return;
    isShort |= int64_t(outer.size()) < order.piece;
    if (isShort)
      return;
    llvm::copy(outer.take_front(order.piece), inner.symbols.begin() + position);
    outer = outer.drop_front(order.piece);
  });
  return success(!isShort && outer.empty() &&
                 present == presentBlocks(order, inner.symbols, *getZero()) &&
                 bits.vec() == packSequential(present, 1));
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

namespace {
/// The decoder while it is emitted.
class BlockDecoder {
public:
  BlockDecoder(StepBuilder &b, DecodeLevel &level, const BlockOrder &order,
               uint8_t zero)
      : b(b), level(level), order(order), zero(zero) {}

  /// A piece for each of `count` bits from `firstBit`; returns the next
  /// addresses of outer symbols and of inner ones.
  StepBuilder::Values buildSweep(Value firstBit, Value count, Value symbols,
                                 Value out);

private:
  /// Parts of a piece that one load can move: their offsets and bytes.
  SmallVector<std::pair<int64_t, unsigned>> parts() const;
  void buildZeros(Value out);
  void buildCopy(Value symbols, Value out);

  StepBuilder &b;
  DecodeLevel &level;
  BlockOrder order;
  uint8_t zero;
};
} // namespace

SmallVector<std::pair<int64_t, unsigned>> BlockDecoder::parts() const {
  SmallVector<std::pair<int64_t, unsigned>> result;
  unsigned largest = b.target.thumb1Only ? 1 : 4;
  for (int64_t at = 0; at < order.piece;) {
    unsigned bytes = largest;
    while (at + bytes > order.piece)
      bytes /= 2;
    result.push_back({at, bytes});
    at += bytes;
  }
  return result;
}

void BlockDecoder::buildZeros(Value out) {
  for (auto [at, bytes] : parts())
    LLVM::StoreOp::create(
        b.builder, b.loc,
        b.constant(lanesOf(zero), b.builder.getIntegerType(8 * bytes)),
        b.at(out, at), /*alignment=*/1);
}

void BlockDecoder::buildCopy(Value symbols, Value out) {
  SmallVector<Value> values; // all are read before one is overwritten
  for (auto [at, bytes] : parts())
    values.push_back(LLVM::LoadOp::create(b.builder, b.loc,
                                          b.builder.getIntegerType(8 * bytes),
                                          b.at(symbols, at), /*alignment=*/1));
  for (auto [value, part] : llvm::zip_equal(values, parts()))
    LLVM::StoreOp::create(b.builder, b.loc, value, b.at(out, part.first),
                          /*alignment=*/1);
}

StepBuilder::Values BlockDecoder::buildSweep(Value firstBit, Value count,
                                             Value symbols, Value out) {
  auto piece = [&](Value i, ValueRange carried) -> StepBuilder::Values {
    Value bit = buildSequentialField(b, level.cursor, b.add(firstBit, i), 1);
    Value isThere = b.compare(CmpIPredicate::ne, bit, b.constant(0));
    auto branch = scf::IfOp::create(
        b.builder, b.loc, isThere,
        [&](OpBuilder &, Location) {
          OpBuilder::InsertionGuard guard(b.builder);
          buildCopy(carried[0], carried[1]);
          scf::YieldOp::create(b.builder, b.loc, b.at(carried[0], order.piece));
        },
        [&](OpBuilder &, Location) {
          OpBuilder::InsertionGuard guard(b.builder);
          buildZeros(carried[1]);
          scf::YieldOp::create(b.builder, b.loc, carried[0]);
        });
    return {branch.getResult(0), b.at(carried[1], order.piece)};
  };
  return b.loop(b.constant(0), count, 1, {symbols, out}, piece);
}

void BlockAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  BlockOrder order = BlockOrder::get(*this, getRows() * getDepth());
  BlockDecoder decoder(b, level, order, *getZero());
  Value bits;
  if (getDepth() == 0) {
    bits = buildQuotient(b, level.count, order.piece);
    decoder.buildSweep(b.constant(0), bits, level.symbols, level.out);
  } else {
    Value groups = buildQuotient(b, level.count, getRows() * getDepth());
    Value sweeps = b.mul(groups, getRows());
    b.loop(b.constant(0), sweeps, 1, {level.symbols, level.out},
           [&](Value sweep, ValueRange at) -> StepBuilder::Values {
             Value first =
                 b.mul(buildQuotient(b, sweep, getRows()), order.blocks);
             return decoder.buildSweep(first, b.constant(order.blocks), at[0],
                                       at[1]);
           });
    bits = b.mul(groups, order.blocks);
  }
  level.cursor = b.at(level.cursor, buildSequentialBytes(b, bits, 1));
}

SparseBlocks BlockAttr::getSparseBlocks() const {
  return {getRows(), getColumns()};
}

DecodeCost BlockAttr::getCost(const SymbolLevel &inner,
                              const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  BlockOrder order = BlockOrder::get(*this, inner.size());
  double pieces = double(inner.size()) / double(order.piece);
  double perPiece = target.thumb1Only ? 17 : 14;
  double perSymbol = target.thumb1Only ? 4 : order.piece % 4 == 0 ? 1 : 2;
  return {pieces * perPiece + perSymbol * double(inner.size()), 200};
}

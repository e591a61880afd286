//===- ChannelPalette.cpp - Codebooks of channels -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interleaved channels have codebooks one after the other, as if each of a
// group's lanes were a channel: those that the last group repeats have one
// again, so that no decoder knows how many channels there are.
//
//===----------------------------------------------------------------------===//

#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <array>

using namespace mlir;
using namespace thimble;

static constexpr int64_t maxLanes = 16;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult
ChannelPaletteAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                           int64_t entries, int64_t depth, int64_t lanes) {
  if (entries != 0 && (entries < 2 || entries > 256))
    return emitError() << "expected 2 to 256 entries, found " << entries;
  if (depth < 0 || !llvm::isInt<32>(depth))
    return emitError() << "expected a depth of 1 to 2147483647 weights, found "
                       << depth;
  if (lanes < 1 || lanes > maxLanes)
    return emitError() << "expected 1 to " << maxLanes
                       << " interleaved output channels, found " << lanes;
  return success();
}

Attribute ChannelPaletteAttr::parse(AsmParser &parser, Type) {
  int64_t entries = 0, depth = 0, lanes = 1;
  if (succeeded(parser.parseOptionalLess())) {
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseInteger(entries))
      return {};
    if (entries == 0) {
      parser.emitError(location, "expected 2 to 256 entries, found 0");
      return {};
    }
    while (succeeded(parser.parseOptionalComma())) {
      bool isDepth = succeeded(parser.parseOptionalKeyword("depth"));
      if ((!isDepth && parser.parseKeyword("lanes")) || parser.parseEqual() ||
          parser.parseInteger(isDepth ? depth : lanes))
        return {};
    }
    if (parser.parseGreater())
      return {};
  }
  return parser.getChecked<ChannelPaletteAttr>(parser.getContext(), entries,
                                               depth, lanes);
}

void ChannelPaletteAttr::print(AsmPrinter &printer) const {
  if (getEntries() == 0)
    return;
  printer << "<" << getEntries();
  if (getDepth() != 0)
    printer << ", depth = " << getDepth();
  if (getLanes() != 1)
    printer << ", lanes = " << getLanes();
  printer << ">";
}

bool ChannelPaletteAttr::isComplete() const {
  return getEntries() != 0 && getDepth() != 0;
}

//===----------------------------------------------------------------------===//
// Codebooks
//===----------------------------------------------------------------------===//

/// The distinct symbols of each channel of a chunk, the most frequent first.
static SmallVector<std::vector<uint8_t>>
codebooksOf(ArrayRef<uint8_t> symbols, int64_t depth, int64_t lanes) {
  SmallVector<std::vector<uint8_t>> codebooks;
  for (; !symbols.empty(); symbols = symbols.drop_front(depth * lanes))
    for (int64_t lane = 0; lane < lanes; ++lane) {
      std::array<int64_t, 256> counts = {};
      for (int64_t i = 0; i < depth; ++i)
        ++counts[symbols[i * lanes + lane]];
      std::vector<uint8_t> &codebook = codebooks.emplace_back();
      for (int symbol = 0; symbol < 256; ++symbol)
        if (counts[symbol] != 0)
          codebook.push_back(symbol);
      llvm::sort(codebook, [&](uint8_t a, uint8_t b) {
        return std::pair(-counts[a], a) < std::pair(-counts[b], b);
      });
    }
  return codebooks;
}

/// Which of a chunk's codebooks the symbol at `position` is looked up in.
static int64_t codebookAt(ChannelPaletteAttr attr, int64_t position) {
  int64_t lanes = attr.getLanes();
  return position / (attr.getDepth() * lanes) * lanes + position % lanes;
}

FailureOr<Attribute> ChannelPaletteAttr::specialize(const SymbolLevel &inner,
                                                    std::string &reason) const {
  if (!inner.info.perWeight) {
    reason = "its symbols are no longer one for each weight";
    return failure();
  }
  ChunkGeometry order;
  if (!inner.chunks.empty())
    order = inner.chunks.front().geometry;
  size_t most = 2;
  for (const SymbolChunk &chunk : inner.chunks) {
    const ChunkGeometry &g = chunk.geometry;
    if (g.lanes > maxLanes || g.lanes != order.lanes ||
        g.depth != order.depth) {
      reason = "the kernel interleaves " + std::to_string(g.lanes) +
               " output channels of " + std::to_string(g.depth) + " weights";
      return failure();
    }
    for (ArrayRef<uint8_t> codebook :
         codebooksOf(chunk.symbols, g.depth, g.lanes))
      most = std::max(most, codebook.size());
  }
  if (getEntries() != 0 && int64_t(most) > getEntries()) {
    reason = "an output channel has " + std::to_string(most) +
             " distinct numbers, more than " + std::to_string(getEntries());
    return failure();
  }
  if (!isComplete())
    return Attribute(
        ChannelPaletteAttr::get(getContext(), most, order.depth, order.lanes));
  if (getDepth() == order.depth && getLanes() == order.lanes)
    return Attribute(*this);
  reason = "the kernel interleaves " + std::to_string(order.lanes) +
           " output channels of " + std::to_string(order.depth) + " weights";
  return failure();
}

FailureOr<LevelInfo> ChannelPaletteAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (!inner.perWeight)
    return emitError() << "expected codebooks of channels for symbols that are "
                          "one for each weight";
  LevelInfo outer;
  outer.bits = llvm::Log2_64_Ceil(getEntries());
  outer.isSigned = false;
  outer.zero = std::nullopt;
  return outer;
}

std::vector<uint8_t> ChannelPaletteAttr::encode(const SymbolChunk &inner,
                                                const LevelInfo &,
                                                PayloadWriter &aside) const {
  SmallVector<std::vector<uint8_t>> codebooks =
      codebooksOf(inner.symbols, getDepth(), getLanes());
  SmallVector<std::array<uint8_t, 256>> indices(codebooks.size());
  for (auto [codebook, index] : llvm::zip_equal(codebooks, indices)) {
    for (auto [i, symbol] : llvm::enumerate(codebook))
      index[symbol] = i;
    codebook.resize(getEntries());
    aside.write(codebook);
  }
  std::vector<uint8_t> outer;
  for (auto [position, symbol] : llvm::enumerate(inner.symbols))
    outer.push_back(indices[codebookAt(*this, position)][symbol]);
  return outer;
}

LogicalResult ChannelPaletteAttr::decode(ArrayRef<uint8_t> outer,
                                         const LevelInfo &level,
                                         PayloadReader &aside,
                                         SymbolChunk &inner) const {
  int64_t count = inner.symbols.size(), group = getDepth() * getLanes();
  if (int64_t(outer.size()) != count || count % group != 0)
    return failure();
  int64_t bytes = count / getDepth() * getEntries();
  ArrayRef<uint8_t> codebooks = aside.read(bytes);
  if (aside.hasFailed())
    return failure();
  for (auto [position, index] : llvm::enumerate(outer)) {
    if (index >= getEntries())
      return failure();
    inner.symbols[position] =
        codebooks[codebookAt(*this, position) * getEntries() + index];
  }
  PayloadWriter again;
  return success(encode(inner, level, again) == outer.vec() &&
                 ArrayRef(again.bytes) == codebooks);
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

/// `count` symbols in a row, `lanes` of whose codebooks are at `codebook`. Four
/// at a time, or one a lane, are read before one is overwritten: as many as the
/// registers of a Cortex-M0+ hold.
static void buildLookUps(StepBuilder &b, ChannelPaletteAttr attr,
                         Value codebook, Value from, Value to, int64_t count) {
  int64_t most = attr.getLanes() == 1 ? 4 : attr.getLanes();
  for (int64_t first = 0; first < count; first += most) {
    SmallVector<Value> symbols;
    for (int64_t i = first; i < std::min(first + most, count); ++i)
      symbols.push_back(b.loadU8(b.at(from, i)));
    for (auto [i, symbol] : llvm::enumerate(symbols)) {
      int64_t lane = int64_t(i) % attr.getLanes();
      symbol = b.loadU8(b.at(b.at(codebook, lane * attr.getEntries()), symbol));
    }
    for (auto [i, symbol] : llvm::enumerate(symbols))
      b.storeI8(symbol, b.at(to, first + int64_t(i)));
  }
}

void ChannelPaletteAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  int64_t step = getLanes() == 1 ? 8 : getLanes();
  int64_t group = getDepth() * getLanes(), rest = group % step;
  Value groups = buildQuotient(b, level.count, group);
  auto buildGroup = [&](Value, ValueRange at) -> StepBuilder::Values {
    StepBuilder::Values ends =
        b.loop(b.constant(0), b.constant(group / step), 1, {at[1], at[2]},
               [&](Value, ValueRange position) -> StepBuilder::Values {
                 buildLookUps(b, *this, at[0], position[0], position[1], step);
                 return {b.at(position[0], step), b.at(position[1], step)};
               });
    buildLookUps(b, *this, at[0], ends[0], ends[1], rest);
    return {b.at(at[0], getLanes() * getEntries()), b.at(ends[0], rest),
            b.at(ends[1], rest)};
  };
  StepBuilder::Values ends =
      b.loop(b.constant(0), groups, 1, {level.cursor, level.symbols, level.out},
             buildGroup);
  level.cursor = ends[0];
}

DecodeCost ChannelPaletteAttr::getCost(const SymbolLevel &inner,
                                       const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double perSymbol = getLanes() == 1 ? 4.0 : 5.5;
  if (target.thumb1Only)
    perSymbol = getLanes() == 1 ? 6.1 : 9.7;
  else if (target.hasMVE)
    perSymbol = getLanes() == 1 ? 2.9 : 3.2;
  return {perSymbol * double(inner.size()), 120};
}

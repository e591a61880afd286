//===- Encoding.cpp - #thimble.encoding -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stack: passes symbols from scheme to scheme, in the compiler. What it
// knows of a scheme is EncodingAttrInterface.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Diagnostics.h"
#include "thimble/Dialect/Thimble/IR/FixedWidth.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/LoopNest/WeightLayout.h"

using namespace mlir;
using namespace thimble;

/// Code of the unpacking of narrow symbols; docs/rationale/decoders.md.
static constexpr int64_t planarCodeBytes = 200;
/// Zeros behind a byte stream, so that a decoder can read whole words.
static constexpr unsigned streamPadding = 3;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

namespace {
/// The order in which the weights of a tensor are stored, chunk by chunk.
class WeightOrder {
public:
  WeightOrder(RankedTensorType type, int64_t axis, int64_t lanes,
              int64_t tile) {
    layout.channels = type.getDimSize(axis);
    layout.depth = type.getNumElements() / layout.channels;
    layout.lanes = lanes;
    layout.channelsInnermost = axis > 0;
    chunkChannels = tile == 0 ? layout.channels : tile;
    run = layout.channelsInnermost ? 1 : type.getShape().back();
  }
  WeightOrder(EncodingAttr encoding, RankedTensorType type)
      : WeightOrder(type, encoding.getAxis(), encoding.getLanes(),
                    encoding.getTile()) {}

  int64_t size() const {
    return llvm::divideCeil(layout.channels, chunkChannels);
  }
  ChunkGeometry operator[](int64_t index) const {
    int64_t first = index * chunkChannels;
    return {std::min(chunkChannels, layout.channels - first), layout.depth,
            layout.lanes, run};
  }
  /// The index in the tensor of a symbol of a chunk.
  int64_t sourceIndex(int64_t chunk, int64_t position) const {
    return layout.sourceIndex(layout.position(chunk * chunkChannels) +
                              position);
  }
  /// The symbols of level 0.
  SymbolLevel read(ArrayRef<uint8_t> weights) const {
    SymbolLevel level;
    for (int64_t c = 0; c < size(); ++c) {
      SymbolChunk &chunk = level.chunks.emplace_back();
      chunk.geometry = (*this)[c];
      for (int64_t i = 0; i < chunk.geometry.size(); ++i)
        chunk.symbols.push_back(weights[sourceIndex(c, i)]);
    }
    return level;
  }

private:
  WeightLayout layout;
  int64_t chunkChannels, run;
};
} // namespace

ChunkGeometry EncodingAttr::getChunk(RankedTensorType type) const {
  return WeightOrder(*this, type)[0];
}

int64_t EncodingAttr::getChunkCount(RankedTensorType type) const {
  return WeightOrder(*this, type).size();
}

ChunkGeometry EncodingAttr::getLastChunk(RankedTensorType type) const {
  WeightOrder order(*this, type);
  return order[order.size() - 1];
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

static LogicalResult
collectLevels(ArrayRef<Attribute> stack, SmallVectorImpl<LevelInfo> &levels,
              llvm::function_ref<InFlightDiagnostic()> emitError) {
  levels.push_back(LevelInfo());
  for (Attribute attr : stack) {
    auto scheme = dyn_cast<EncodingAttrInterface>(attr);
    if (!scheme)
      return emitError() << "expected schemes of an encoding, found " << attr;
    if (!scheme.isComplete())
      return emitError() << "expected all parameters of " << attr
                         << ", which thimble-encode chooses";
    if (levels.back().isTerminal)
      return emitError() << "expected nothing around a byte stream, found "
                         << attr;
    FailureOr<LevelInfo> outer = scheme.getOuterLevel(levels.back(), emitError);
    if (failed(outer))
      return failure();
    levels.push_back(*outer);
  }
  return success();
}

LogicalResult
EncodingAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     ArrayRef<Attribute> stack, int64_t axis, int64_t lanes,
                     int64_t tile) {
  if (stack.empty())
    return emitError() << "expected at least one scheme";
  if (axis < 0 || lanes < 1 || tile < 0)
    return emitError() << "expected axis >= 0, lanes >= 1 and tile >= 0, found "
                       << axis << ", " << lanes << " and " << tile;
  SmallVector<LevelInfo> levels;
  return collectLevels(stack, levels, emitError);
}

static LogicalResult
verifyOrder(ArrayRef<int64_t> shape, Type elementType, int64_t axis,
            int64_t lanes, int64_t tile,
            llvm::function_ref<InFlightDiagnostic()> emitError) {
  auto quantized = dyn_cast<quant::QuantizedType>(elementType);
  if (!quantized || quantized.getStorageTypeIntegralWidth() != 8)
    return emitError() << "expected numbers of 8 bits, found " << elementType;
  if (ShapedType::isDynamicShape(shape) || llvm::is_contained(shape, 0))
    return emitError() << "expected a static, non-empty shape to encode";
  if (axis != 0 && axis != int64_t(shape.size()) - 1)
    return emitError() << "expected the first or the last dimension as axis, "
                          "found "
                       << axis;
  WeightOrder order(RankedTensorType::get(shape, elementType), axis, lanes,
                    tile);
  if (tile > shape[axis] || lanes > order[0].channels ||
      lanes > order[order.size() - 1].channels ||
      (order.size() > 1 && tile % lanes != 0))
    return emitError() << "expected chunks of at most " << shape[axis]
                       << " channels, in groups of " << lanes
                       << ", found tile = " << tile;
  if (order[0].size() > maxChunkSymbols)
    return emitError() << "expected chunks of at most " << maxChunkSymbols
                       << " weights, found " << order[0].size();
  return success();
}

LogicalResult EncodingAttr::verifyEncoding(
    ArrayRef<int64_t> shape, Type elementType,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  return verifyOrder(shape, elementType, getAxis(), getLanes(), getTile(),
                     emitError);
}

SmallVector<EncodingAttrInterface> EncodingAttr::getSchemes() const {
  return llvm::map_to_vector(
      getStack(), [](Attribute a) { return cast<EncodingAttrInterface>(a); });
}

SmallVector<LevelInfo> EncodingAttr::getLevels() const {
  SmallVector<LevelInfo> levels;
  // verify has seen that there are no errors.
  (void)collectLevels(getStack(), levels, [&] {
    return mlir::emitError(UnknownLoc::get(getContext()));
  });
  return levels;
}

//===----------------------------------------------------------------------===//
// Encoding
//===----------------------------------------------------------------------===//

static SymbolLevel encodeLevel(EncodingAttrInterface scheme,
                               const SymbolLevel &inner, LevelInfo outerInfo,
                               std::vector<PayloadWriter> *asides) {
  SymbolLevel outer;
  outer.info = outerInfo;
  for (const SymbolChunk &chunk : inner.chunks) {
    PayloadWriter aside;
    outer.chunks.push_back(
        {scheme.encode(chunk, inner.info, aside), chunk.geometry});
    if (asides)
      asides->push_back(std::move(aside));
  }
  return outer;
}

FailureOr<EncodingAttr>
EncodingAttr::specialize(ArrayRef<Attribute> stack, int64_t axis, int64_t lanes,
                         int64_t tile, RankedTensorType type,
                         ArrayRef<uint8_t> weights, std::string &reason) {
  MLIRContext *context = type.getContext();
  auto fail = [&](const Twine &text) {
    reason = text.str();
    return failure();
  };
  // The diagnostics of schemes become the reason.
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    reason = diagnostic.str();
    return success();
  });
  auto emitError = [&] { return mlir::emitError(UnknownLoc::get(context)); };
  if (failed(verifyOrder(type.getShape(), type.getElementType(), axis, lanes,
                         tile, emitError)))
    return failure();
  SymbolLevel level = WeightOrder(type, axis, lanes, tile).read(weights);
  SmallVector<Attribute> complete;
  for (Attribute wish : stack) {
    auto scheme = cast<EncodingAttrInterface>(wish);
    if (level.info.isTerminal)
      return fail("nothing can be stacked on a byte stream");
    FailureOr<Attribute> chosen = scheme.specialize(level, reason);
    if (failed(chosen))
      return failure();
    complete.push_back(*chosen);
    scheme = cast<EncodingAttrInterface>(*chosen);
    FailureOr<LevelInfo> outer = scheme.getOuterLevel(level.info, emitError);
    if (failed(outer))
      return failure();
    level = encodeLevel(scheme, level, *outer, nullptr);
  }
  return EncodingAttr::get(context, complete, axis, lanes, tile);
}

std::vector<SymbolLevel>
EncodingAttr::getSymbols(RankedTensorType type,
                         ArrayRef<uint8_t> weights) const {
  std::vector<SymbolLevel> result = {WeightOrder(*this, type).read(weights)};
  for (auto [scheme, info] :
       llvm::zip_equal(getSchemes(), ArrayRef(getLevels()).drop_front()))
    result.push_back(encodeLevel(scheme, result.back(), info, nullptr));
  return result;
}

static void storeSymbols(const LevelInfo &level, ArrayRef<uint8_t> symbols,
                         PayloadWriter &payload) {
  if (level.isTerminal)
    return;
  payload.align(level.storedAlignment());
  if (level.bits == 8)
    payload.write(symbols);
  else if (!level.isPlanar())
    payload.write(packSequential(symbols, level.bits));
  else
    payload.write(packPlanar(symbols, level.bits, level.isSigned));
}

std::vector<uint8_t> EncodingAttr::encode(RankedTensorType type,
                                          ArrayRef<uint8_t> weights) const {
  SmallVector<EncodingAttrInterface> schemes = getSchemes();
  SmallVector<LevelInfo> infos = getLevels();
  std::vector<SymbolLevel> levels = {WeightOrder(*this, type).read(weights)};
  std::vector<std::vector<PayloadWriter>> asides(schemes.size());
  for (auto [index, scheme] : llvm::enumerate(schemes))
    levels.push_back(
        encodeLevel(scheme, levels[index], infos[index + 1], &asides[index]));
  PayloadWriter payload;
  for (size_t c = 0; c < levels[0].chunks.size(); ++c) {
    for (auto [index, scheme] : llvm::enumerate(schemes))
      if (!infos[index + 1].isTerminal &&
          !scheme.getOuterCount(levels[index].chunks[c].symbols.size()))
        payload.write16(levels[index + 1].chunks[c].symbols.size());
    storeSymbols(infos.back(), levels.back().chunks[c].symbols, payload);
    for (std::vector<PayloadWriter> &aside : llvm::reverse(asides))
      payload.append(aside[c]);
  }
  if (infos.back().isTerminal)
    for (unsigned i = 0; i < streamPadding; ++i)
      payload.write8(0);
  return payload.bytes;
}

//===----------------------------------------------------------------------===//
// Decoding
//===----------------------------------------------------------------------===//

static std::vector<uint8_t> loadSymbols(const LevelInfo &level, int64_t count,
                                        PayloadReader &payload) {
  if (level.isTerminal)
    return {};
  payload.align(level.storedAlignment());
  if (level.bits == 8)
    return payload.read(count).vec();
  bool isPlanar = level.isPlanar();
  ArrayRef<uint8_t> stored =
      payload.read(isPlanar ? planarBytes(count, level.bits)
                            : sequentialBytes(count, level.bits));
  if (payload.hasFailed())
    return {};
  return isPlanar ? unpackPlanar(stored, count, level.bits, level.isSigned)
                  : unpackSequential(stored, count, level.bits, level.isSigned);
}

namespace {
/// Decodes chunk after chunk of a payload.
class PayloadDecoder {
public:
  PayloadDecoder(EncodingAttr encoding, ArrayRef<uint8_t> payload)
      : schemes(encoding.getSchemes()), levels(encoding.getLevels()),
        payload(payload) {}

  /// Fills in the symbols of `chunk`, whose geometry is set.
  LogicalResult decode(SymbolChunk &chunk) {
    SmallVector<int64_t> counts = {chunk.geometry.size()};
    for (auto [scheme, outer] :
         llvm::zip_equal(schemes, ArrayRef(levels).drop_front())) {
      std::optional<int64_t> implied =
          outer.isTerminal ? 0 : scheme.getOuterCount(counts.back());
      int64_t count = implied ? *implied : payload.read16();
      if (count > counts.back())
        return failure();
      counts.push_back(count);
    }
    std::vector<uint8_t> outer =
        loadSymbols(levels.back(), counts.back(), payload);
    for (size_t i = schemes.size(); i-- > 0;) {
      if (payload.hasFailed())
        return failure();
      SymbolChunk inner{std::vector<uint8_t>(counts[i]), chunk.geometry};
      if (failed(schemes[i].decode(outer, levels[i], payload, inner)) ||
          int64_t(inner.symbols.size()) != counts[i])
        return failure();
      outer = std::move(inner.symbols);
    }
    chunk.symbols = std::move(outer);
    return success(!payload.hasFailed());
  }

  /// True if nothing but the padding is left.
  bool isAtEnd() {
    return payload.rest().size() ==
               (levels.back().isTerminal ? streamPadding : 0) &&
           llvm::all_of(payload.rest(), [](uint8_t b) { return b == 0; });
  }

private:
  SmallVector<EncodingAttrInterface> schemes;
  SmallVector<LevelInfo> levels;
  PayloadReader payload;
};
} // namespace

FailureOr<std::vector<uint8_t>>
EncodingAttr::decode(RankedTensorType type, ArrayRef<uint8_t> payload) const {
  PayloadDecoder decoder(*this, payload);
  WeightOrder order(*this, type);
  std::vector<SymbolChunk> chunks(order.size());
  for (int64_t c = 0; c < order.size(); ++c) {
    chunks[c].geometry = order[c];
    if (failed(decoder.decode(chunks[c])))
      return failure();
  }
  if (!decoder.isAtEnd())
    return failure();
  std::vector<uint8_t> weights(type.getNumElements());
  for (auto [c, chunk] : llvm::enumerate(chunks))
    for (auto [i, symbol] : llvm::enumerate(chunk.symbols))
      weights[order.sourceIndex(c, i)] = symbol;
  return weights;
}

//===----------------------------------------------------------------------===//
// Cost
//===----------------------------------------------------------------------===//

int64_t EncodingAttr::sizeInBits(ArrayRef<uint8_t> payload,
                                 const TargetInfo &target) const {
  int64_t bytes = payload.size();
  for (const ConstantTable &table : StackDecoder(*this, target).getTables())
    bytes += int64_t(table.bytes.size());
  return bytes * 8;
}

DecodeCost EncodingAttr::getCost(ArrayRef<SymbolLevel> levels,
                                 const TargetInfo &target) const {
  DecodeCost total;
  const LevelInfo &outermost = levels.back().info;
  if (outermost.isPlanar()) {
    total.codeBytes += planarCodeBytes;
    total.cycles +=
        double(levels.back().size()) *
        planarCyclesPerSymbol(outermost.bits, outermost.isSigned, target);
  }
  SmallVector<EncodingAttrInterface> schemes = getSchemes();
  for (int64_t i = int64_t(schemes.size()) - 1; i >= 0; --i) {
    total += schemes[i].getCost(levels[i], target);
    // The tables of this one hold what the next ones would look up.
    if (schemes[i].mapsSymbols())
      while (i > 0 && !schemes[i - 1].getSymbolMap().empty())
        --i;
  }
  return total;
}

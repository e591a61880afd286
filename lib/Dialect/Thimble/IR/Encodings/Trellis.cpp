//===- Trellis.cpp - Weights that follow a trellis ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In the compiler; TrellisDecoder.cpp has the code for the target.
//
//===----------------------------------------------------------------------===//

#include "thimble/Support/Trellis.h"
#include "Schemes.h"
#include "TrellisDecoder.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

static constexpr int64_t maxLanes = 4;
/// Indices are from -64 to 63.
static constexpr unsigned indexBits = 7;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult
TrellisAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t lanes) {
  if (lanes != 0 && lanes != 1 && lanes != maxLanes)
    return emitError() << "expected 1 or 4 interleaved output channels, found "
                       << lanes;
  return success();
}

Attribute TrellisAttr::parse(AsmParser &parser, Type) {
  int64_t lanes = 0;
  if (succeeded(parser.parseOptionalLess())) {
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseKeyword("lanes") || parser.parseEqual() ||
        parser.parseInteger(lanes) || parser.parseGreater())
      return {};
    if (lanes == 0) {
      parser.emitError(location,
                       "expected 1 or 4 interleaved output channels, found 0");
      return {};
    }
  }
  return parser.getChecked<TrellisAttr>(parser.getContext(), lanes);
}

void TrellisAttr::print(AsmPrinter &printer) const {
  if (isComplete())
    printer << "<lanes = " << getLanes() << ">";
}

bool TrellisAttr::isComplete() const { return getLanes() != 0; }

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

namespace {
/// The machines of a chunk's output channels, while its symbols are visited in
/// order.
class ChannelMachines {
public:
  explicit ChannelMachines(const ChunkGeometry &geometry)
      : groupSize(geometry.depth * geometry.lanes), machines(geometry.lanes) {}

  /// That of the channel which the symbol at `position` is of.
  Trellis &at(int64_t position) {
    if (position % groupSize == 0)
      std::fill(machines.begin(), machines.end(), Trellis());
    return machines[position % int64_t(machines.size())];
  }

private:
  int64_t groupSize;
  std::vector<Trellis> machines;
};
} // namespace

/// The position of the first weight that does not follow, if any.
static std::optional<int64_t> findStray(const SymbolChunk &chunk) {
  ChannelMachines machines(chunk.geometry);
  for (int64_t i = 0; i < int64_t(chunk.symbols.size()); ++i)
    if (!machines.at(i).encode(int8_t(chunk.symbols[i])))
      return i;
  return std::nullopt;
}

FailureOr<Attribute> TrellisAttr::specialize(const SymbolLevel &inner,
                                             std::string &reason) const {
  if (!inner.info.perWeight) {
    reason = "its symbols are no longer one for each weight";
    return failure();
  }
  int64_t lanes = 1;
  int64_t channel = 0;
  for (const SymbolChunk &chunk : inner.chunks) {
    const ChunkGeometry &g = chunk.geometry;
    lanes = g.lanes;
    if ((lanes != 1 && lanes != maxLanes) ||
        (isComplete() && lanes != getLanes())) {
      reason = "the kernel interleaves " + std::to_string(lanes) +
               " output channels";
      return failure();
    }
    if (std::optional<int64_t> stray = findStray(chunk)) {
      reason = "its weights do not follow the trellis, first " +
               std::to_string(int8_t(chunk.symbols[*stray])) + " as weight " +
               std::to_string(g.depthOf(*stray)) + " of output channel " +
               std::to_string(channel + g.channelOf(*stray));
      return failure();
    }
    channel += g.channels;
  }
  return Attribute(TrellisAttr::get(getContext(), lanes));
}

FailureOr<LevelInfo> TrellisAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (!inner.perWeight)
    return emitError()
           << "expected a trellis for symbols that are one for each weight";
  LevelInfo outer;
  outer.bits = indexBits;
  outer.zero = inner.zero == 0 ? inner.zero : std::nullopt;
  return outer;
}

std::vector<uint8_t> TrellisAttr::encode(const SymbolChunk &inner,
                                         const LevelInfo &,
                                         PayloadWriter &aside) const {
  aside.write16(inner.geometry.depth);
  ChannelMachines machines(inner.geometry);
  std::vector<uint8_t> outer;
  for (int64_t i = 0; i < int64_t(inner.symbols.size()); ++i)
    outer.push_back(*machines.at(i).encode(int8_t(inner.symbols[i])));
  return outer;
}

LogicalResult TrellisAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                  PayloadReader &aside,
                                  SymbolChunk &inner) const {
  const ChunkGeometry &g = inner.geometry;
  if (g.lanes != getLanes() || outer.size() != inner.symbols.size() ||
      int64_t(outer.size()) != g.size() || aside.read16() != g.depth ||
      aside.hasFailed())
    return failure();
  ChannelMachines machines(g);
  for (auto [position, symbol] : llvm::enumerate(outer)) {
    if (int8_t(symbol) < Trellis::minIndex ||
        int8_t(symbol) > Trellis::maxIndex)
      return failure();
    inner.symbols[position] = machines.at(position).decode(int8_t(symbol));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

void TrellisAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  buildTrellisDecode(b, level, getLanes());
}

DecodeCost TrellisAttr::getCost(const SymbolLevel &inner,
                                const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md. A channel, or a group of interleaved
  // ones, costs something, and what its words of four weights leave over; with
  // vectors the last is as dear as the others.
  constexpr int64_t vectorBytes = 16;
  bool interleaves = getLanes() > 1;
  double perSymbol = interleaves ? 3.4 : 4.1;
  double perGroup = 28, perRest = 15, perVector = interleaves ? 29 : 32;
  if (target.thumb1Only) {
    perSymbol = 7.9;
    perGroup = 41;
    perRest = interleaves ? 25 : 40;
  }
  DecodeCost cost;
  for (const SymbolChunk &chunk : inner.chunks) {
    const ChunkGeometry &g = chunk.geometry;
    int64_t groupSize = g.depth * g.lanes;
    double cycles =
        target.hasMVE
            ? 20 + perVector * llvm::divideCeil(groupSize, vectorBytes)
            : perGroup + perSymbol * groupSize + perRest * (g.depth % 4);
    cost.cycles += double(g.groups()) * cycles;
  }
  // One function for all stacks: a few of them bear its cost.
  constexpr int64_t stacks = 4;
  cost.codeBytes = (target.hasMVE ? 160 : interleaves ? 310 : 440) / stacks;
  return cost;
}

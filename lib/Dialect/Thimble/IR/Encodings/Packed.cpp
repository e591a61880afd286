//===- Packed.cpp - Symbols of fewer than eight bits ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Narrows the level; the bytes stay what they are, so the target needs no code
// beyond the unpacking of stored symbols.
//
//===----------------------------------------------------------------------===//

#include "Schemes.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace thimble;

LogicalResult
PackedAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   unsigned bits, bool) {
  if (bits > 7)
    return emitError() << "expected 1 to 7 bits, found " << bits;
  return success();
}

Attribute PackedAttr::parse(AsmParser &parser, Type) {
  unsigned bits = 0;
  bool isSigned = true;
  if (succeeded(parser.parseOptionalLess())) {
    if (parser.parseInteger(bits))
      return {};
    if (bits == 0) {
      parser.emitError(parser.getNameLoc(), "expected 1 to 7 bits, found 0");
      return {};
    }
    if (succeeded(parser.parseOptionalComma())) {
      if (parser.parseKeyword("unsigned"))
        return {};
      isSigned = false;
    }
    if (parser.parseGreater())
      return {};
  }
  return parser.getChecked<PackedAttr>(parser.getContext(), bits, isSigned);
}

void PackedAttr::print(AsmPrinter &printer) const {
  if (isComplete())
    printer << "<" << getBits() << (getIsSigned() ? "" : ", unsigned") << ">";
}

bool PackedAttr::isComplete() const { return getBits() != 0; }

static bool fits(uint8_t symbol, unsigned bits, bool isSigned) {
  return isSigned ? llvm::isIntN(bits, int8_t(symbol))
                  : llvm::isUIntN(bits, symbol);
}

FailureOr<Attribute> PackedAttr::specialize(const SymbolLevel &inner,
                                            std::string &reason) const {
  std::vector<uint64_t> counts = inner.histogram();
  auto holdsAll = [&](unsigned bits, bool isSigned) {
    for (unsigned symbol = 0; symbol < 256; ++symbol)
      if (counts[symbol] && !fits(symbol, bits, isSigned))
        return false;
    return true;
  };
  for (unsigned bits = 1; bits < 8; ++bits)
    for (bool isSigned : {inner.info.isSigned, false}) {
      bool asked =
          !isComplete() || (bits == getBits() && isSigned == getIsSigned());
      if (asked && holdsAll(bits, isSigned))
        return Attribute(PackedAttr::get(getContext(), bits, isSigned));
    }
  reason = isComplete() ? "a number does not fit in " +
                              std::to_string(getBits()) + " bits"
                        : "its numbers need 8 bits";
  return failure();
}

FailureOr<LevelInfo> PackedAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (getBits() > inner.bits)
    return emitError() << "expected at most the " << inner.bits
                       << " bits of the inner level, found " << getBits();
  LevelInfo outer = inner;
  outer.bits = getBits();
  outer.isSigned = getIsSigned();
  outer.readsStored = false;
  outer.alignment = 1;
  return outer;
}

std::vector<uint8_t> PackedAttr::encode(const SymbolChunk &inner,
                                        const LevelInfo &,
                                        PayloadWriter &) const {
  return inner.symbols;
}

LogicalResult PackedAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                 PayloadReader &, SymbolChunk &inner) const {
  inner.symbols.assign(outer.begin(), outer.end());
  return success(llvm::all_of(outer, [&](uint8_t symbol) {
    return fits(symbol, getBits(), getIsSigned());
  }));
}

std::vector<uint8_t> PackedAttr::getSymbolMap() const {
  std::vector<uint8_t> identity(256);
  std::iota(identity.begin(), identity.end(), 0);
  return identity;
}

void PackedAttr::buildDecode(StepBuilder &, DecodeLevel &) const {}

DecodeCost PackedAttr::getCost(const SymbolLevel &, const TargetInfo &) const {
  return {};
}

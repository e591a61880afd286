//===- TestEncodings.cpp - An encoding outside the compiler ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The least that a scheme has to say.
//
//===----------------------------------------------------------------------===//

#include "TestEncodings.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/LoopNest/StepBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

#include "TestEncodingsDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "TestEncodings.cpp.inc"

void ThimbleTestDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "TestEncodings.cpp.inc"
      >();
}

bool MaskAttr::isComplete() const { return true; }

FailureOr<Attribute> MaskAttr::specialize(const SymbolLevel &,
                                          std::string &) const {
  return Attribute(*this);
}

FailureOr<LevelInfo> MaskAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (inner.bits != 8)
    return emitError() << "expected an inner level of 8 bits, found "
                       << inner.bits;
  LevelInfo outer = inner;
  outer.zero = uint8_t(getBits());
  outer.readsStored = false;
  outer.alignment = 1;
  return outer;
}

std::vector<uint8_t> MaskAttr::encode(const SymbolChunk &inner,
                                      const LevelInfo &,
                                      PayloadWriter &) const {
  std::vector<uint8_t> outer = inner.symbols;
  for (uint8_t &symbol : outer)
    symbol ^= getBits();
  return outer;
}

LogicalResult MaskAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                               PayloadReader &, SymbolChunk &inner) const {
  for (auto [to, from] : llvm::zip_equal(inner.symbols, outer))
    to = from ^ getBits();
  return success();
}

void MaskAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  b.loop(b.constant(0), level.count, 1, [&](Value i) {
    Value symbol = b.loadU8(b.at(level.symbols, i));
    Value weight = b.builder.createOrFold<arith::XOrIOp>(b.loc, symbol,
                                                         b.constant(getBits()));
    b.storeI8(weight, b.at(level.out, i));
  });
}

DecodeCost MaskAttr::getCost(const SymbolLevel &inner,
                             const TargetInfo &) const {
  return {6.0 * double(inner.size()), 40};
}

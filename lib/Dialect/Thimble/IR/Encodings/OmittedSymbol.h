//===- OmittedSymbol.h - The symbol that sparse schemes leave out *- C++ -*-==//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the schemes have in common that store all symbols but one.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_OMITTEDSYMBOL_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_OMITTEDSYMBOL_H

#include "mlir/IR/Diagnostics.h"
#include "thimble/Dialect/Thimble/IR/Symbols.h"
#include "llvm/Support/MathExtras.h"

namespace thimble {

/// The symbol that stands for the weight 0, or the most frequent one.
inline int64_t chooseOmittedSymbol(const SymbolLevel &level) {
  if (level.info.zero)
    return int8_t(*level.info.zero);
  std::vector<uint64_t> counts = level.histogram();
  return int8_t(std::max_element(counts.begin(), counts.end()) -
                counts.begin());
}

/// An error if a parameter is no symbol.
inline llvm::LogicalResult
verifySymbol(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
             std::optional<int64_t> symbol) {
  if (symbol && !llvm::isIntN(8, *symbol))
    return emitError() << "expected a symbol from -128 to 127, found "
                       << *symbol;
  return mlir::success();
}

/// True if symbols can be left out by where weights are 0; otherwise why not.
inline bool hasZeroWeights(const LevelInfo &level, std::string &reason) {
  if (level.perWeight && level.zero)
    return true;
  reason = "its symbols are no longer one for each weight with one for 0";
  return false;
}

/// The level without it.
inline LevelInfo withoutOmittedSymbol(LevelInfo level) {
  level.zero = std::nullopt;
  level.perWeight = false;
  level.readsStored = false;
  level.alignment = 1;
  return level;
}

/// The level without symbols that stand for 0, some of which may be left: an
/// error if `zero` is not what stands for it, in which `what` is the scheme's.
inline mlir::FailureOr<LevelInfo>
withoutZeroWeights(const LevelInfo &inner, int64_t zero, llvm::StringRef what,
                   llvm::function_ref<mlir::InFlightDiagnostic()> emitError) {
  if (!inner.perWeight || inner.zero != uint8_t(zero))
    return emitError() << "expected " << what
                       << " of symbols that are one for each weight, with "
                       << zero << " for 0";
  LevelInfo outer = withoutOmittedSymbol(inner);
  outer.zero = inner.zero;
  return outer;
}

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_OMITTEDSYMBOL_H

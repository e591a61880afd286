//===- OmittedSymbol.h - The symbol that sparse schemes leave out *- C++ -*-==//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the schemes have in common that store all symbols but one.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_OMITTEDSYMBOL_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_OMITTEDSYMBOL_H

#include "thimble/Dialect/Thimble/IR/Symbols.h"

namespace thimble {

/// The symbol that stands for the weight 0, or the most frequent one.
inline int64_t chooseOmittedSymbol(const SymbolLevel &level) {
  if (level.info.zero)
    return int8_t(*level.info.zero);
  std::vector<uint64_t> counts = level.histogram();
  return int8_t(std::max_element(counts.begin(), counts.end()) -
                counts.begin());
}

/// The level without it.
inline LevelInfo withoutOmittedSymbol(LevelInfo level) {
  level.zero = std::nullopt;
  level.perWeight = false;
  level.readsStored = false;
  level.alignment = 1;
  return level;
}

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_OMITTEDSYMBOL_H

//===- Schemes.h - The attributes that encodings are stacked from *- C++ -*-==//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Only this folder names a scheme.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_SCHEMES_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_SCHEMES_H

#include "thimble/Dialect/Thimble/IR/SparseScheme.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

#define GET_ATTRDEF_CLASSES
#include "thimble/Dialect/Thimble/IR/ThimbleEncodings.h.inc"

namespace thimble {

/// Adds all schemes to the dialect.
void registerSchemes(ThimbleDialect &dialect);
/// Parses what follows the mnemonic of a scheme; no result if it is none.
mlir::OptionalParseResult parseScheme(llvm::StringRef mnemonic,
                                      mlir::AsmParser &parser,
                                      mlir::Attribute &attr);
void printScheme(mlir::Attribute attr, mlir::AsmPrinter &printer);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_SCHEMES_H

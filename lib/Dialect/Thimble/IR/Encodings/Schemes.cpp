//===- Schemes.cpp - The attributes that encodings are stacked from -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers, parses and prints all schemes without naming any.
//
//===----------------------------------------------------------------------===//

#include "Schemes.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace thimble;

#define GET_ATTRDEF_CLASSES
#include "thimble/Dialect/Thimble/IR/ThimbleEncodings.cpp.inc"

namespace {
template <typename... Schemes>
struct SchemeList {
  static void registerIn(ThimbleDialect &dialect) {
    (dialect.registerScheme<Schemes>(), ...);
  }

  static SmallVector<StringRef> names() { return {Schemes::getMnemonic()...}; }

  static OptionalParseResult parse(StringRef mnemonic, AsmParser &parser,
                                   Attribute &attr) {
    OptionalParseResult result;
    auto attempt = [&](auto parseOne, StringRef keyword) {
      if (keyword != mnemonic)
        return;
      attr = parseOne(parser, Type());
      result = success(bool(attr));
    };
    (attempt(Schemes::parse, Schemes::getMnemonic()), ...);
    return result;
  }
};

using AllSchemes = SchemeList<
#define GET_ATTRDEF_LIST
#include "thimble/Dialect/Thimble/IR/ThimbleEncodings.cpp.inc"
    >;
} // namespace

SmallVector<StringRef> thimble::encodingSchemeNames() {
  return AllSchemes::names();
}

void thimble::registerSchemes(ThimbleDialect &dialect) {
  AllSchemes::registerIn(dialect);
}

OptionalParseResult thimble::parseScheme(StringRef mnemonic, AsmParser &parser,
                                         Attribute &attr) {
  // The generated parser wants to read the mnemonic itself.
  (void)generatedAttributeParser;
  return AllSchemes::parse(mnemonic, parser, attr);
}

void thimble::printScheme(Attribute attr, AsmPrinter &printer) {
  (void)generatedAttributePrinter(attr, printer);
}

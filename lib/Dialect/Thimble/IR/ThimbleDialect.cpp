//===- ThimbleDialect.cpp - The thimble dialect ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers ops and attributes; an op's own code is in Ops/<Op>.cpp.
//
//===----------------------------------------------------------------------===//

#include "Encodings/Schemes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/LoopNest/StepBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace thimble;

#include "thimble/Dialect/Thimble/IR/ThimbleDialect.cpp.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleEncodingInterface.cpp.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleEnums.cpp.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleSparseInterface.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "thimble/Dialect/Thimble/IR/ThimbleAttributes.cpp.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleInterfaces.cpp.inc"
#define GET_OP_CLASSES
#include "thimble/Dialect/Thimble/IR/ThimbleOps.cpp.inc"

void ThimbleDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "thimble/Dialect/Thimble/IR/ThimbleAttributes.cpp.inc"
      >();
  registerSchemes(*this);
  addOperations<
#define GET_OP_LIST
#include "thimble/Dialect/Thimble/IR/ThimbleOps.cpp.inc"
      >();
}

Attribute ThimbleDialect::parseAttribute(DialectAsmParser &parser,
                                         Type type) const {
  llvm::SMLoc location = parser.getCurrentLocation();
  StringRef mnemonic;
  Attribute attr;
  OptionalParseResult result =
      generatedAttributeParser(parser, &mnemonic, type, attr);
  if (!result.has_value())
    result = parseScheme(mnemonic, parser, attr);
  if (result.has_value())
    return succeeded(*result) ? attr : Attribute();
  parser.emitError(location) << "unknown attribute '" << mnemonic
                             << "' in dialect '" << getNamespace() << "'";
  return {};
}

void ThimbleDialect::printAttribute(Attribute attr,
                                    DialectAsmPrinter &printer) const {
  if (failed(generatedAttributePrinter(attr, printer)))
    printScheme(attr, printer);
}

LogicalResult
PlacementAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                      StringRef region, int64_t offset) {
  if (region.empty())
    return emitError() << "expected the name of a memory region";
  if (offset < 0)
    return emitError() << "expected an offset of at least 0, found " << offset;
  return success();
}

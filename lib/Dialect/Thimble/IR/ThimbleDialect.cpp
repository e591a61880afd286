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

/// `, rows = 2, newest = 0`, of which both may be missing.
static ParseResult parseLine(AsmParser &parser, int64_t &rows,
                             int64_t &newest) {
  rows = 0;
  newest = -1;
  if (failed(parser.parseOptionalComma()))
    return success();
  bool hasRows = succeeded(parser.parseOptionalKeyword("rows"));
  if (hasRows && (parser.parseEqual() || parser.parseInteger(rows)))
    return failure();
  if (hasRows && failed(parser.parseOptionalComma()))
    return success();
  return failure(parser.parseKeyword("newest") || parser.parseEqual() ||
                 parser.parseInteger(newest));
}

static void printLine(AsmPrinter &printer, int64_t rows, int64_t newest) {
  if (rows != 0)
    printer << ", rows = " << rows;
  if (newest != -1)
    printer << ", newest = " << newest;
}

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
                      StringRef region, int64_t offset, int64_t rows,
                      int64_t newest) {
  if (region.empty())
    return emitError() << "expected the name of a memory region";
  if (offset < 0)
    return emitError() << "expected an offset of at least 0, found " << offset;
  if (rows < 0)
    return emitError() << "expected a ring of at least 1 row, or 0 for the "
                          "whole tensor, found "
                       << rows;
  if (newest < -1)
    return emitError() << "expected a newest row at 0 or above, or -1 for "
                          "none, found "
                       << newest;
  return success();
}

LogicalResult
RowStepAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t scratch, int64_t edge, int64_t kept, bool absorbs) {
  if (scratch < 0 || edge < scratch || kept < 0)
    return emitError() << "expected 0 <= scratch <= edge and 0 <= kept, found "
                       << scratch << ", " << edge << " and " << kept;
  if (absorbs && kept == 0)
    return emitError() << "expected kept bytes for the sums of a step that "
                          "absorbs";
  return success();
}

LogicalResult
RecipeAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t bits, FloatAttr step, FloatAttr rate,
                   int64_t entries, StringAttr, FloatAttr sparsity,
                   int64_t rank, bool trellis) {
  if (bits < 2 || bits > 8)
    return emitError() << "expected 2 to 8 bits, found " << bits;
  if (step && !(step.getValueAsDouble() > 0))
    return emitError() << "expected a step above 0, found " << step;
  if (rate && !(rate.getValueAsDouble() >= 0))
    return emitError() << "expected a rate of at least 0, found " << rate;
  if (entries < 0 || entries == 1 || entries > 256)
    return emitError() << "expected 2 to 256 entries, or 0 for any, found "
                       << entries;
  if (sparsity &&
      !(sparsity.getValueAsDouble() >= 0 && sparsity.getValueAsDouble() < 1))
    return emitError() << "expected a sparsity of 0 to below 1, found "
                       << sparsity;
  if (rank < 0)
    return emitError() << "expected a rank of at least 0, found " << rank;
  if (trellis && !step)
    return emitError() << "expected a step for codes that follow a trellis";
  return success();
}

RecipeAttr RecipeAttr::withStep(FloatAttr step, FloatAttr rate,
                                bool trellis) const {
  return get(getContext(), getBits(), step, rate, getEntries(), getPattern(),
             getSparsity(), getRank(), trellis);
}

RecipeAttr RecipeAttr::withEntries(int64_t entries) const {
  return get(getContext(), getBits(), getStep(), getRate(), entries,
             getPattern(), getSparsity(), getRank(), getTrellis());
}

RecipeAttr RecipeAttr::withZeros(StringAttr pattern, FloatAttr sparsity) const {
  return get(getContext(), getBits(), getStep(), getRate(), getEntries(),
             pattern, sparsity, getRank(), getTrellis());
}

RecipeAttr RecipeAttr::withRank(int64_t rank) const {
  return get(getContext(), getBits(), getStep(), getRate(), getEntries(),
             getPattern(), getSparsity(), rank, getTrellis());
}

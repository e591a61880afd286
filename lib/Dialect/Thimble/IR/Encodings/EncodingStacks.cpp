//===- EncodingStacks.cpp - Which stacks there are to choose from ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text to stacks, and the list of those that thimble-encode tries.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "Schemes.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

using namespace mlir;
using namespace thimble;

/// Schemes with parameters longer than this are printed without.
static constexpr size_t maxPrintedScheme = 20;

/// The parts of a list that are separated by commas outside of brackets.
static SmallVector<StringRef> splitStack(StringRef text) {
  SmallVector<StringRef> parts;
  int depth = 0;
  size_t begin = 0;
  for (auto [i, c] : llvm::enumerate(text)) {
    if (c == '<' || c == '[')
      ++depth;
    else if (c == '>' || c == ']')
      --depth;
    else if (c == ',' && depth == 0) {
      parts.push_back(text.slice(begin, i));
      begin = i + 1;
    }
  }
  parts.push_back(text.drop_front(begin));
  return parts;
}

FailureOr<EncodingStack> thimble::parseEncodingStack(StringRef text,
                                                     MLIRContext *context,
                                                     std::string &error) {
  EncodingStack stack;
  for (StringRef part : splitStack(text)) {
    std::string detail;
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      detail = diagnostic.str();
      return success();
    });
    part = part.trim();
    StringRef name =
        part.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    Attribute attr;
    if (llvm::is_contained(encodingSchemeNames(), name))
      attr = parseAttribute(("#thimble." + part).str(), context);
    if (isa_and_nonnull<EncodingAttrInterface>(attr)) {
      stack.push_back(attr);
      continue;
    }
    error = "expected schemes of encodings separated by commas (" +
            llvm::join(encodingSchemeNames(), ", ") + "), found '" +
            part.str() + "'";
    if (!detail.empty())
      error += ": " + detail;
    return failure();
  }
  return stack;
}

std::string thimble::printEncodingStack(ArrayRef<Attribute> stack) {
  std::string text;
  for (Attribute scheme : stack) {
    if (!text.empty())
      text += ',';
    // `#thimble.` is implied; long tables say nothing to people.
    std::string full;
    llvm::raw_string_ostream(full) << scheme;
    StringRef name = full;
    name.consume_front("#thimble.");
    bool isShort = name.size() <= maxPrintedScheme;
    text += isShort ? name : name.take_until([](char c) { return c == '<'; });
  }
  return text;
}

std::string thimble::encodingDecoderName(ArrayRef<Attribute> stack) {
  std::string full, name;
  for (Attribute scheme : stack)
    llvm::raw_string_ostream(full) << scheme;
  // What is in brackets is data; `first` says which symbol it begins with.
  int depth = 0;
  for (char c : full) {
    depth += c == '[';
    if (depth == 0)
      name += c;
    depth -= c == ']';
  }
  static const llvm::Regex first("first = -?[0-9]+");
  while (first.match(name))
    name = first.sub("", name);
  return name;
}

SmallVector<EncodingStack>
thimble::candidateEncodingStacks(MLIRContext *context, bool entropyCoding) {
  // Single schemes, then the combinations that no single scheme covers: few
  // distinct numbers, many zeros, both, structured zeros; and weights that were
  // rounded for a scheme.
  static constexpr StringLiteral stacks[] = {
      "packed",
      "ternary",
      "palette",
      "channel_palette",
      "bitmap",
      "run_length",
      "block",
      "n_m",
      "huffman",
      "tans",
      "palette,bitmap",
      "bitmap,packed",
      "run_length,packed",
      "trellis,packed",
      "block,packed",
      "n_m,packed",
      "delta,packed",
      "bitmap,huffman",
      "block,huffman",
      "n_m,huffman",
      "delta,huffman",
      "ternary,huffman",
      "run_length,huffman",
      "trellis,huffman",
      "trellis,tans",
      "bitmap,tans",
      "palette,run_length",
  };
  SmallVector<EncodingStack> result;
  for (StringRef text : stacks) {
    if (!entropyCoding && (text.ends_with("huffman") || text.ends_with("tans")))
      continue;
    std::string error;
    result.push_back(*parseEncodingStack(text, context, error));
  }
  return result;
}

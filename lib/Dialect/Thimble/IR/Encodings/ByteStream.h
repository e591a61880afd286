//===- ByteStream.h - What entropy coders have in common --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An entropy coder leaves no symbols but a stream of bytes aside, one a chunk,
// that a code of lib/Support writes and reads.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_BYTESTREAM_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_BYTESTREAM_H

#include "mlir/Support/LLVM.h"
#include "thimble/Dialect/Thimble/IR/Symbols.h"

namespace thimble {

/// The level around a coder: nothing can be stacked on it.
inline LevelInfo byteStreamLevel() {
  LevelInfo level;
  level.zero = std::nullopt;
  level.perWeight = false;
  level.isTerminal = true;
  return level;
}

/// Writes a chunk whose symbols the code has words for.
template <typename Code>
void encodeStream(const Code &code, const SymbolChunk &chunk,
                  PayloadWriter &aside) {
  [[maybe_unused]] bool isEncoded = code.encode(chunk.symbols, aside.bytes);
  assert(isEncoded && "specialize has seen the symbols");
}

/// Fills in the symbols of a chunk; fails on a damaged stream.
template <typename Code>
mlir::LogicalResult decodeStream(const Code &code, PayloadReader &aside,
                                 SymbolChunk &chunk) {
  std::optional<size_t> bytes = code.decode(aside.rest(), chunk.symbols);
  if (!bytes)
    return mlir::failure();
  (void)aside.read(*bytes);
  return mlir::success();
}

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_BYTESTREAM_H

//===- Symbols.cpp - What the levels of an encoding pass on ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Geometry and counts of chunks.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/Symbols.h"
#include <algorithm>

using namespace thimble;

int64_t ChunkGeometry::channelOf(int64_t position) const {
  int64_t group = position / (lanes * depth);
  return std::min(group * lanes, channels - lanes) + position % lanes;
}

int64_t SymbolLevel::size() const {
  int64_t total = 0;
  for (const SymbolChunk &chunk : chunks)
    total += int64_t(chunk.symbols.size());
  return total;
}

std::vector<uint64_t> SymbolLevel::histogram() const {
  std::vector<uint64_t> counts(256, 0);
  for (const SymbolChunk &chunk : chunks)
    for (uint8_t symbol : chunk.symbols)
      ++counts[symbol];
  return counts;
}

llvm::ArrayRef<uint8_t> PayloadReader::read(uint64_t count) {
  if (offset > bytes.size() || count > bytes.size() - offset) {
    failed = true;
    return {};
  }
  offset += count;
  return bytes.slice(offset - count, count);
}

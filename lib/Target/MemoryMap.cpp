//===- MemoryMap.cpp - What the arena is used for, when -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and sums of buffers.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/MemoryMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace thimble;

llvm::StringRef thimble::getBufferKindName(BufferKind kind) {
  switch (kind) {
  case BufferKind::input:
    return "input";
  case BufferKind::output:
    return "output";
  case BufferKind::tensor:
    return "tensor";
  case BufferKind::ring:
    return "ring";
  case BufferKind::newest:
    return "newest";
  case BufferKind::sums:
    return "sums";
  case BufferKind::decoded:
    return "decoded";
  case BufferKind::scratch:
    return "scratch";
  case BufferKind::position:
    return "position";
  }
  llvm_unreachable("covered switch");
}

uint64_t MemoryMap::getLiveBytes(unsigned layer) const {
  llvm::SmallVector<std::pair<uint64_t, uint64_t>> extents;
  for (const ArenaBuffer &buffer : buffers)
    if (buffer.isLive(layer))
      extents.push_back({buffer.offset, buffer.getEnd()});
  llvm::sort(extents);
  uint64_t bytes = 0, covered = 0;
  for (auto [begin, end] : extents) {
    bytes += std::max(end, covered) - std::max(begin, covered);
    covered = std::max(end, covered);
  }
  return bytes;
}

const StreamRange *MemoryMap::findStream(unsigned layer) const {
  const auto *found = llvm::find_if(streams, [&](const StreamRange &stream) {
    return stream.firstLayer <= layer && layer <= stream.lastLayer;
  });
  return found == streams.end() ? nullptr : found;
}

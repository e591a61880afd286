//===- MemoryMap.h - What the arena is used for, when -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every buffer of the arena with its bytes and the layers during which it is
// live, and how full the arena has to be. Layers are counted from 0 in
// execution order; all sizes are bytes and all offsets count from the start of
// the arena.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_MEMORYMAP_H
#define THIMBLE_TARGET_MEMORYMAP_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace thimble {

/// What a buffer holds.
enum class BufferKind {
  input,   ///< of the model, all rows
  output,  ///< of the model, all rows
  tensor,  ///< the result of a layer, all rows
  ring,    ///< rows of a tensor in a stream that are read again
  newest,  ///< the row of a tensor in a stream that was written last
  sums,    ///< to which a layer in a stream adds rows
  decoded, ///< decoded weights and the tables that decoding needs
  scratch, ///< what else a layer needs while it runs
  position ///< in an input whose rows are fed
};
/// The name in reports, as `ring`.
llvm::StringRef getBufferKindName(BufferKind kind);

/// Bytes of the arena. Buffers that are live at the same time share bytes only
/// where one takes the place of the other row by row, or where the layers of a
/// stream use them at different moments.
struct ArenaBuffer {
  std::string name; ///< the id of the layer it belongs to, or an input's name
  BufferKind kind = BufferKind::tensor;
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint64_t rows = 0; ///< of a ring, else 0
  int layer = -1;    ///< that it belongs to, or -1
  unsigned firstLayer = 0;
  unsigned lastLayer = 0; ///< inclusive
  int input = -1;         ///< of the model, that it belongs to, or -1

  uint64_t getEnd() const { return offset + bytes; }
  bool isLive(unsigned when) const {
    return firstLayer <= when && when <= lastLayer;
  }
};

/// Layers that work at the same time, row by row.
struct StreamRange {
  unsigned firstLayer = 0;
  unsigned lastLayer = 0; ///< inclusive
};

struct MemoryMap {
  /// In the order in which they become live: inputs, then by layer.
  llvm::SmallVector<ArenaBuffer, 0> buffers;
  llvm::SmallVector<StreamRange, 1> streams;
  /// Most bytes that are live at once, to the row: at most what the buffers of
  /// a layer cover.
  std::optional<uint64_t> livePeak;
  /// The layer in which they are, if not before the first one.
  std::optional<unsigned> peakLayer;
  /// No plan of this kind needs fewer: layers called one after the other, or,
  /// if there are streams, rows in any order.
  std::optional<uint64_t> bound;
  /// Without streams: what no plan of rows needs fewer than, as --max-ram asks
  /// for.
  std::optional<uint64_t> rowBound;

  /// Bytes that the buffers of a layer cover, shared ones counted once.
  uint64_t getLiveBytes(unsigned layer) const;
  /// The stream that a layer is part of, or null.
  const StreamRange *findStream(unsigned layer) const;
};

} // namespace thimble

#endif // THIMBLE_TARGET_MEMORYMAP_H

//===- Symbols.h - What the levels of an encoding pass on -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An encoding is a stack of schemes. Level 0 are the weights, one symbol a
// weight; each scheme turns the symbols of its inner level into those of its
// outer level, and may set bytes aside (a bitmap, positions, a bit stream). A
// symbol is a byte, in the compiler as on the target; what bits of it count is
// the level's type. Weights are encoded and decoded in chunks: a tile of output
// channels in the order in which the kernel reads them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_SYMBOLS_H
#define THIMBLE_DIALECT_THIMBLE_IR_SYMBOLS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace thimble {

/// What is known of all symbols of a level.
struct LevelInfo {
  /// Every symbol fits in that many bits, 1 to 8; the byte holds it sign- or
  /// zero-extended.
  unsigned bits = 8;
  bool isSigned = true;
  /// The symbol that stands for the weight 0, where there is one.
  std::optional<uint8_t> zero = 0;
  /// One symbol a weight: the chunk's geometry holds.
  bool perWeight = true;
  /// Nothing can be stacked on the level: it has no symbols, only bytes.
  bool isTerminal = false;
  /// The scheme below reads the level's symbols as they are stored: in
  /// sequence, the first in the lowest bits of the first byte. Otherwise the
  /// stack unpacks them first (see FixedWidth.h).
  bool readsStored = false;
  /// The alignment in bytes of the stored symbols, planar ones' apart.
  unsigned alignment = 1;

  /// As the outermost level: its symbols are stored in planes (FixedWidth.h).
  bool isPlanar() const { return !isTerminal && bits < 8 && !readsStored; }
  /// As the outermost level: the alignment in bytes of what is stored.
  unsigned storedAlignment() const {
    return isPlanar() ? std::max(alignment, 4u) : alignment;
  }
};

/// The counts of symbols in a payload have two bytes.
constexpr int64_t maxChunkSymbols = 65535;

/// The shape of a chunk of weights: `lanes` output channels at a time, their
/// weights interleaved. The last group begins where it ends with the last
/// channel, as the kernel's blocks do; so it may repeat channels.
struct ChunkGeometry {
  int64_t channels = 1; ///< output channels
  int64_t depth = 1;    ///< weights of an output channel
  int64_t lanes = 1;    ///< output channels that are interleaved
  int64_t run = 1;      ///< consecutive input channels of one tap

  int64_t groups() const { return (channels + lanes - 1) / lanes; }
  int64_t size() const { return groups() * lanes * depth; } ///< in symbols
  /// Output channel of the symbol at `position`.
  int64_t channelOf(int64_t position) const;
  /// Which of the channel's weights the symbol at `position` is.
  int64_t depthOf(int64_t position) const { return position / lanes % depth; }
};

/// The symbols of one chunk at one level. The geometry is level 0's.
struct SymbolChunk {
  std::vector<uint8_t> symbols;
  ChunkGeometry geometry;
};

/// All symbols of a tensor at one level: what a scheme chooses its parameters
/// from.
struct SymbolLevel {
  LevelInfo info;
  std::vector<SymbolChunk> chunks;

  int64_t size() const; ///< symbols of all chunks
  /// How often each symbol occurs, by its byte.
  std::vector<uint64_t> histogram() const;
};

/// Appends bytes to the payload of a constant; it begins at an address that is
/// a multiple of 4.
class PayloadWriter {
public:
  void align(unsigned to) {
    alignment = std::max(alignment, to);
    while (bytes.size() % to)
      bytes.push_back(0);
  }
  void write8(uint8_t value) { bytes.push_back(value); }
  void write16(uint16_t value) {
    write8(value & 0xFF);
    write8(value >> 8);
  }
  void write(llvm::ArrayRef<uint8_t> values) {
    bytes.insert(bytes.end(), values.begin(), values.end());
  }
  /// What another writer appended, at its alignment.
  void append(const PayloadWriter &other) {
    align(other.alignment);
    write(other.bytes);
  }
  std::vector<uint8_t> bytes;
  unsigned alignment = 1; ///< the largest that was asked for
};

/// Reads a payload; reading beyond its end yields zeros and is remembered.
class PayloadReader {
public:
  explicit PayloadReader(llvm::ArrayRef<uint8_t> bytes) : bytes(bytes) {}
  void align(unsigned alignment) {
    offset = (offset + alignment - 1) / alignment * alignment;
  }
  uint8_t read8() { return offset < bytes.size() ? bytes[offset++] : fail(); }
  uint16_t read16() {
    uint8_t low = read8();
    return low | read8() << 8;
  }
  /// `count` bytes, or none if there are not as many.
  llvm::ArrayRef<uint8_t> read(uint64_t count);
  llvm::ArrayRef<uint8_t> rest() const { return bytes.drop_front(offset); }
  bool hasFailed() const { return failed; }
  uint64_t getOffset() const { return offset; }

private:
  uint8_t fail() {
    failed = true;
    return 0;
  }
  llvm::ArrayRef<uint8_t> bytes;
  uint64_t offset = 0;
  bool failed = false;
};

/// What decoding the inner level of a scheme costs on a target, once.
struct DecodeCost {
  double cycles = 0;     ///< of all chunks of one inference
  int64_t codeBytes = 0; ///< of the decoder, an estimate
  DecodeCost &operator+=(const DecodeCost &other) {
    cycles += other.cycles;
    codeBytes += other.codeBytes;
    return *this;
  }
};

/// What the decoder of one level works on, while it is emitted. Addresses are
/// LLVM pointers, counts i32.
///
/// Symbols are expanded in place: the outer symbols lie at the end of the room
/// for the inner ones, so that a decoder which goes forwards and never writes
/// more than `count` symbols overwrites only what it has read. A decoder writes
/// nothing but its `count` symbols and its scratch; it may read up to three
/// bytes behind the payload's last.
struct DecodeLevel {
  /// The outer symbols, bytes unless readsStored, and how many there are; null
  /// if the outer level is a byte stream.
  mlir::Value symbols, outerCount;
  mlir::Value out;   ///< where the inner symbols go
  mlir::Value count; ///< how many
  /// The next byte of the payload that was set aside for this scheme; the
  /// decoder leaves it behind the last one that it read.
  mlir::Value cursor;
  /// Where the scheme's tables are (in the order of getTables) and its scratch,
  /// and what the numbers of getNumbers are.
  llvm::SmallVector<mlir::Value, 2> tables, numbers;
  mlir::Value scratch;
  /// Compile-time facts: alignment in bytes of `out`, and of `symbols`.
  unsigned outAlignment = 1;
  unsigned symbolsAlignment = 1;
  LevelInfo inner, outer;
  /// 256 bytes: what to write instead of each symbol; empty to write it as it
  /// is. Only a scheme that says so (`mapsSymbols`) gets one.
  llvm::ArrayRef<uint8_t> map;
};

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_SYMBOLS_H

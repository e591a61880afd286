//===- BitStream.h - Bits in bytes, least significant first -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of bits in every entropy-coded stream: bit i of the stream is bit
// i % 8 of byte i / 8. A little-endian word shifted right by i % 8 then starts
// with bit i, which is how decoders on the target read.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_BITSTREAM_H
#define THIMBLE_SUPPORT_BITSTREAM_H

#include "llvm/ADT/ArrayRef.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace thimble {

/// Bytes that a decoder on the target may read behind the end of its stream: it
/// reads a word at the byte that holds its next bit. Whoever places streams in
/// memory keeps as many bytes readable behind the last one.
inline constexpr unsigned bitStreamReadAhead = 3;

/// Appends bits to a vector of bytes. The last byte is filled with zeros.
class BitWriter {
public:
  explicit BitWriter(std::vector<uint8_t> &bytes) : bytes(bytes) {}

  /// Appends the low `count` (at most 32) bits of `value`.
  void write(uint32_t value, unsigned count) {
    assert(count <= 32 && "more bits than the value has");
    for (unsigned i = 0; i < count; ++i, used = (used + 1) % 8) {
      if (used == 0)
        bytes.push_back(0);
      bytes.back() |= ((value >> i) & 1) << used;
    }
  }

private:
  std::vector<uint8_t> &bytes;
  unsigned used = 0; ///< bits of the last byte
};

/// Reads bits and remembers whether it was asked for more than there are.
class BitReader {
public:
  explicit BitReader(llvm::ArrayRef<uint8_t> bytes) : bytes(bytes) {}

  /// The next `count` (at most 32) bits; those behind the end are zero.
  uint32_t read(unsigned count) {
    assert(count <= 32 && "more bits than the result has");
    uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++position) {
      size_t byte = position / 8;
      if (byte >= bytes.size()) {
        overran = true;
        continue;
      }
      value |= static_cast<uint32_t>((bytes[byte] >> (position % 8)) & 1) << i;
    }
    return value;
  }

  bool hasOverrun() const { return overran; }

  /// How many bytes the stream has if its last bit was read; nothing if there
  /// were too few, or the rest of the last one is not zero.
  std::optional<size_t> finish() {
    unsigned rest = (8 - position % 8) % 8;
    if (read(rest) != 0 || overran)
      return std::nullopt;
    return position / 8;
  }

private:
  llvm::ArrayRef<uint8_t> bytes;
  size_t position = 0;
  bool overran = false;
};

} // namespace thimble

#endif // THIMBLE_SUPPORT_BITSTREAM_H

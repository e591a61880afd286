//===- Copy.h - Core-dependent part of the memory functions -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which accesses are fast depends on whether the core may load unaligned words;
// CopyWords.cpp and CopyUnaligned.cpp are the two answers.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SRC_MEMORY_COPY_H
#define THIMBLE_SRC_MEMORY_COPY_H

#include <stdint.h>

namespace thimble::rt {

/// Copies `count` bytes, lowest address first, up to 16 at a time: the ranges
/// may overlap if `to` is at least 16 bytes below `from`.
void copyForward(uint8_t *to, const uint8_t *from, uint32_t count);

} // namespace thimble::rt

#endif // THIMBLE_SRC_MEMORY_COPY_H

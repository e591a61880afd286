//===- Blocks.cpp - Guarded memory blocks -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Guards lie directly at both ends of a block. A guard byte depends on its
// index, so that neither a run of equal bytes nor a shifted copy passes.
//
//===----------------------------------------------------------------------===//

#include "Blocks.h"

using namespace thimble::rt;

namespace {

constexpr uint32_t kGuard = THIMBLE_JOB_GUARD_BYTES;

/// The guard byte at `index` bytes from the block, on either side.
uint8_t guardByte(uint32_t index) {
  return static_cast<uint8_t>(0xC5 ^ index * 29);
}

} // namespace

bool Blocks::place(FreeMemory &memory) {
  const uint32_t count = job.header->block_count;
  placed = static_cast<Placed *>(
      memory.take(count * sizeof(Placed), alignof(Placed)));
  bool fits = placed != nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    const thimble_job_block &block = job.blocks[i];
    memory.take(kGuard, 1);
    uint8_t *address =
        static_cast<uint8_t *>(memory.take(block.bytes, block.alignment));
    fits &= memory.take(kGuard, 1) != nullptr;
    if (fits)
      placed[i].address = address;
  }
  for (uint32_t i = 0; fits && i < count; ++i) {
    uint8_t *begin = placed[i].address;
    uint8_t *end = begin + job.blocks[i].bytes;
    for (uint32_t index = 0; index < kGuard; ++index) {
      end[index] = guardByte(index);
      begin[-1 - static_cast<int32_t>(index)] = guardByte(index);
    }
  }
  return fits;
}

void Blocks::poison(bool states) {
  const uint32_t word = job.header->poison;
  for (uint32_t i = 0; i < job.header->block_count; ++i) {
    if (((job.blocks[i].flags & THIMBLE_JOB_BLOCK_STATE) != 0) != states)
      continue;
    uint8_t *address = placed[i].address;
    const uint32_t bytes = job.blocks[i].bytes;
    uint32_t offset = 0;
    if (reinterpret_cast<uintptr_t>(address) % sizeof(word) == 0)
      for (; offset + sizeof(word) <= bytes; offset += sizeof(word))
        *reinterpret_cast<uint32_t *>(address + offset) = word;
    for (; offset < bytes; ++offset)
      address[offset] = static_cast<uint8_t>(word >> offset % 4 * 8);
  }
}

uint32_t Blocks::hash(uint32_t block) const {
  // FNV-1a.
  uint32_t value = 2166136261u;
  for (uint32_t i = 0; i < job.blocks[block].bytes; ++i)
    value = (value ^ placed[block].address[i]) * 16777619u;
  return value;
}

void Blocks::seal() {
  for (uint32_t i = 0; i < job.header->block_count; ++i)
    if (job.blocks[i].flags & THIMBLE_JOB_BLOCK_CONSTANT)
      placed[i].hash = hash(i);
}

bool Blocks::check(thimble_result &result) const {
  return checkGuards(result) && checkConstants(result);
}

bool Blocks::checkGuards(thimble_result &result) const {
  for (uint32_t index = 0; index < kGuard; ++index) {
    for (uint32_t i = 0; i < job.header->block_count; ++i) {
      const int32_t before = -1 - static_cast<int32_t>(index);
      const int32_t after = static_cast<int32_t>(job.blocks[i].bytes + index);
      const int32_t offsets[] = {before, after};
      for (int32_t offset : offsets) {
        if (placed[i].address[offset] == guardByte(index))
          continue;
        result.status = THIMBLE_STATUS_GUARD_OVERWRITTEN;
        result.block = i;
        result.offset = offset;
        return false;
      }
    }
  }
  return true;
}

bool Blocks::checkConstants(thimble_result &result) const {
  for (uint32_t i = 0; i < job.header->block_count; ++i) {
    if ((job.blocks[i].flags & THIMBLE_JOB_BLOCK_CONSTANT) == 0 ||
        placed[i].hash == hash(i))
      continue;
    result.status = THIMBLE_STATUS_CONSTANT_OVERWRITTEN;
    result.block = i;
    return false;
  }
  return true;
}

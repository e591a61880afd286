//===- Blocks.h - Guarded memory blocks -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memory a model works in, with what is needed to see that it wrote nowhere
// else.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SRC_RUNNER_BLOCKS_H
#define THIMBLE_SRC_RUNNER_BLOCKS_H

#include "Job.h"

namespace thimble::rt {

class Blocks {
public:
  explicit Blocks(const Job &job) : job(job) {}

  /// Places all blocks and fills their guards. False if they don't fit: the
  /// memory then knows how much was needed.
  bool place(FreeMemory &memory);

  /// Fills the blocks of a vector, or those that are kept, with the poison
  /// word.
  void poison(bool states);

  uint8_t *address(uint32_t block, uint32_t offset) const {
    return placed[block].address + offset;
  }

  /// Remembers the content of the constant blocks.
  void seal();

  /// Compares the guards, then the constant blocks; the first violation goes
  /// into the result. False if there is one.
  bool check(thimble_result &result) const;

private:
  struct Placed {
    uint8_t *address;
    uint32_t hash;
  };

  bool checkGuards(thimble_result &result) const;
  bool checkConstants(thimble_result &result) const;
  uint32_t hash(uint32_t block) const;

  const Job &job;
  Placed *placed = nullptr;
};

} // namespace thimble::rt

#endif // THIMBLE_SRC_RUNNER_BLOCKS_H

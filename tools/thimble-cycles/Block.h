//===- Block.h - A translated block and what it costs -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The emulator runs code in translation blocks. Everything about a block that
// doesn't depend on how it is reached or left is worked out once, when it is
// translated; executing it then is a few additions.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_CYCLES_BLOCK_H
#define THIMBLE_TOOLS_THIMBLE_CYCLES_BLOCK_H

#include "thimble/TargetInfo/Timing/Instruction.h"

#include <array>
#include <unordered_map>
#include <vector>

namespace thimble::cycles {

struct Block {
  /// Addresses of the first instruction and of the byte after the last.
  uint32_t start = 0;
  uint32_t end = 0;
  uint32_t instructionCount = 0;
  /// Cycles but for the effects of the block's edges.
  uint32_t cycles = 0;

  /// The last instruction may write the PC; otherwise the emulator cut the
  /// block, at a page for instance, and code goes on behind it.
  bool endsInBranch = false;
  bool endsConditionally = false;
  bool endsInCall = false;
  /// Added when the last instruction writes the PC.
  uint32_t refillCycles = 0;
  /// Cycles the last instruction doesn't take when its condition fails.
  uint32_t skippedCycles = 0;

  /// Index into SymbolTable::functions if the block starts one, else -1.
  int function = -1;

  /// Executions while counting.
  uint64_t executions = 0;
  std::array<uint16_t, timing::numInstructionClasses> classCounts{};

  timing::Instruction first;
  timing::Instruction last;
};

/// Decodes blocks for one core. It remembers where a block was cut inside an
/// IT block, because the next block then starts conditionally.
class BlockBuilder {
public:
  explicit BlockBuilder(const timing::CoreTiming &core) : core(core) {}

  /// The block of the `code` at `start`: whole instructions only.
  Block build(uint32_t start, const std::vector<uint8_t> &code);

private:
  std::vector<timing::Instruction> decode(uint32_t start,
                                          const std::vector<uint8_t> &code);

  const timing::CoreTiming &core;
  std::unordered_map<uint32_t, unsigned> conditionalAt;
};

} // namespace thimble::cycles

#endif // THIMBLE_TOOLS_THIMBLE_CYCLES_BLOCK_H

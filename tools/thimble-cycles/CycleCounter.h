//===- CycleCounter.h - Instructions and cycles per layer -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows the blocks a core executes and books what they cost. An emulator
// plugin cannot read registers, so calls are recognised by addresses: a
// function is entered at its first instruction and left when execution reaches
// the instruction behind the call that led there. Functions of layers neither
// recurse nor are they tail-called (the compiler disables it).
//
// What runs between entry and return of a layer's function belongs to the
// layer, whatever it calls; the rest of the invoke function to `invoke`. A
// taken branch's refill belongs to the side of the branch.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_CYCLES_CYCLECOUNTER_H
#define THIMBLE_TOOLS_THIMBLE_CYCLES_CYCLECOUNTER_H

#include "Block.h"
#include "SymbolTable.h"

namespace thimble::cycles {

struct Count {
  uint64_t instructions = 0;
  uint64_t cycles = 0;
};

/// What one function was charged.
struct FunctionCount {
  Count count;
  uint64_t calls = 0;
};

class CycleCounter {
public:
  /// Without an invoke function in `symbols` the whole run is counted.
  CycleCounter(const timing::CoreTiming &core, const SymbolTable &symbols);

  /// Books one execution of `block`.
  void execute(Block &block) {
    if (previous)
      leave(*previous, block);
    if (block.start == layerReturn || block.start == invokeReturn)
      returnTo(block.start);
    if (block.function >= 0)
      enter(block);
    current->instructions += block.instructionCount;
    current->cycles += block.cycles;
    block.executions += isCounting;
    previous = &block;
  }

  /// Closes an invocation that is still open when the emulator ends.
  void finish();

  uint64_t invocations() const { return invocationCount; }
  Count total() const;
  Count smallestInvocation() const { return smallest; }
  Count largestInvocation() const { return largest; }
  /// Counts of SymbolTable::functions, in its order; those of all invoke
  /// functions are in `rest`.
  const std::vector<FunctionCount> &functions() const { return perFunction; }
  Count rest() const { return invokeRest; }

private:
  /// No instruction is at an odd address.
  static constexpr uint32_t nowhere = 1;

  /// Books what depends on how `block` was left: for `next`.
  void leave(const Block &block, const Block &next) {
    if (!block.endsInBranch) {
      if (next.start == block.end)
        joinCut(block, next);
      return;
    }
    if (block.endsConditionally && next.start == block.end) {
      current->cycles -= block.skippedCycles;
      return;
    }
    current->cycles += block.refillCycles;
    if (block.endsInCall)
      returnOfLastCall = block.end;
  }
  void joinCut(const Block &block, const Block &next);
  void enter(const Block &block);
  void returnTo(uint32_t address);
  void beginInvocation();
  void endInvocation();

  const timing::CoreTiming &core;
  const SymbolTable &symbols;

  const Block *previous = nullptr;
  uint32_t returnOfLastCall = nowhere;
  uint32_t layerReturn = nowhere;
  uint32_t invokeReturn = nowhere;
  bool isCounting = false;

  Count outside;
  Count invokeRest;
  Count *current = &outside;
  std::vector<FunctionCount> perFunction;

  uint64_t invocationCount = 0;
  Count totalBefore;
  Count smallest;
  Count largest;
};

} // namespace thimble::cycles

#endif // THIMBLE_TOOLS_THIMBLE_CYCLES_CYCLECOUNTER_H

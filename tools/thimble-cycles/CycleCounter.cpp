//===- CycleCounter.cpp - Instructions and cycles per layer -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rare events: blocks that were cut, calls and returns.
//
//===----------------------------------------------------------------------===//

#include "CycleCounter.h"

#include "thimble/TargetInfo/Timing/BlockTiming.h"

#include <algorithm>

using namespace thimble;
using namespace thimble::cycles;

CycleCounter::CycleCounter(const timing::CoreTiming &core,
                           const SymbolTable &symbols)
    : core(core), symbols(symbols), perFunction(symbols.functions().size()) {
  if (!symbols.hasInvoke())
    beginInvocation();
}

void CycleCounter::joinCut(const Block &block, const Block &next) {
  // The cut is the emulator's, the core sees one run of instructions.
  if (!core.overlapsExecution)
    current->cycles += timing::pairCycles(core, block.last, next.first);
}

void CycleCounter::enter(const Block &block) {
  FunctionCount &function = perFunction[block.function];
  if (symbols.functions()[block.function].isInvoke) {
    if (isCounting)
      return; // a loop back to the first instruction
    ++function.calls;
    invokeReturn = returnOfLastCall;
    beginInvocation();
    return;
  }
  if (!isCounting || layerReturn != nowhere)
    return;
  ++function.calls;
  layerReturn = returnOfLastCall;
  current = &function.count;
}

void CycleCounter::returnTo(uint32_t address) {
  layerReturn = nowhere;
  if (address != invokeReturn) {
    current = &invokeRest;
    return;
  }
  invokeReturn = nowhere;
  endInvocation();
}

void CycleCounter::beginInvocation() {
  isCounting = true;
  current = &invokeRest;
  totalBefore = total();
}

void CycleCounter::endInvocation() {
  isCounting = false;
  current = &outside;
  Count now = total();
  Count spent = {now.instructions - totalBefore.instructions,
                 now.cycles - totalBefore.cycles};
  if (!invocationCount)
    smallest = largest = spent;
  smallest.instructions = std::min(smallest.instructions, spent.instructions);
  smallest.cycles = std::min(smallest.cycles, spent.cycles);
  largest.instructions = std::max(largest.instructions, spent.instructions);
  largest.cycles = std::max(largest.cycles, spent.cycles);
  ++invocationCount;
}

void CycleCounter::finish() {
  if (isCounting)
    endInvocation();
}

Count CycleCounter::total() const {
  Count sum = invokeRest;
  for (const FunctionCount &function : perFunction) {
    sum.instructions += function.count.instructions;
    sum.cycles += function.count.cycles;
  }
  return sum;
}

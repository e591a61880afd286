//===- BlockTiming.h - Cycles of straight-line code -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rules that turn a CoreTiming and a run of instructions into cycles. The
// refill after a taken branch is not part of a block: who knows whether the
// branch was taken adds `refillCycles`.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGETINFO_TIMING_BLOCKTIMING_H
#define THIMBLE_TARGETINFO_TIMING_BLOCKTIMING_H

#include "thimble/TargetInfo/Timing/Instruction.h"

#include <algorithm>

namespace thimble::timing {

/// Cycles of `instruction` by itself.
inline unsigned standaloneCycles(const CoreTiming &core,
                                 const Instruction &instruction) {
  const ClassTiming &timing = core[instruction.cls];
  return timing.cycles + timing.perRegister * instruction.transferCount;
}

/// Cycles added when `instruction` does write the PC.
inline unsigned refillCycles(const CoreTiming &core,
                             const Instruction &instruction) {
  return instruction.writesPc ? core[instruction.cls].refill : 0;
}

/// True for the data processing instructions of the address stall.
inline bool isDataProcessing(InstructionClass cls) {
  return cls <= InstructionClass::Divide;
}

/// True for the floating-point instructions whose result comes a cycle late.
inline bool isFloatArithmetic(InstructionClass cls) {
  return cls == InstructionClass::FloatArithmetic ||
         cls == InstructionClass::FloatMultiplyAccumulate ||
         cls == InstructionClass::FloatDivide;
}

/// Cycles that `current` takes more (or less, if negative) because `previous`
/// stands directly before it in the same basic block.
inline int pairCycles(const CoreTiming &core, const Instruction &previous,
                      const Instruction &current) {
  int cycles = 0;
  bool canPipeline = current.cls == InstructionClass::Load ||
                     current.cls == InstructionClass::StoreRegisterOffset;
  if (canPipeline && previous.cls == InstructionClass::Load &&
      !(previous.writes & current.addressReads))
    cycles -= core.pipelinedLoadSaving;
  if (isDataProcessing(previous.cls) &&
      (previous.writes & current.addressReads))
    cycles += core.addressStall;
  if (isFloatArithmetic(previous.cls) &&
      (previous.floatWrites & current.floatReads))
    cycles += core.floatResultStall;
  return cycles;
}

/// In-order issue of a block on a core with `overlapsExecution`: an
/// instruction starts when its operands, a unit and an issue slot are free.
class IssueModel {
public:
  explicit IssueModel(const CoreTiming &core) : core(core) {}

  void issue(const Instruction &instruction) {
    const ClassTiming &timing = core[instruction.cls];
    auto unit = static_cast<size_t>(
        instructionClassUnits[static_cast<size_t>(instruction.cls)]);
    unsigned &busyUntil = *std::min_element(
        unitFree[unit], unitFree[unit] + core.unitCount[unit]);

    unsigned start = std::max(now, busyUntil);
    start = std::max(start, latestOf(coreReady, instruction.reads));
    start = std::max(start, latestOf(floatReady, instruction.floatReads));
    if (start == now && slotsUsed == core.issueWidth)
      ++start;
    slotsUsed = start == now ? slotsUsed + 1 : 1;
    now = start;

    busyUntil = start + std::max(1u, standaloneCycles(core, instruction));
    if (timing.perRegister) { // a register list is issued word by word
      now = busyUntil - 1;
      slotsUsed = core.issueWidth;
    }
    unsigned ready = start + timing.latency;
    setReady(coreReady, instruction.writes, ready);
    setReady(floatReady, instruction.floatWrites, ready);
  }

  /// Cycles until the next block can issue.
  unsigned cycles() const { return slotsUsed ? now + 1 : 0; }

private:
  static constexpr unsigned maxUnitCount = 2;

  template <typename Mask>
  static unsigned latestOf(const unsigned *ready, Mask registers) {
    unsigned latest = 0;
    for (unsigned index = 0; registers; ++index, registers >>= 1)
      if (registers & 1)
        latest = std::max(latest, ready[index]);
    return latest;
  }
  template <typename Mask>
  static void setReady(unsigned *ready, Mask registers, unsigned cycle) {
    for (unsigned index = 0; registers; ++index, registers >>= 1)
      if (registers & 1)
        ready[index] = cycle;
  }

  const CoreTiming &core;
  unsigned now = 0;
  unsigned slotsUsed = 0;
  unsigned unitFree[numExecutionUnits][maxUnitCount] = {};
  unsigned coreReady[16] = {};
  unsigned floatReady[32] = {};
};

/// Cycles of the `count` instructions from `first` on, executed in a row, but
/// for the refill after the last one. An instruction of an IT block is timed
/// as if its condition held.
inline unsigned blockCycles(const CoreTiming &core, const Instruction *first,
                            size_t count) {
  if (core.overlapsExecution) {
    IssueModel model(core);
    for (size_t index = 0; index < count; ++index)
      model.issue(first[index]);
    return model.cycles();
  }
  int cycles = 0;
  for (size_t index = 0; index < count; ++index) {
    cycles += standaloneCycles(core, first[index]);
    if (index)
      cycles += pairCycles(core, first[index - 1], first[index]);
  }
  return cycles;
}

} // namespace thimble::timing

#endif // THIMBLE_TARGETINFO_TIMING_BLOCKTIMING_H

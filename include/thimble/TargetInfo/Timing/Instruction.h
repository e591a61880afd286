//===- Instruction.h - What timing needs to know of one opcode --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A decoded Thumb instruction, reduced to its class and to the registers that
// timing rules ask for. Register sets are bit masks.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGETINFO_TIMING_INSTRUCTION_H
#define THIMBLE_TARGETINFO_TIMING_INSTRUCTION_H

#include "thimble/TargetInfo/Timing/Timing.h"

namespace thimble::timing {

/// Core registers r0 to r15, bit n for rn.
using CoreRegisters = uint16_t;
/// Single-precision registers s0 to s31, bit n for sn; d and q registers are
/// the singles they overlap.
using FloatRegisters = uint32_t;

struct Instruction {
  InstructionClass cls = InstructionClass::Alu;
  uint8_t sizeInBytes = 2;
  /// Registers of a list, words of a floating-point list, else 0.
  uint8_t transferCount = 0;
  /// Writes the PC when its condition holds.
  bool writesPc = false;
  /// May fall through although `writesPc` is set.
  bool isConditional = false;
  /// Leaves the address of the next instruction in LR.
  bool isCall = false;

  CoreRegisters reads = 0;
  CoreRegisters writes = 0;
  /// The part of `reads` that makes the address of a load or store.
  CoreRegisters addressReads = 0;
  FloatRegisters floatReads = 0;
  FloatRegisters floatWrites = 0;
  /// The addend of a multiply-accumulate, which is not in `floatReads`.
  FloatRegisters floatAddend = 0;
};

} // namespace thimble::timing

#endif // THIMBLE_TARGETINFO_TIMING_INSTRUCTION_H

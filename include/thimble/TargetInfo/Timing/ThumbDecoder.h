//===- ThumbDecoder.h - Thumb opcodes to timing instructions ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decodes Thumb, Thumb-2, VFP and MVE encodings as far as timing asks: the
// class of an instruction and its registers. Encodings are those of the
// Armv6-M, Armv7-M and Armv8-M Architecture Reference Manuals. A 32-bit opcode
// is its first halfword times 2^16 plus the second.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGETINFO_TIMING_THUMBDECODER_H
#define THIMBLE_TARGETINFO_TIMING_THUMBDECODER_H

#include "thimble/TargetInfo/Timing/Instruction.h"

namespace thimble::cycles {

/// One row of a decoding table: an opcode with `(opcode & mask) == value` is
/// of class `cls`, and `readOperands` fills in the registers. The first row
/// that matches wins.
struct DecodePattern {
  uint32_t mask;
  uint32_t value;
  timing::InstructionClass cls;
  void (*readOperands)(uint32_t opcode, timing::Instruction &instruction);
};

/// Applies the first of the `count` rows that matches; false if none does.
bool decodeByTable(const DecodePattern *rows, size_t count, uint32_t opcode,
                   timing::Instruction &instruction);

/// True if a halfword starts a 32-bit instruction.
constexpr bool startsWideInstruction(uint16_t halfword) {
  return halfword >= 0xE800;
}

timing::Instruction decodeNarrow(uint16_t opcode);
timing::Instruction decodeWide(uint32_t opcode);

/// The coprocessor space of `decodeWide`: VFP and MVE.
void decodeFloat(uint32_t opcode, timing::Instruction &instruction);

/// Instructions that an IT instruction makes conditional; 0 for any other.
unsigned conditionalInstructionsAfter(uint16_t opcode);

/// Bits `low` to `low + width - 1` of an opcode.
constexpr uint32_t bits(uint32_t opcode, unsigned low, unsigned width) {
  return (opcode >> low) & ((1u << width) - 1);
}
/// The core register that `width` bits from `low` on name, as a mask.
constexpr timing::CoreRegisters coreRegister(uint32_t opcode, unsigned low,
                                             unsigned width = 4) {
  return timing::CoreRegisters(1u << bits(opcode, low, width));
}

inline constexpr timing::CoreRegisters stackPointer = 1u << 13;
inline constexpr timing::CoreRegisters linkRegister = 1u << 14;
inline constexpr timing::CoreRegisters programCounter = 1u << 15;

} // namespace thimble::cycles

#endif // THIMBLE_TARGETINFO_TIMING_THUMBDECODER_H

//===- Encodings.h - Opcodes as test code ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tests write opcodes as an assembler prints them: a 16-bit instruction is its
// halfword, a 32-bit one its first halfword times 2^16 plus the second.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CYCLES_ENCODINGS_H
#define THIMBLE_TEST_UNIT_CYCLES_ENCODINGS_H

#include "Block.h"
#include "thimble/TargetInfo/Timing/ThumbDecoder.h"

#include <initializer_list>

namespace thimble::cycles {

/// An encoding, what the assembler was given for it, and what it must be.
struct ClassifiedEncoding {
  uint32_t opcode;
  const char *mnemonic;
  timing::InstructionClass cls;
};

inline timing::Instruction decode(uint32_t opcode) {
  return opcode > 0xFFFF ? decodeWide(opcode) : decodeNarrow(opcode);
}

/// The bytes of `opcodes` in memory.
inline std::vector<uint8_t> assemble(std::initializer_list<uint32_t> opcodes) {
  std::vector<uint8_t> code;
  auto append = [&code](uint32_t halfword) {
    code.push_back(halfword & 0xFF);
    code.push_back(halfword >> 8 & 0xFF);
  };
  for (uint32_t opcode : opcodes) {
    if (opcode > 0xFFFF)
      append(opcode >> 16);
    append(opcode & 0xFFFF);
  }
  return code;
}

/// The block of `opcodes` at `start` on `core`.
inline Block blockOf(const timing::CoreTiming &core,
                     std::initializer_list<uint32_t> opcodes,
                     uint32_t start = 0x1000) {
  return BlockBuilder(core).build(start, assemble(opcodes));
}

} // namespace thimble::cycles

#endif // THIMBLE_TEST_UNIT_CYCLES_ENCODINGS_H

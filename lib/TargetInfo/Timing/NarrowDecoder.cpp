//===- NarrowDecoder.cpp - 16-bit Thumb instructions ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of the 16-bit encodings, and what both tables share.
//
//===----------------------------------------------------------------------===//

#include "thimble/TargetInfo/Timing/ThumbDecoder.h"

using namespace thimble;
using namespace thimble::cycles;
using timing::Instruction;
using Class = timing::InstructionClass;

bool cycles::decodeByTable(const DecodePattern *rows, size_t count,
                           uint32_t opcode, Instruction &instruction) {
  for (size_t row = 0; row < count; ++row) {
    if ((opcode & rows[row].mask) != rows[row].value)
      continue;
    instruction.cls = rows[row].cls;
    if (rows[row].readOperands)
      rows[row].readOperands(opcode, instruction);
    return true;
  }
  return false;
}

unsigned cycles::conditionalInstructionsAfter(uint16_t opcode) {
  if ((opcode & 0xFF00) != 0xBF00 || (opcode & 0xF) == 0)
    return 0;
  // The lowest set bit of the mask ends the block: IT 1000 has one, 0001 four.
  unsigned trailingZeros = 0;
  while (!((opcode >> trailingZeros) & 1))
    ++trailingZeros;
  return 4 - trailingZeros;
}

static void rd0Rm3(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 0, 3);
  insn.reads = coreRegister(op, 3, 3);
}

static void rd0Rn3Rm6(uint32_t op, Instruction &insn) {
  rd0Rm3(op, insn);
  insn.reads |= coreRegister(op, 6, 3);
}

static void rdn0Rm3(uint32_t op, Instruction &insn) {
  rd0Rm3(op, insn);
  insn.reads |= insn.writes;
}

static void rn0Rm3(uint32_t op, Instruction &insn) {
  insn.reads = coreRegister(op, 0, 3) | coreRegister(op, 3, 3);
}

static void rd8(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 8, 3);
}

static void rdn8(uint32_t op, Instruction &insn) {
  insn.writes = insn.reads = coreRegister(op, 8, 3);
}

static void rn8(uint32_t op, Instruction &insn) {
  insn.reads = coreRegister(op, 8, 3);
}

/// ADD and MOV of any register, which may be the PC.
static void highRegisters(uint32_t op, Instruction &insn) {
  unsigned rd = bits(op, 7, 1) << 3 | bits(op, 0, 3);
  insn.reads = coreRegister(op, 3);
  insn.writes = 1u << rd;
  if ((op & 0xFF00) == 0x4400)
    insn.reads |= insn.writes;
  if (rd == 15) {
    insn.cls = Class::BranchExchange;
    insn.writesPc = true;
  }
}

static void compareHighRegisters(uint32_t op, Instruction &insn) {
  insn.reads =
      coreRegister(op, 3) | (1u << (bits(op, 7, 1) << 3 | bits(op, 0, 3)));
}

static void branchExchange(uint32_t op, Instruction &insn) {
  insn.reads = coreRegister(op, 3);
  insn.writesPc = true;
  insn.isCall = bits(op, 7, 1);
  if (insn.isCall)
    insn.writes = linkRegister;
}

static void loadLiteral(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 8, 3);
}

/// Registers of a load or store: `data` is loaded or stored by bit 11.
static void transfer(bool isLoad, timing::CoreRegisters data,
                     timing::CoreRegisters address, Instruction &insn) {
  insn.cls = isLoad ? Class::Load : Class::Store;
  insn.addressReads = address;
  insn.reads = isLoad ? address : address | data;
  if (isLoad)
    insn.writes = data;
}

static void registerOffset(uint32_t op, Instruction &insn) {
  bool isLoad = bits(op, 9, 3) >= 3;
  transfer(isLoad, coreRegister(op, 0, 3),
           coreRegister(op, 3, 3) | coreRegister(op, 6, 3), insn);
  if (!isLoad)
    insn.cls = Class::StoreRegisterOffset;
}

static void immediateOffset(uint32_t op, Instruction &insn) {
  transfer(bits(op, 11, 1), coreRegister(op, 0, 3), coreRegister(op, 3, 3),
           insn);
}

static void stackOffset(uint32_t op, Instruction &insn) {
  transfer(bits(op, 11, 1), coreRegister(op, 8, 3), stackPointer, insn);
}

static void addressOf(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 8, 3);
  if (bits(op, 11, 1))
    insn.reads = stackPointer;
}

static void adjustStack(uint32_t, Instruction &insn) {
  insn.reads = insn.writes = stackPointer;
}

static void compareBranch(uint32_t op, Instruction &insn) {
  insn.reads = coreRegister(op, 0, 3);
  insn.writesPc = insn.isConditional = true;
}

static unsigned countOf(uint32_t registers) {
  unsigned count = 0;
  for (; registers; registers &= registers - 1)
    ++count;
  return count;
}

static void push(uint32_t op, Instruction &insn) {
  insn.transferCount = countOf(bits(op, 0, 9));
  insn.addressReads = insn.writes = stackPointer;
  insn.reads =
      stackPointer | bits(op, 0, 8) | (bits(op, 8, 1) ? linkRegister : 0);
}

static void pop(uint32_t op, Instruction &insn) {
  insn.transferCount = countOf(bits(op, 0, 9));
  insn.writesPc = bits(op, 8, 1);
  insn.reads = insn.addressReads = stackPointer;
  insn.writes =
      stackPointer | bits(op, 0, 8) | (insn.writesPc ? programCounter : 0);
}

static void storeMultiple(uint32_t op, Instruction &insn) {
  insn.transferCount = countOf(bits(op, 0, 8));
  insn.addressReads = insn.writes = coreRegister(op, 8, 3);
  insn.reads = insn.addressReads | bits(op, 0, 8);
}

static void loadMultiple(uint32_t op, Instruction &insn) {
  insn.transferCount = countOf(bits(op, 0, 8));
  insn.reads = insn.addressReads = coreRegister(op, 8, 3);
  insn.writes = insn.reads | bits(op, 0, 8);
}

static void branch(uint32_t, Instruction &insn) { insn.writesPc = true; }

static void conditionalBranch(uint32_t, Instruction &insn) {
  insn.writesPc = insn.isConditional = true;
}

static constexpr DecodePattern narrowPatterns[] = {
    {0xFC00, 0x1800, Class::Alu, rd0Rn3Rm6},    // ADD, SUB register
    {0xFC00, 0x1C00, Class::Alu, rd0Rm3},       // ADD, SUB #imm3
    {0xE000, 0x0000, Class::Alu, rd0Rm3},       // LSL, LSR, ASR #imm
    {0xF800, 0x2000, Class::Alu, rd8},          // MOV #imm8
    {0xF800, 0x2800, Class::Alu, rn8},          // CMP #imm8
    {0xF000, 0x3000, Class::Alu, rdn8},         // ADD, SUB #imm8
    {0xFFC0, 0x4340, Class::Multiply, rdn0Rm3}, // MUL
    {0xFFC0, 0x4200, Class::Alu, rn0Rm3},       // TST
    {0xFF80, 0x4280, Class::Alu, rn0Rm3},       // CMP, CMN
    {0xFC00, 0x4000, Class::Alu, rdn0Rm3},      // AND, EOR, LSL ... MVN
    {0xFF00, 0x4500, Class::Alu, compareHighRegisters},
    {0xFF00, 0x4700, Class::BranchExchange, branchExchange},
    {0xFC00, 0x4400, Class::Alu, highRegisters}, // ADD, MOV
    {0xF800, 0x4800, Class::Load, loadLiteral},  // LDR [pc]
    {0xF000, 0x5000, Class::Load, registerOffset},
    {0xE000, 0x6000, Class::Load, immediateOffset}, // words and bytes
    {0xF000, 0x8000, Class::Load, immediateOffset}, // halfwords
    {0xF000, 0x9000, Class::Load, stackOffset},
    {0xF000, 0xA000, Class::Alu, addressOf}, // ADR, ADD rd, sp
    {0xFF00, 0xB000, Class::Alu, adjustStack},
    {0xF500, 0xB100, Class::Branch, compareBranch}, // CBZ, CBNZ
    {0xFF00, 0xB200, Class::Alu, rd0Rm3},           // SXTH ... UXTB
    {0xFE00, 0xB400, Class::StoreMultiple, push},
    {0xFE00, 0xBC00, Class::LoadMultiple, pop},
    {0xFF00, 0xB600, Class::System, nullptr}, // CPS
    {0xFFC0, 0xBA80, Class::System, nullptr}, // HLT
    {0xFF00, 0xBA00, Class::Alu, rd0Rm3},     // REV, REV16, REVSH
    {0xFF00, 0xBE00, Class::System, nullptr}, // BKPT
    {0xFF00, 0xBF00, Class::Alu, nullptr},    // IT, NOP, hints
    {0xF800, 0xC000, Class::StoreMultiple, storeMultiple},
    {0xF800, 0xC800, Class::LoadMultiple, loadMultiple},
    {0xFE00, 0xDE00, Class::System, nullptr}, // UDF, SVC
    {0xF000, 0xD000, Class::Branch, conditionalBranch},
    {0xF800, 0xE000, Class::Branch, branch},
};

Instruction cycles::decodeNarrow(uint16_t opcode) {
  Instruction instruction;
  if (!decodeByTable(narrowPatterns,
                     sizeof(narrowPatterns) / sizeof(narrowPatterns[0]), opcode,
                     instruction))
    instruction.cls = Class::System;
  return instruction;
}

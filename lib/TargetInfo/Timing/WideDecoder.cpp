//===- WideDecoder.cpp - 32-bit Thumb integer instructions ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of the 32-bit encodings outside the coprocessor space.
//
//===----------------------------------------------------------------------===//

#include "thimble/TargetInfo/Timing/ThumbDecoder.h"

using namespace thimble;
using namespace thimble::cycles;
using timing::Instruction;
using Class = timing::InstructionClass;

/// A register field that says 15 for "none".
static timing::CoreRegisters unlessPc(timing::CoreRegisters registers) {
  return registers & ~programCounter;
}

static void dataProcessing(uint32_t op, Instruction &insn) {
  insn.writes = unlessPc(coreRegister(op, 8));
  insn.reads = unlessPc(coreRegister(op, 16) | coreRegister(op, 0));
}

static void dataProcessingImmediate(uint32_t op, Instruction &insn) {
  insn.writes = unlessPc(coreRegister(op, 8));
  insn.reads = unlessPc(coreRegister(op, 16));
}

/// MOVW and MOVT: the field of Rn is part of the immediate.
static void moveImmediate(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 8);
  if (bits(op, 23, 1))
    insn.reads = insn.writes;
}

/// Multiplications with a 32-bit result. The addend is needed late and left
/// out of `reads`.
static void multiply(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 8);
  insn.reads = coreRegister(op, 16) | coreRegister(op, 0);
}

static void multiplyLong(uint32_t op, Instruction &insn) {
  multiply(op, insn);
  insn.writes |= coreRegister(op, 12);
}

static void divide(uint32_t op, Instruction &insn) { multiply(op, insn); }

static void multiple(uint32_t op, Instruction &insn) {
  bool isLoad = bits(op, 20, 1);
  auto list = timing::CoreRegisters(bits(op, 0, 16));
  auto base = coreRegister(op, 16);
  unsigned count = 0;
  for (uint32_t rest = list; rest; rest &= rest - 1)
    ++count;
  insn.cls = isLoad ? Class::LoadMultiple : Class::StoreMultiple;
  insn.transferCount = count;
  insn.addressReads = base;
  insn.reads = isLoad ? base : base | list;
  insn.writes = isLoad ? list : 0;
  if (bits(op, 21, 1))
    insn.writes |= base;
  insn.writesPc = isLoad && (list & programCounter);
}

/// LDRD and STRD, with or without base update.
static void dual(uint32_t op, Instruction &insn) {
  bool isLoad = bits(op, 20, 1);
  auto data = timing::CoreRegisters(coreRegister(op, 12) | coreRegister(op, 8));
  auto base = unlessPc(coreRegister(op, 16));
  insn.cls = isLoad ? Class::LoadDual : Class::StoreDual;
  insn.transferCount = 2;
  insn.addressReads = base;
  insn.reads = isLoad ? base : base | data;
  insn.writes = isLoad ? data : 0;
  if (bits(op, 21, 1))
    insn.writes |= base;
}

static void exclusive(uint32_t op, Instruction &insn) {
  auto data = coreRegister(op, 12);
  insn.addressReads = insn.reads = coreRegister(op, 16);
  if (insn.cls == Class::Load)
    insn.writes = data;
  else
    insn.reads |= data;
}

static void tableBranch(uint32_t op, Instruction &insn) {
  insn.addressReads = insn.reads =
      unlessPc(coreRegister(op, 16) | coreRegister(op, 0));
  insn.writesPc = true;
}

/// LDR, LDRB, LDRH, LDRSB, LDRSH and the stores, in all addressing modes.
static void single(uint32_t op, Instruction &insn) {
  bool isLoad = bits(op, 20, 1);
  bool isWord = bits(op, 21, 2) == 2;
  unsigned rt = bits(op, 12, 4), rn = bits(op, 16, 4);
  if (isLoad && rt == 15 && !isWord) {
    insn.cls = Class::Alu; // PLD, PLI: a hint
    return;
  }
  bool hasOffset12 = bits(op, 23, 1) || rn == 15;
  bool hasRegisterOffset = !hasOffset12 && !bits(op, 11, 1);
  bool updatesBase = !hasOffset12 && bits(op, 11, 1) && bits(op, 8, 1);
  auto address = unlessPc(timing::CoreRegisters(1u << rn));
  if (hasRegisterOffset)
    address |= coreRegister(op, 0);

  if (isLoad)
    insn.cls = updatesBase ? Class::LoadBaseUpdate : Class::Load;
  else if (updatesBase)
    insn.cls = Class::StoreBaseUpdate;
  else
    insn.cls = hasRegisterOffset ? Class::StoreRegisterOffset : Class::Store;
  insn.addressReads = address;
  insn.reads = isLoad ? address : address | coreRegister(op, 12);
  insn.writes = isLoad ? coreRegister(op, 12) : 0;
  if (updatesBase)
    insn.writes |= coreRegister(op, 16);
  insn.writesPc = isLoad && rt == 15;
}

static void branchLink(uint32_t, Instruction &insn) {
  insn.writesPc = insn.isCall = true;
  insn.writes = linkRegister;
}

static void branch(uint32_t, Instruction &insn) { insn.writesPc = true; }

static void conditionalBranch(uint32_t, Instruction &insn) {
  insn.writesPc = insn.isConditional = true;
}

static void loopStart(uint32_t op, Instruction &insn) {
  insn.reads = unlessPc(coreRegister(op, 16));
  insn.writes = linkRegister;
}

/// WLS and WLSTP leave the loop out when its count is zero.
static void whileLoopStart(uint32_t op, Instruction &insn) {
  loopStart(op, insn);
  insn.writesPc = insn.isConditional = true;
}

static void loopEnd(uint32_t, Instruction &insn) {
  insn.reads = insn.writes = linkRegister;
  insn.writesPc = insn.isConditional = true;
}

static void readRm(uint32_t op, Instruction &insn) {
  insn.reads = unlessPc(coreRegister(op, 16));
}

static void writeRd(uint32_t op, Instruction &insn) {
  insn.writes = coreRegister(op, 8);
}

static constexpr DecodePattern widePatterns[] = {
    // Load/store multiple, dual, exclusive, table branch.
    {0xFFFF2000, 0xE89F0000, Class::Alu, nullptr}, // CLRM
    {0xFE400000, 0xE8000000, Class::LoadMultiple, multiple},
    {0xFFF0FFE0, 0xE8D0F000, Class::TableBranch, tableBranch},
    {0xFFF0F03F, 0xE840F000, Class::System, writeRd},  // TT (Armv8-M)
    {0xFFF00F00, 0xE8500F00, Class::Load, exclusive},  // LDREX
    {0xFFF00000, 0xE8400000, Class::Store, exclusive}, // STREX
    {0xFFF00000, 0xE8D00000, Class::Load, exclusive},  // LDREXB, LDA ...
    {0xFFF00000, 0xE8C00000, Class::Store, exclusive}, // STREXB, STL, STLEX
    {0xFE400000, 0xE8400000, Class::LoadDual, dual},
    // Data processing.
    {0xFE000000, 0xEA000000, Class::Alu, dataProcessing}, // shifted register
    {0xFB708000, 0xF2400000, Class::Alu, moveImmediate},  // MOVW, MOVT
    {0xF8008000, 0xF0000000, Class::Alu, dataProcessingImmediate},
    {0xFF000000, 0xFA000000, Class::Alu, dataProcessing}, // register
    // Multiplication and division.
    {0xFFF0F0F0, 0xFB00F000, Class::Multiply, multiply},
    {0xFFF000E0, 0xFB000000, Class::MultiplyAccumulate, multiply}, // MLA, MLS
    {0xFF800000, 0xFB000000, Class::DspMultiply, multiply},
    {0xFFF000F0, 0xFB9000F0, Class::Divide, divide}, // SDIV
    {0xFFF000F0, 0xFBB000F0, Class::Divide, divide}, // UDIV
    {0xFFD000F0, 0xFB800000, Class::MultiplyLong, multiplyLong},
    {0xFFD000F0, 0xFBC00000, Class::MultiplyAccumulateLong, multiplyLong},
    {0xFFF000F0, 0xFBE00060, Class::MultiplyAccumulateLong, multiplyLong},
    {0xFF800000, 0xFB800000, Class::DspMultiply, multiplyLong}, // SMLALD ...
    // Single loads and stores.
    {0xFE000000, 0xF8000000, Class::Load, single},
    // Low-overhead loops (Armv8.1-M).
    {0xFFC0F801, 0xF000E801, Class::Alu, readRm},               // VCTP
    {0xFFFFFFFF, 0xF00FE001, Class::Alu, nullptr},              // LCTP
    {0xFFC0FFFF, 0xF000E001, Class::LoopStart, loopStart},      // DLSTP
    {0xFFF0FFFF, 0xF040E001, Class::LoopStart, loopStart},      // DLS
    {0xFFCFF001, 0xF00FC001, Class::LoopEnd, loopEnd},          // LE, LETP
    {0xFFC0F001, 0xF000C001, Class::LoopStart, whileLoopStart}, // WLSTP
    {0xFFF0F001, 0xF040C001, Class::LoopStart, whileLoopStart}, // WLS
    // Branches and system instructions.
    {0xF800D000, 0xF000D000, Class::BranchLink, branchLink},
    {0xF800D000, 0xF0009000, Class::Branch, branch},
    {0xFFFFFF00, 0xF3BF8F00, Class::Barrier, nullptr}, // CLREX, DSB, DMB, ISB
    {0xFFFFF800, 0xF3AF8000, Class::Alu, nullptr},     // hints
    {0xFFE0F000, 0xF3E08000, Class::System, writeRd},  // MRS
    {0xFFE0F000, 0xF3808000, Class::System, readRm},   // MSR
    {0xFB80D000, 0xF3808000, Class::System, nullptr},  // no condition
    {0xF800D000, 0xF0008000, Class::Branch, conditionalBranch},
};

Instruction cycles::decodeWide(uint32_t opcode) {
  Instruction instruction;
  instruction.sizeInBytes = 4;
  if ((opcode & 0xEC000000) == 0xEC000000) {
    decodeFloat(opcode, instruction);
    return instruction;
  }
  if (!decodeByTable(widePatterns,
                     sizeof(widePatterns) / sizeof(widePatterns[0]), opcode,
                     instruction))
    instruction.cls = Class::System;
  return instruction;
}

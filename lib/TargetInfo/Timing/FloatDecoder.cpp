//===- FloatDecoder.cpp - VFP and MVE instructions --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of the coprocessor space: scalar floating point (coprocessors 10
// and 11) and, on Armv8.1-M, vectors in the encodings between them.
//
//===----------------------------------------------------------------------===//

#include "thimble/TargetInfo/Timing/ThumbDecoder.h"

using namespace thimble;
using namespace thimble::cycles;
using timing::FloatRegisters;
using timing::Instruction;
using Class = timing::InstructionClass;

/// The register whose four bits start at `low` and whose fifth bit is
/// `extra`: a single, or a double if bit 8 is set. Doubles above d15 do not
/// exist on these cores.
static FloatRegisters scalar(uint32_t op, unsigned low, unsigned extra) {
  unsigned number = bits(op, low, 4);
  if (bits(op, 8, 1) && bits(op, 9, 3) == 5)
    return bits(op, extra, 1) ? 0 : FloatRegisters(3) << (2 * number);
  return FloatRegisters(1) << (number << 1 | bits(op, extra, 1));
}
static FloatRegisters scalarD(uint32_t op) { return scalar(op, 12, 22); }
static FloatRegisters scalarN(uint32_t op) { return scalar(op, 16, 7); }
static FloatRegisters scalarM(uint32_t op) { return scalar(op, 0, 5); }

/// The q register whose three bits start at `low`.
static FloatRegisters vector(uint32_t op, unsigned low) {
  return FloatRegisters(0xF) << (4 * bits(op, low, 3));
}

static void threeScalars(uint32_t op, Instruction &insn) {
  insn.floatWrites = scalarD(op);
  insn.floatReads = scalarN(op) | scalarM(op);
}

static void multiplyAccumulate(uint32_t op, Instruction &insn) {
  threeScalars(op, insn);
  insn.floatAddend = insn.floatWrites;
}

static void twoScalars(uint32_t op, Instruction &insn) {
  insn.floatWrites = scalarD(op);
  insn.floatReads = scalarM(op);
}

static void moveScalarImmediate(uint32_t op, Instruction &insn) {
  insn.floatWrites = scalarD(op);
}

static void compareScalars(uint32_t op, Instruction &insn) {
  insn.floatReads = scalarD(op);
  if (!bits(op, 16, 1)) // not a comparison with zero
    insn.floatReads |= scalarM(op);
}

/// VMOV between a core register and a single.
static void moveCore(uint32_t op, Instruction &insn) {
  FloatRegisters single = FloatRegisters(1)
                          << (bits(op, 16, 4) << 1 | bits(op, 7, 1));
  if (bits(op, 20, 1)) {
    insn.floatReads = single;
    insn.writes = coreRegister(op, 12);
  } else {
    insn.reads = coreRegister(op, 12);
    insn.floatWrites = single;
  }
}

static void moveStatus(uint32_t op, Instruction &insn) {
  if (!bits(op, 20, 1))
    insn.reads = coreRegister(op, 12);
  else if (bits(op, 12, 4) != 15) // 15 is the flags
    insn.writes = coreRegister(op, 12);
}

/// VMOV between two core registers and two singles or one double.
static void moveCoreDual(uint32_t op, Instruction &insn) {
  FloatRegisters pair = scalarM(op);
  if (!bits(op, 8, 1))
    pair |= pair << 1;
  auto core =
      timing::CoreRegisters(coreRegister(op, 12) | coreRegister(op, 16));
  if (bits(op, 20, 1)) {
    insn.floatReads = pair;
    insn.writes = core;
  } else {
    insn.reads = core;
    insn.floatWrites = pair;
  }
}

static void transferRegisters(uint32_t op, FloatRegisters data,
                              Instruction &insn) {
  insn.addressReads = insn.reads = coreRegister(op, 16) & ~programCounter;
  (bits(op, 20, 1) ? insn.floatWrites : insn.floatReads) = data;
}

static void singleTransfer(uint32_t op, Instruction &insn) {
  insn.cls = bits(op, 20, 1) ? Class::FloatLoad : Class::FloatStore;
  insn.transferCount = bits(op, 8, 1) ? 2 : 1;
  transferRegisters(op, scalarD(op), insn);
}

static void multipleTransfer(uint32_t op, Instruction &insn) {
  unsigned words = bits(op, 0, 8) & (bits(op, 8, 1) ? ~1u : ~0u);
  insn.cls =
      bits(op, 20, 1) ? Class::FloatLoadMultiple : Class::FloatStoreMultiple;
  insn.transferCount = words;
  unsigned first = bits(op, 8, 1) ? bits(op, 12, 4) << 1
                                  : bits(op, 12, 4) << 1 | bits(op, 22, 1);
  FloatRegisters list =
      words >= 32 ? ~FloatRegisters(0) : (FloatRegisters(1) << words) - 1;
  transferRegisters(op, list << first, insn);
  if (bits(op, 21, 1))
    insn.writes = coreRegister(op, 16);
}

static void threeVectors(uint32_t op, Instruction &insn) {
  insn.floatWrites = vector(op, 13);
  insn.floatReads = vector(op, 17) | vector(op, 1);
}

static void vectorAndScalar(uint32_t op, Instruction &insn) {
  insn.floatWrites = vector(op, 13);
  insn.floatReads = vector(op, 17);
  insn.reads = coreRegister(op, 0) & ~(programCounter | stackPointer);
}

/// VMLADAV and its kin: vectors in, one or two core registers out. The
/// accumulator is needed late and left out of `reads`.
static void reduceProducts(uint32_t op, Instruction &insn) {
  insn.floatReads = vector(op, 17) | vector(op, 1);
  insn.writes = coreRegister(op, 12);
}

static void reduceVector(uint32_t op, Instruction &insn) {
  insn.floatReads = vector(op, 1);
  insn.writes = coreRegister(op, 12);
}

static void moveLane(uint32_t op, Instruction &insn) {
  if (bits(op, 20, 1)) {
    insn.floatReads = vector(op, 17);
    insn.writes = coreRegister(op, 12);
  } else {
    insn.reads = coreRegister(op, 12);
    insn.floatWrites = vector(op, 17);
  }
}

static void contiguousTransfer(uint32_t op, Instruction &insn) {
  insn.cls = bits(op, 20, 1) ? Class::VectorLoad : Class::VectorStore;
  transferRegisters(op, vector(op, 13), insn);
  if (bits(op, 21, 1))
    insn.writes = coreRegister(op, 16);
}

static void gather(uint32_t op, Instruction &insn) {
  insn.cls = bits(op, 20, 1) ? Class::VectorGather : Class::VectorScatter;
  transferRegisters(op, vector(op, 13), insn);
  insn.floatReads |= vector(op, 1);
}

static void gatherFromVector(uint32_t op, Instruction &insn) {
  insn.cls = bits(op, 20, 1) ? Class::VectorGather : Class::VectorScatter;
  (bits(op, 20, 1) ? insn.floatWrites : insn.floatReads) = vector(op, 13);
  insn.floatReads |= vector(op, 17);
}

static void interleave(uint32_t op, Instruction &insn) {
  transferRegisters(op, vector(op, 13), insn);
  if (bits(op, 21, 1))
    insn.writes = coreRegister(op, 16);
}

static constexpr DecodePattern floatPatterns[] = {
    // Scalar transfers.
    {0xFFE00ED0, 0xEC400A10, Class::FloatMoveDual, moveCoreDual},
    {0xFF200E00, 0xED000A00, Class::FloatLoad, singleTransfer},
    {0xFE000E00, 0xEC000A00, Class::FloatLoadMultiple, multipleTransfer},
    {0xFFE00F10, 0xEEE00A10, Class::FloatMove, moveStatus}, // VMSR, VMRS
    {0xFF000F10, 0xEE000A10, Class::FloatMove, moveCore},
    {0xFF000F10, 0xEE000B10, Class::VectorMove, moveLane}, // lanes and VDUP
    // Scalar arithmetic; half precision is coprocessor 9.
    {0xFFA00E10, 0xEE000A00, Class::FloatMultiplyAccumulate,
     multiplyAccumulate}, // VMLA, VMLS
    {0xFFB00E10, 0xEE100A00, Class::FloatMultiplyAccumulate,
     multiplyAccumulate}, // VNMLA, VNMLS
    {0xFFB00E10, 0xEE200A00, Class::FloatArithmetic, threeScalars}, // VMUL
    {0xFFB00E10, 0xEE300A00, Class::FloatArithmetic, threeScalars}, // VADD
    {0xFFB00E50, 0xEE800A00, Class::FloatDivide, threeScalars},
    {0xFFB00E10, 0xEE900A00, Class::FloatMultiplyAccumulate,
     multiplyAccumulate}, // VFNMA, VFNMS
    {0xFFB00E10, 0xEEA00A00, Class::FloatMultiplyAccumulate,
     multiplyAccumulate}, // VFMA, VFMS
    {0xFFB00E50, 0xEEB00A00, Class::FloatMove, moveScalarImmediate},
    {0xFFBF0ED0, 0xEEB10AC0, Class::FloatDivide, twoScalars}, // VSQRT
    {0xFFBE0E50, 0xEEB00A40, Class::FloatMove, twoScalars},   // VMOV, VABS,
                                                              // VNEG
    {0xFFBE0E50, 0xEEB40A40, Class::FloatArithmetic, compareScalars},
    {0xFFB00E50, 0xEEB00A40, Class::FloatArithmetic, twoScalars}, // VCVT
    {0xFF000E00, 0xFE000A00, Class::FloatArithmetic,
     threeScalars}, // VSEL, VMAXNM, VRINTA
    {0xFF000F00, 0xEE000900, Class::FloatArithmetic, threeScalars},
    // Vector transfers.
    {0xFFA01FE0, 0xEC000F00, Class::VectorMove, nullptr}, // two lanes
    {0xFF001E00, 0xFC001E00, Class::VectorInterleave, interleave},
    {0xFF001E00, 0xFD001E00, Class::VectorGather, gatherFromVector},
    {0xEF200E00, 0xEC000E00, Class::VectorGather, gather},
    {0xEE000E00, 0xEC000E00, Class::VectorLoad, contiguousTransfer},
    {0xFE000F00, 0xFC000800, Class::VectorMultiplyAccumulate,
     threeVectors}, // VCMLA
    // Vectors of one layout.
    {0xFF000F50, 0xEF000950, Class::VectorMultiply, threeVectors}, // VMUL.I
    {0xEF000F50, 0xEF000B40, Class::VectorMultiply,
     threeVectors}, // VQDMULH, VQRDMULH
    {0xFF000F50, 0xEF000C50, Class::VectorMultiplyAccumulate,
     threeVectors},                                                // VFMA
    {0xFF000F50, 0xFF000D50, Class::VectorMultiply, threeVectors}, // VMUL.F
    {0xEF000000, 0xEF000000, Class::VectorArithmetic, threeVectors},
    // Reductions.
    {0xEFF00F50, 0xEEE00F00, Class::VectorArithmetic, reduceVector}, // VMAXV
    {0xEF800F50, 0xEE800E00, Class::VectorMultiplyAccumulate,
     reduceProducts}, // VMLADAV, VMLALDAV, VMLSDAV
    {0xEFF10F50, 0xEEF00F00, Class::VectorMultiplyAccumulate,
     reduceProducts}, // VMLADAV of bytes
    {0xEF810F51, 0xEE800F00, Class::VectorMultiplyAccumulate,
     reduceProducts}, // VRMLALDAVH
    {0xEF810F51, 0xEE810F00, Class::VectorArithmetic, reduceVector}, // VADDV
    // Vector with scalar, widening and narrowing.
    {0xEF810F70, 0xEE010E40, Class::VectorMultiplyAccumulate,
     vectorAndScalar}, // VMLA, VMLAS, VFMA
    {0xEF810F70, 0xEE010E60, Class::VectorMultiply,
     vectorAndScalar}, // VMUL, VQDMULH, VQRDMULH
    {0xEFB10F50, 0xEE310E00, Class::VectorArithmetic, threeVectors}, // VMOVN
    {0xEF810F50, 0xEE010E00, Class::VectorMultiply,
     threeVectors}, // VMULH, VMULL
    {0xEF810F50, 0xEE000E00, Class::VectorMultiply,
     threeVectors}, // VCMUL, VQDMLADH
    {0xEE000000, 0xEE000000, Class::VectorArithmetic, threeVectors},
};

void cycles::decodeFloat(uint32_t opcode, Instruction &instruction) {
  if (!decodeByTable(floatPatterns,
                     sizeof(floatPatterns) / sizeof(floatPatterns[0]), opcode,
                     instruction))
    instruction.cls = Class::System;
}

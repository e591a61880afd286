//===- VectorDecoderTest.cpp - Classes of Helium encodings ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Encodings come from an assembler, the classes from the instructions' names.
//
//===----------------------------------------------------------------------===//

#include "Encodings.h"

#include <gtest/gtest.h>

using namespace thimble;
using namespace thimble::cycles;
using Class = timing::InstructionClass;

static constexpr ClassifiedEncoding encodings[] = {
    {0xF040E001, "dls lr, r0", Class::LoopStart},
    {0xF040C005, "wls lr, r0, #8", Class::LoopStart},
    {0xF000E001, "dlstp.8 lr, r0", Class::LoopStart},
    {0xF000C005, "wlstp.8 lr, r0, #8", Class::LoopStart},
    {0xF00FC005, "le lr, #-8", Class::LoopEnd},
    {0xF02FC005, "le #-8", Class::LoopEnd},
    {0xF01FC005, "letp lr, #-8", Class::LoopEnd},
    {0xF00FE001, "lctp", Class::Alu},
    {0xF000E801, "vctp.8 r0", Class::Alu},
    {0xEA518002, "csel r0, r1, r2, eq", Class::Alu},
    {0xEA50210D, "lsll r0, r1, r2", Class::Alu},
    {0xE89F0003, "clrm {r0, r1}", Class::Alu},
    {0xECB01E10, "vldrb.u8 q0, [r0], #16", Class::VectorLoad},
    {0xED922E88, "vldrb.s16 q1, [r2, #8]", Class::VectorLoad},
    {0xEDB01F04, "vldrw.u32 q0, [r0, #16]!", Class::VectorLoad},
    {0xED801E00, "vstrb.8 q0, [r0]", Class::VectorStore},
    {0xECA00F04, "vstrb.32 q0, [r0], #4", Class::VectorStore},
    {0xFC900F43, "vldrw.u32 q0, [r0, q1, uxtw #2]", Class::VectorGather},
    {0xFC900E02, "vldrb.u8 q0, [r0, q1]", Class::VectorGather},
    {0xFD921E01, "vldrw.u32 q0, [q1, #4]", Class::VectorGather},
    {0xFD921F01, "vldrd.u64 q0, [q1, #8]", Class::VectorGather},
    {0xEC800F42, "vstrw.32 q0, [r0, q1]", Class::VectorScatter},
    {0xFDA21E01, "vstrw.32 q0, [q1, #4]!", Class::VectorScatter},
    {0xFC901E00, "vld20.8 {q0, q1}, [r0]", Class::VectorInterleave},
    {0xFCB01E61, "vld43.8 {q0, q1, q2, q3}, [r0]!", Class::VectorInterleave},
    {0xFC801E00, "vst20.8 {q0, q1}, [r0]", Class::VectorInterleave},
    {0xEEF00F22, "vmladava.s8 r0, q0, q1", Class::VectorMultiplyAccumulate},
    {0xFEF00F22, "vmladava.u8 r0, q0, q1", Class::VectorMultiplyAccumulate},
    {0xEEF00E22, "vmladava.s16 r0, q0, q1", Class::VectorMultiplyAccumulate},
    {0xEEF10E22, "vmladava.s32 r0, q0, q1", Class::VectorMultiplyAccumulate},
    {0xEEF01E22, "vmladavax.s16 r0, q0, q1", Class::VectorMultiplyAccumulate},
    {0xEEF00E23, "vmlsdava.s16 r0, q0, q1", Class::VectorMultiplyAccumulate},
    {0xEE800E22, "vmlaldava.s16 r0, r1, q0, q1",
     Class::VectorMultiplyAccumulate},
    {0xEE800F22, "vrmlaldavha.s32 r0, r1, q0, q1",
     Class::VectorMultiplyAccumulate},
    {0xEE130E40, "vmla.i16 q0, q1, r0", Class::VectorMultiplyAccumulate},
    {0xEE131E40, "vmlas.i16 q0, q1, r0", Class::VectorMultiplyAccumulate},
    {0xEF020C54, "vfma.f32 q0, q1, q2", Class::VectorMultiplyAccumulate},
    {0xEE330E40, "vfma.f32 q0, q1, r0", Class::VectorMultiplyAccumulate},
    {0xEF220C54, "vfms.f32 q0, q1, q2", Class::VectorMultiplyAccumulate},
    {0xFCB20844, "vcmla.f32 q0, q1, q2, #90", Class::VectorMultiplyAccumulate},
    {0xEF120954, "vmul.i16 q0, q1, q2", Class::VectorMultiply},
    {0xEE131E60, "vmul.i16 q0, q1, r0", Class::VectorMultiply},
    {0xFF220B44, "vqrdmulh.s32 q0, q1, q2", Class::VectorMultiply},
    {0xEF220B44, "vqdmulh.s32 q0, q1, q2", Class::VectorMultiply},
    {0xFE230E60, "vqrdmulh.s32 q0, q1, r0", Class::VectorMultiply},
    {0xEE030E05, "vmulh.s8 q0, q1, q2", Class::VectorMultiply},
    {0xEE031E05, "vrmulh.s8 q0, q1, q2", Class::VectorMultiply},
    {0xEE030E04, "vmullb.s8 q0, q1, q2", Class::VectorMultiply},
    {0xEE131E04, "vmullt.s16 q0, q1, q2", Class::VectorMultiply},
    {0xFF020D54, "vmul.f32 q0, q1, q2", Class::VectorMultiply},
    {0xEE330E61, "vmul.f32 q0, q1, r1", Class::VectorMultiply},
    {0xEE000B10, "vmov.32 q0[0], r0", Class::VectorMove},
    {0xEE520B70, "vmov.s8 r0, q1[3]", Class::VectorMove},
    {0xEEE00B10, "vdup.8 q0, r0", Class::VectorMove},
    {0xEC110F00, "vmov q0[2], q0[0], r0, r1", Class::VectorMove},
    {0xEC010F00, "vmov r0, r1, q0[2], q0[0]", Class::VectorMove},
    {0xEF020844, "vadd.i8 q0, q1, q2", Class::VectorArithmetic},
    {0xEE130F43, "vadd.i16 q0, q1, r3", Class::VectorArithmetic},
    {0xFF220844, "vsub.i32 q0, q1, q2", Class::VectorArithmetic},
    {0xEF240542, "vrshl.s32 q0, q1, q2", Class::VectorArithmetic},
    {0xEFBD0052, "vshr.s32 q0, q1, #3", Class::VectorArithmetic},
    {0xEEF90F20, "vaddva.s32 r0, q0", Class::VectorArithmetic},
    {0xEEF10F00, "vaddv.s8 r0, q0", Class::VectorArithmetic},
    {0xEE890F20, "vaddlva.s32 r0, r1, q0", Class::VectorArithmetic},
    {0xEEE20F00, "vmaxv.s8 r0, q0", Class::VectorArithmetic},
    {0xFEE20F82, "vminv.u8 r0, q1", Class::VectorArithmetic},
    {0xEE820F05, "vabav.s8 r0, q1, q2", Class::VectorArithmetic},
    {0xEEA80F42, "vmovlb.s8 q0, q1", Class::VectorArithmetic},
    {0xFE310E83, "vmovnb.i16 q0, q1", Class::VectorArithmetic},
    {0xEE330E03, "vqmovnb.s16 q0, q1", Class::VectorArithmetic},
    {0xEE311E83, "vqmovunt.s16 q0, q1", Class::VectorArithmetic},
    {0xEF220152, "vmov q0, q1", Class::VectorArithmetic},
    {0xEF800050, "vmov.i32 q0, #0", Class::VectorArithmetic},
    {0xEF020644, "vmax.s8 q0, q1, q2", Class::VectorArithmetic},
    {0xFE010F02, "vcmp.s8 eq, q0, q1", Class::VectorArithmetic},
    {0xFE330F05, "vpsel q0, q1, q2", Class::VectorArithmetic},
    {0xEE210F6E, "vidup.u32 q0, r0, #1", Class::VectorArithmetic},
    {0xEE9D0F43, "vqrshrnb.s32 q0, q1, #3", Class::VectorArithmetic},
    {0xEEA90F42, "vshllb.s8 q0, q1, #1", Class::VectorArithmetic},
    {0xEF020D44, "vadd.f32 q0, q1, q2", Class::VectorArithmetic},
    {0xFFBB0642, "vcvt.f32.s32 q0, q1", Class::VectorArithmetic},
    {0xFF020154, "veor q0, q1, q2", Class::VectorArithmetic},
};

TEST(VectorDecoderTest, classifies) {
  for (const ClassifiedEncoding &encoding : encodings)
    EXPECT_EQ(int(decode(encoding.opcode).cls), int(encoding.cls))
        << encoding.mnemonic;
}

TEST(VectorDecoderTest, findsVectorRegisters) {
  timing::Instruction load = decode(0xECB01E10); // vldrb.u8 q0, [r0], #16
  EXPECT_EQ(load.floatWrites, 0xFu);
  EXPECT_EQ(load.addressReads, 0b1);
  EXPECT_EQ(load.writes, 0b1);
  timing::Instruction reduce = decode(0xEEF00F22); // vmladava.s8 r0, q0, q1
  EXPECT_EQ(reduce.floatReads, 0xFFu);
  EXPECT_EQ(reduce.writes, 0b1);
  timing::Instruction add = decode(0xEF020844); // vadd.i8 q0, q1, q2
  EXPECT_EQ(add.floatWrites, 0xFu);
  EXPECT_EQ(add.floatReads, 0xFF0u);
}

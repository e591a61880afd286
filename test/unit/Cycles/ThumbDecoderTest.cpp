//===- ThumbDecoderTest.cpp - Classes of Thumb encodings --------*- C++ -*-===//
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
    {0x00C8, "lsls r0, r1, #3", Class::Alu},
    {0x1888, "adds r0, r1, r2", Class::Alu},
    {0x1FC8, "subs r0, r1, #7", Class::Alu},
    {0x2001, "movs r0, #1", Class::Alu},
    {0x2801, "cmp r0, #1", Class::Alu},
    {0x30FF, "adds r0, #255", Class::Alu},
    {0x4008, "ands r0, r1", Class::Alu},
    {0x4208, "tst r0, r1", Class::Alu},
    {0x4588, "cmp r8, r1", Class::Alu},
    {0x4488, "add r8, r1", Class::Alu},
    {0x4688, "mov r8, r1", Class::Alu},
    {0xA002, "adr r0, #8", Class::Alu},
    {0xA801, "add r0, sp, #4", Class::Alu},
    {0xB082, "sub sp, #8", Class::Alu},
    {0xB248, "sxtb r0, r1", Class::Alu},
    {0xB288, "uxth r0, r1", Class::Alu},
    {0xBA08, "rev r0, r1", Class::Alu},
    {0xBF00, "nop", Class::Alu},
    {0xBF08, "it eq", Class::Alu},
    {0x4608, "moveq r0, r1", Class::Alu},
    {0x4348, "muls r0, r1, r0", Class::Multiply},
    {0x4801, "ldr r0, [pc, #4]", Class::Load},
    {0x5888, "ldr r0, [r1, r2]", Class::Load},
    {0x5688, "ldrsb r0, [r1, r2]", Class::Load},
    {0x6848, "ldr r0, [r1, #4]", Class::Load},
    {0x7848, "ldrb r0, [r1, #1]", Class::Load},
    {0x8848, "ldrh r0, [r1, #2]", Class::Load},
    {0x9801, "ldr r0, [sp, #4]", Class::Load},
    {0x5088, "str r0, [r1, r2]", Class::StoreRegisterOffset},
    {0x5288, "strh r0, [r1, r2]", Class::StoreRegisterOffset},
    {0x5488, "strb r0, [r1, r2]", Class::StoreRegisterOffset},
    {0x6048, "str r0, [r1, #4]", Class::Store},
    {0x7048, "strb r0, [r1, #1]", Class::Store},
    {0x8048, "strh r0, [r1, #2]", Class::Store},
    {0x9001, "str r0, [sp, #4]", Class::Store},
    {0xB510, "push {r4, lr}", Class::StoreMultiple},
    {0xC006, "stm r0!, {r1, r2}", Class::StoreMultiple},
    {0xBD10, "pop {r4, pc}", Class::LoadMultiple},
    {0xBC10, "pop {r4}", Class::LoadMultiple},
    {0xC806, "ldm r0!, {r1, r2}", Class::LoadMultiple},
    {0xD002, "beq #4", Class::Branch},
    {0xE002, "b #4", Class::Branch},
    {0xB110, "cbz r0, #4", Class::Branch},
    {0xB910, "cbnz r0, #4", Class::Branch},
    {0x4770, "bx lr", Class::BranchExchange},
    {0x4798, "blx r3", Class::BranchExchange},
    {0x468F, "mov pc, r1", Class::BranchExchange},
    {0xBEAB, "bkpt #171", Class::System},
    {0xDF00, "svc #0", Class::System},
    {0xB662, "cpsie i", Class::System},
    {0xDE00, "udf #0", Class::System},
    {0xEB0100C2, "add.w r0, r1, r2, lsl #3", Class::Alu},
    {0xF2412034, "movw r0, #4660", Class::Alu},
    {0xF2C12034, "movt r0, #4660", Class::Alu},
    {0xF2A10004, "subw r0, r1, #4", Class::Alu},
    {0xF5B07F7A, "cmp.w r0, #1000", Class::Alu},
    {0xF3C100C3, "ubfx r0, r1, #3, #4", Class::Alu},
    {0xF36100C6, "bfi r0, r1, #3, #4", Class::Alu},
    {0xF3010007, "ssat r0, #8, r1", Class::Alu},
    {0xFA2FF081, "sxtb16 r0, r1", Class::Alu},
    {0xFA21F082, "sxtab16 r0, r1, r2", Class::Alu},
    {0xEAC10002, "pkhbt r0, r1, r2", Class::Alu},
    {0xFAB1F081, "clz r0, r1", Class::Alu},
    {0xFA81F042, "uadd8 r0, r1, r2", Class::Alu},
    {0xFAA1F082, "sel r0, r1, r2", Class::Alu},
    {0xFA01F002, "lsl.w r0, r1, r2", Class::Alu},
    {0xF3AF8000, "nop.w", Class::Alu},
    {0xF890F004, "pld [r0, #4]", Class::Alu},
    {0xFB01F002, "mul r0, r1, r2", Class::Multiply},
    {0xFB013002, "mla r0, r1, r2, r3", Class::MultiplyAccumulate},
    {0xFB013012, "mls r0, r1, r2, r3", Class::MultiplyAccumulate},
    {0xFB820103, "smull r0, r1, r2, r3", Class::MultiplyLong},
    {0xFBA20103, "umull r0, r1, r2, r3", Class::MultiplyLong},
    {0xFBC20103, "smlal r0, r1, r2, r3", Class::MultiplyAccumulateLong},
    {0xFBE20103, "umlal r0, r1, r2, r3", Class::MultiplyAccumulateLong},
    {0xFBE20163, "umaal r0, r1, r2, r3", Class::MultiplyAccumulateLong},
    {0xFB213002, "smlad r0, r1, r2, r3", Class::DspMultiply},
    {0xFB21F002, "smuad r0, r1, r2", Class::DspMultiply},
    {0xFB113002, "smlabb r0, r1, r2, r3", Class::DspMultiply},
    {0xFB11F002, "smulbb r0, r1, r2", Class::DspMultiply},
    {0xFB313002, "smlawb r0, r1, r2, r3", Class::DspMultiply},
    {0xFB51F002, "smmul r0, r1, r2", Class::DspMultiply},
    {0xFB513012, "smmlar r0, r1, r2, r3", Class::DspMultiply},
    {0xFBC201C3, "smlald r0, r1, r2, r3", Class::DspMultiply},
    {0xFBC20183, "smlalbb r0, r1, r2, r3", Class::DspMultiply},
    {0xFB413002, "smlsd r0, r1, r2, r3", Class::DspMultiply},
    {0xFB713002, "usada8 r0, r1, r2, r3", Class::DspMultiply},
    {0xFB91F0F2, "sdiv r0, r1, r2", Class::Divide},
    {0xFBB1F0F2, "udiv r0, r1, r2", Class::Divide},
    {0xF8D10190, "ldr.w r0, [r1, #400]", Class::Load},
    {0xF8510022, "ldr.w r0, [r1, r2, lsl #2]", Class::Load},
    {0xF9110C04, "ldrsb.w r0, [r1, #-4]", Class::Load},
    {0xF8DF0190, "ldr.w r0, [pc, #400]", Class::Load},
    {0xE8510F00, "ldrex r0, [r1]", Class::Load},
    {0xF8D1F004, "ldr.w pc, [r1, #4]", Class::Load},
    {0xF8510B04, "ldr r0, [r1], #4", Class::LoadBaseUpdate},
    {0xF8510F04, "ldr r0, [r1, #4]!", Class::LoadBaseUpdate},
    {0xF9310B02, "ldrsh r0, [r1], #2", Class::LoadBaseUpdate},
    {0xE9D20102, "ldrd r0, r1, [r2, #8]", Class::LoadDual},
    {0xE8F20102, "ldrd r0, r1, [r2], #8", Class::LoadDual},
    {0xE8900106, "ldm.w r0, {r1, r2, r8}", Class::LoadMultiple},
    {0xE8BD8110, "pop.w {r4, r8, pc}", Class::LoadMultiple},
    {0xE9100006, "ldmdb r0, {r1, r2}", Class::LoadMultiple},
    {0xF8C10190, "str.w r0, [r1, #400]", Class::Store},
    {0xF8010C01, "strb.w r0, [r1, #-1]", Class::Store},
    {0xE8421000, "strex r0, r1, [r2]", Class::Store},
    {0xF8410022, "str.w r0, [r1, r2, lsl #2]", Class::StoreRegisterOffset},
    {0xF8410B04, "str r0, [r1], #4", Class::StoreBaseUpdate},
    {0xF8010F01, "strb r0, [r1, #1]!", Class::StoreBaseUpdate},
    {0xE9C20102, "strd r0, r1, [r2, #8]", Class::StoreDual},
    {0xE92D4110, "push.w {r4, r8, lr}", Class::StoreMultiple},
    {0xE8A00006, "stm.w r0!, {r1, r2}", Class::StoreMultiple},
    {0xF001B800, "b.w #4096", Class::Branch},
    {0xF0018000, "beq.w #4096", Class::Branch},
    {0xF001F800, "bl #4096", Class::BranchLink},
    {0xE8DFF000, "tbb [pc, r0]", Class::TableBranch},
    {0xE8DFF010, "tbh [pc, r0, lsl #1]", Class::TableBranch},
    {0xF3EF8010, "mrs r0, primask", Class::System},
    {0xF3808810, "msr primask, r0", Class::System},
    {0xF3BF8F4F, "dsb sy", Class::Barrier},
    {0xF3BF8F6F, "isb sy", Class::Barrier},
    {0xF3BF8F5F, "dmb sy", Class::Barrier},
    {0xEE300A81, "vadd.f32 s0, s1, s2", Class::FloatArithmetic},
    {0xEE300AC1, "vsub.f32 s0, s1, s2", Class::FloatArithmetic},
    {0xEE200A81, "vmul.f32 s0, s1, s2", Class::FloatArithmetic},
    {0xEE200AC1, "vnmul.f32 s0, s1, s2", Class::FloatArithmetic},
    {0xEEB40A60, "vcmp.f32 s0, s1", Class::FloatArithmetic},
    {0xEEB50A40, "vcmp.f32 s0, #0", Class::FloatArithmetic},
    {0xEEBD0AE0, "vcvt.s32.f32 s0, s1", Class::FloatArithmetic},
    {0xEEB80AE0, "vcvt.f32.s32 s0, s1", Class::FloatArithmetic},
    {0xEE310B02, "vadd.f64 d0, d1, d2", Class::FloatArithmetic},
    {0xEE000A81, "vmla.f32 s0, s1, s2", Class::FloatMultiplyAccumulate},
    {0xEE000AC1, "vmls.f32 s0, s1, s2", Class::FloatMultiplyAccumulate},
    {0xEE100AC1, "vnmla.f32 s0, s1, s2", Class::FloatMultiplyAccumulate},
    {0xEEA00A81, "vfma.f32 s0, s1, s2", Class::FloatMultiplyAccumulate},
    {0xEE900A81, "vfnms.f32 s0, s1, s2", Class::FloatMultiplyAccumulate},
    {0xEE800A81, "vdiv.f32 s0, s1, s2", Class::FloatDivide},
    {0xEEB10AE0, "vsqrt.f32 s0, s1", Class::FloatDivide},
    {0xEEB70A00, "vmov.f32 s0, #1.0", Class::FloatMove},
    {0xEEB00A60, "vmov.f32 s0, s1", Class::FloatMove},
    {0xEEB00AE0, "vabs.f32 s0, s1", Class::FloatMove},
    {0xEEB10A60, "vneg.f32 s0, s1", Class::FloatMove},
    {0xEE000A10, "vmov s0, r0", Class::FloatMove},
    {0xEE100A10, "vmov r0, s0", Class::FloatMove},
    {0xEEF1FA10, "vmrs APSR_nzcv, fpscr", Class::FloatMove},
    {0xEEE10A10, "vmsr fpscr, r0", Class::FloatMove},
    {0xEC510A11, "vmov r0, r1, s2, s3", Class::FloatMoveDual},
    {0xEC410B11, "vmov d1, r0, r1", Class::FloatMoveDual},
    {0xED910A01, "vldr s0, [r1, #4]", Class::FloatLoad},
    {0xED910B01, "vldr d0, [r1, #4]", Class::FloatLoad},
    {0xED810A01, "vstr s0, [r1, #4]", Class::FloatStore},
    {0xECB00A04, "vldmia r0!, {s0, s1, s2, s3}", Class::FloatLoadMultiple},
    {0xECBD8B04, "vpop {d8, d9}", Class::FloatLoadMultiple},
    {0xEC800A02, "vstmia r0, {s0, s1}", Class::FloatStoreMultiple},
    {0xED2D8B02, "vpush {d8}", Class::FloatStoreMultiple},
};

TEST(ThumbDecoderTest, classifies) {
  for (const ClassifiedEncoding &encoding : encodings)
    EXPECT_EQ(int(decode(encoding.opcode).cls), int(encoding.cls))
        << encoding.mnemonic;
}

TEST(ThumbDecoderTest, knowsTheWidthOfAnInstruction) {
  for (const ClassifiedEncoding &encoding : encodings) {
    bool isWide = encoding.opcode > 0xFFFF;
    uint16_t first = isWide ? encoding.opcode >> 16 : encoding.opcode;
    EXPECT_EQ(startsWideInstruction(first), isWide) << encoding.mnemonic;
    EXPECT_EQ(decode(encoding.opcode).sizeInBytes, isWide ? 4 : 2)
        << encoding.mnemonic;
  }
}

TEST(ThumbDecoderTest, countsRegisterLists) {
  EXPECT_EQ(decode(0xB510).transferCount, 2);     // push {r4, lr}
  EXPECT_EQ(decode(0xBD10).transferCount, 2);     // pop {r4, pc}
  EXPECT_EQ(decode(0xC806).transferCount, 2);     // ldm r0!, {r1, r2}
  EXPECT_EQ(decode(0xE8900106).transferCount, 3); // ldm.w r0, {r1, r2, r8}
  EXPECT_EQ(decode(0xED910A01).transferCount, 1); // vldr s0, [r1, #4]
  EXPECT_EQ(decode(0xED910B01).transferCount, 2); // vldr d0, [r1, #4]
  EXPECT_EQ(decode(0xECB00A04).transferCount, 4); // vldmia r0!, {s0 - s3}
  EXPECT_EQ(decode(0xECBD8B04).transferCount, 4); // vpop {d8, d9}
}

TEST(ThumbDecoderTest, knowsWhatWritesThePc) {
  struct {
    uint32_t opcode;
    bool writesPc, isConditional, isCall;
  } cases[] = {
      {0xBD10, true, false, false},      // pop {r4, pc}
      {0xBC10, false, false, false},     // pop {r4}
      {0xE8BD8110, true, false, false},  // pop.w {r4, r8, pc}
      {0xE8900106, false, false, false}, // ldm.w r0, {r1, r2, r8}
      {0xF8D1F004, true, false, false},  // ldr.w pc, [r1, #4]
      {0xD002, true, true, false},       // beq
      {0xB110, true, true, false},       // cbz
      {0xE002, true, false, false},      // b
      {0xF001F800, true, false, true},   // bl
      {0x4798, true, false, true},       // blx r3
      {0x4770, true, false, false},      // bx lr
      {0x468F, true, false, false},      // mov pc, r1
      {0x4688, false, false, false},     // mov r8, r1
      {0xE8DFF000, true, false, false},  // tbb [pc, r0]
      {0xF00FC005, true, true, false},   // le lr
      {0xF040E001, false, false, false}, // dls lr, r0
  };
  for (const auto &expected : cases) {
    timing::Instruction found = decode(expected.opcode);
    EXPECT_EQ(found.writesPc, expected.writesPc) << std::hex << expected.opcode;
    EXPECT_EQ(found.isConditional, expected.isConditional)
        << std::hex << expected.opcode;
    EXPECT_EQ(found.isCall, expected.isCall) << std::hex << expected.opcode;
  }
}

TEST(ThumbDecoderTest, findsAddressRegisters) {
  EXPECT_EQ(decode(0x5888).addressReads, 0b110);     // ldr r0, [r1, r2]
  EXPECT_EQ(decode(0x6848).addressReads, 0b10);      // ldr r0, [r1, #4]
  EXPECT_EQ(decode(0x9801).addressReads, 1 << 13);   // ldr r0, [sp, #4]
  EXPECT_EQ(decode(0x4801).addressReads, 0);         // ldr r0, [pc, #4]
  EXPECT_EQ(decode(0xF8510022).addressReads, 0b110); // [r1, r2, lsl #2]
  EXPECT_EQ(decode(0xE9D20102).addressReads, 0b100); // ldrd r0, r1, [r2, #8]
  EXPECT_EQ(decode(0xED910A01).addressReads, 0b10);  // vldr s0, [r1, #4]
}

TEST(ThumbDecoderTest, findsResults) {
  EXPECT_EQ(decode(0x1888).writes, 0b1);            // adds r0, r1, r2
  EXPECT_EQ(decode(0x2801).writes, 0);              // cmp r0, #1
  EXPECT_EQ(decode(0x4488).writes, 1 << 8);         // add r8, r1
  EXPECT_EQ(decode(0xFB820103).writes, 0b11);       // smull r0, r1, r2, r3
  EXPECT_EQ(decode(0xFB213002).writes, 0b1);        // smlad r0, r1, r2, r3
  EXPECT_EQ(decode(0xF8510B04).writes, 0b11);       // ldr r0, [r1], #4
  EXPECT_EQ(decode(0xEE300A81).floatWrites, 0b1u);  // vadd.f32 s0, s1, s2
  EXPECT_EQ(decode(0xEE300A81).floatReads, 0b110u); // the same
  EXPECT_EQ(decode(0xEEA00A81).floatReads, 0b110u); // vfma.f32 s0, s1, s2
  EXPECT_EQ(decode(0xEEA00A81).floatAddend, 0b1u);  // the same
  EXPECT_EQ(decode(0xEE310B02).floatWrites, 0b11u); // vadd.f64 d0, d1, d2
}

TEST(ThumbDecoderTest, measuresItBlocks) {
  EXPECT_EQ(conditionalInstructionsAfter(0xBF08), 1u); // it eq
  EXPECT_EQ(conditionalInstructionsAfter(0xBF04), 2u); // itt eq
  EXPECT_EQ(conditionalInstructionsAfter(0xBF0C), 2u); // ite eq
  EXPECT_EQ(conditionalInstructionsAfter(0xBF02), 3u); // ittt eq
  EXPECT_EQ(conditionalInstructionsAfter(0xBF01), 4u); // itttt eq
  EXPECT_EQ(conditionalInstructionsAfter(0xBF00), 0u); // nop
  EXPECT_EQ(conditionalInstructionsAfter(0x4608), 0u); // mov r0, r1
}

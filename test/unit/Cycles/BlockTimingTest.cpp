//===- BlockTimingTest.cpp - The rules of straight-line code ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expected cycles are counted by hand from the sources the tables name.
//
//===----------------------------------------------------------------------===//

#include "Encodings.h"

#include "thimble/TargetInfo/Timing/BlockTiming.h"

#include <gtest/gtest.h>

using namespace thimble;
using namespace thimble::cycles;
using Class = timing::InstructionClass;

static unsigned cyclesOn(const char *cpu,
                         std::initializer_list<uint32_t> opcodes) {
  return blockOf(*timing::lookupCpuTiming(cpu)->timing, opcodes).cycles;
}
static unsigned onM4(std::initializer_list<uint32_t> opcodes) {
  return cyclesOn("cortex-m4", opcodes);
}
static unsigned onM0Plus(std::initializer_list<uint32_t> opcodes) {
  return cyclesOn("cortex-m0plus", opcodes);
}

TEST(BlockTimingTest, everyCpuHasATable) {
  for (const timing::CpuTiming &entry : timing::cpuTimings) {
    auto found = timing::lookupCpuTiming(entry.cpu);
    ASSERT_TRUE(found) << entry.cpu;
    EXPECT_EQ(found->timing, entry.timing) << entry.cpu;
    for (size_t cls = 0; cls < timing::numInstructionClasses; ++cls)
      EXPECT_GT(entry.timing->classes[cls].cycles +
                    entry.timing->classes[cls].perRegister,
                0)
          << entry.cpu << " " << timing::instructionClassNames[cls];
  }
  EXPECT_FALSE(timing::lookupCpuTiming("cortex-a53"));
  EXPECT_FALSE(timing::lookupCpuTiming("cortex-m4")->isEstimate);
  EXPECT_TRUE(timing::lookupCpuTiming("cortex-m33")->isEstimate);
}

TEST(BlockTimingTest, m4TakesOneCycleForArithmetic) {
  // adds r0, r1, r2; muls r0, r1, r0; smlad r0, r1, r2, r3; smull; ssat
  EXPECT_EQ(onM4({0x1888, 0x4348, 0xFB213002, 0xFB820103, 0xF3010007}), 5u);
  EXPECT_EQ(onM4({0xFB92F0F3}), 7u); // sdiv r0, r2, r3
}

TEST(BlockTimingTest, m4PipelinesLoads) {
  EXPECT_EQ(onM4({0x6848}), 2u);                 // ldr r0, [r1, #4]
  EXPECT_EQ(onM4({0x6848, 0x688A}), 3u);         // ldr r2, [r1, #8]
  EXPECT_EQ(onM4({0x6848, 0x688A, 0x68CB}), 4u); // ldr r3, [r1, #12]
  EXPECT_EQ(onM4({0x6849, 0x688A}), 4u); // ldr r1, [r1, #4]; ldr r2, [r1, #8]
  EXPECT_EQ(onM4({0x6848, 0x5C0A}), 4u); // ldrb r2, [r1, r0]: r0 is the index
  EXPECT_EQ(onM4({0x6848, 0x1888, 0x688A}), 5u); // adds in between
}

TEST(BlockTimingTest, m4DoesNotPipelineLoadsWithBaseUpdate) {
  EXPECT_EQ(onM4({0xF8510B04, 0xF8512B04}), 4u); // ldr r0/r2, [r1], #4 twice
  EXPECT_EQ(onM4({0x6848, 0xF8532B04}), 4u);     // ldr r2, [r3], #4 behind ldr
  EXPECT_EQ(onM4({0xF8532B04, 0x6848}), 4u);     // and before it
}

TEST(BlockTimingTest, m4PipelinesOnlySingleTransfers) {
  EXPECT_EQ(onM4({0xE9D20102}), 3u);                 // ldrd
  EXPECT_EQ(onM4({0xE9D20102, 0x68D3}), 5u);         // ldr r3, [r2, #12]
  EXPECT_EQ(onM4({0x68D3, 0xE9D20102}), 5u);         // the other way round
  EXPECT_EQ(onM4({0xE8900106}), 4u);                 // ldm r0, {r1, r2, r8}
  EXPECT_EQ(onM4({0x6848, 0xED910A01, 0x688A}), 6u); // vldr between loads
}

TEST(BlockTimingTest, m4Stores) {
  EXPECT_EQ(onM4({0x6048}), 1u);         // str r0, [r1, #4]
  EXPECT_EQ(onM4({0x5088}), 2u);         // str r0, [r1, r2]
  EXPECT_EQ(onM4({0x6848, 0x5088}), 3u); // ldr r0, [r1, #4]; str r0, [r1, r2]
  EXPECT_EQ(onM4({0x6848, 0x6048}), 3u); // str with immediate has none to save
  EXPECT_EQ(onM4({0x6048, 0x6848}), 3u); // nothing is pipelined behind a store
  EXPECT_EQ(onM4({0x5088, 0x6848}), 4u);
  EXPECT_EQ(onM4({0xF8410B04}), 1u); // str r0, [r1], #4
  EXPECT_EQ(onM4({0xB510}), 3u);     // push {r4, lr}
  EXPECT_EQ(onM4({0xE9C20102}), 3u); // strd
}

TEST(BlockTimingTest, m4StallsOnAFreshAddress) {
  EXPECT_EQ(onM4({0x3104, 0x6848}), 4u); // adds r1, #4; ldr r0, [r1, #4]
  EXPECT_EQ(onM4({0x3204, 0x6848}), 3u); // adds r2, #4
  EXPECT_EQ(onM4({0x3104, 0x6048}), 3u); // str r0, [r1, #4]
  EXPECT_EQ(onM4({0x3004, 0x6048}), 2u); // the stored value is not an address
  EXPECT_EQ(onM4({0x3204, 0x5888}), 4u); // ldr r0, [r1, r2]: the index
  EXPECT_EQ(onM4({0xFB021103, 0x6848}), 4u);     // mla r1, r2, r3, r1
  EXPECT_EQ(onM4({0x3104, 0xED910A01}), 4u);     // vldr s0, [r1, #4]
  EXPECT_EQ(onM4({0x3104, 0x1888, 0x6848}), 4u); // not directly before
  // Conditions are no results: cmp r1, #4; ldr r0, [r1, #4].
  EXPECT_EQ(onM4({0x2904, 0x6848}), 3u);
}

TEST(BlockTimingTest, m4FloatingPoint) {
  EXPECT_EQ(onM4({0xEE300A81}), 1u);  // vadd.f32 s0, s1, s2
  EXPECT_EQ(onM4({0xEEA00A81}), 3u);  // vfma.f32 s0, s1, s2
  EXPECT_EQ(onM4({0xEE800A81}), 14u); // vdiv.f32 s0, s1, s2
  EXPECT_EQ(onM4({0xED910A01}), 2u);  // vldr s0
  EXPECT_EQ(onM4({0xED910B01}), 3u);  // vldr d0
  EXPECT_EQ(onM4({0xECB00A04}), 5u);  // vldmia r0!, {s0 - s3}
  EXPECT_EQ(onM4({0xEC510A11}), 2u);  // vmov r0, r1, s2, s3
}

TEST(BlockTimingTest, m4StallsOnAFreshFloat) {
  // vadd.f32 s0, s0, s1; vmul.f32 s3, s1, s2: independent
  EXPECT_EQ(onM4({0xEE300A20, 0xEE601A81}), 2u);
  // vmul.f32 s0, s1, s2; vadd.f32 s0, s0, s1
  EXPECT_EQ(onM4({0xEE200A81, 0xEE300A20}), 3u);
  // vmul.f32 s0, s1, s2; vstr s0, [r1, #4]
  EXPECT_EQ(onM4({0xEE200A81, 0xED810A01}), 4u);
  // vfma.f32 s0, s1, s2 twice: the addend is taken late
  EXPECT_EQ(onM4({0xEEA00A81, 0xEEA00A81}), 6u);
  // vldr s0, [r1, #4]; vadd.f32 s0, s0, s1: a load is no arithmetic
  EXPECT_EQ(onM4({0xED910A01, 0xEE300A20}), 3u);
}

TEST(BlockTimingTest, m3MultipliesSlower) {
  EXPECT_EQ(cyclesOn("cortex-m3", {0x4348}), 1u);     // muls r0, r1, r0
  EXPECT_EQ(cyclesOn("cortex-m3", {0xFB021103}), 2u); // mla r1, r2, r3, r1
  EXPECT_EQ(cyclesOn("cortex-m3", {0xFB820103}), 4u); // smull
  EXPECT_EQ(cyclesOn("cortex-m3", {0x6848, 0x688A}), 3u);
}

TEST(BlockTimingTest, m0PlusKnowsNoPipelining) {
  EXPECT_EQ(onM0Plus({0x1888, 0x4348}), 2u); // adds; muls
  EXPECT_EQ(onM0Plus({0x6848, 0x688A}), 4u); // ldr; ldr
  EXPECT_EQ(onM0Plus({0x3104, 0x6848}), 3u); // adds r1, #4; ldr r0, [r1, #4]
  EXPECT_EQ(onM0Plus({0x6048, 0x5088}), 4u); // str; str
  EXPECT_EQ(onM0Plus({0xC806, 0xB510}), 6u); // ldm r0!, {r1, r2}; push
}

TEST(BlockTimingTest, refills) {
  struct {
    uint32_t opcode;
    unsigned m4, m0Plus;
  } cases[] = {
      {0xD002, 2, 1},     // beq
      {0xE002, 2, 1},     // b
      {0xF001F800, 2, 2}, // bl: 1+P, 3
      {0x4770, 2, 1},     // bx lr
      {0x4798, 2, 1},     // blx r3
      {0xBD10, 2, 2},     // pop {r4, pc}: 1+N+P, 3+N
      {0xBC10, 0, 0},     // pop {r4}
  };
  for (const auto &expected : cases) {
    EXPECT_EQ(blockOf(timing::timingCortexM4, {expected.opcode}).refillCycles,
              expected.m4)
        << std::hex << expected.opcode;
    EXPECT_EQ(
        blockOf(timing::timingCortexM0Plus, {expected.opcode}).refillCycles,
        expected.m0Plus)
        << std::hex << expected.opcode;
  }
  // tbb [pc, r0] takes six cycles in all.
  Block table = blockOf(timing::timingCortexM4, {0xE8DFF000});
  EXPECT_EQ(table.cycles + table.refillCycles, 6u);
}

TEST(BlockTimingTest, m7IssuesTwo) {
  // adds r0, r1, r2; adds r3, r4, r5: independent, then dependent
  EXPECT_EQ(cyclesOn("cortex-m7", {0x1888, 0x1963}), 1u);
  EXPECT_EQ(cyclesOn("cortex-m7", {0x1888, 0x1803}), 2u); // adds r3, r0, r0
  // Two SMLAD want the one multiplier; a load goes beside one.
  EXPECT_EQ(cyclesOn("cortex-m7", {0xFB213002, 0xFB213002}), 2u);
  EXPECT_EQ(cyclesOn("cortex-m7", {0xFB213002, 0x68EC}), 1u);
  // A loaded value takes two cycles: ldr r0, [r1, #4]; adds r3, r0, r0.
  EXPECT_EQ(cyclesOn("cortex-m7", {0x6848, 0x1803}), 3u);
}

TEST(BlockTimingTest, m55OverlapsVectorUnits) {
  // vldrb.u8 q0, [r0], #16; vmladava.s8 r0, q2, q3
  EXPECT_EQ(cyclesOn("cortex-m55", {0xECB01E10, 0xEEF40F26}), 2u);
  // Two loads, then one more: each holds the port for two cycles.
  EXPECT_EQ(cyclesOn("cortex-m55", {0xECB01E10, 0xECB13E10}), 3u);
  EXPECT_EQ(cyclesOn("cortex-m55", {0xECB01E10, 0xECB13E10, 0xECB25E10}), 5u);
}

TEST(BlockTimingTest, registerListsAreIssuedWordByWord) {
  EXPECT_EQ(cyclesOn("cortex-m55", {0xB510}), 2u);         // push {r4, lr}
  EXPECT_EQ(cyclesOn("cortex-m55", {0xB510, 0x1888}), 3u); // adds r0, r1, r2
  EXPECT_EQ(cyclesOn("cortex-m7", {0xE8900106}), 3u); // ldm r0, {r1, r2, r8}
}

TEST(BlockTimingTest, aBlockKnowsItsEnd) {
  Block loop = blockOf(timing::timingCortexM4, {0x3801, 0xD1FD}); // subs; bne
  EXPECT_EQ(loop.instructionCount, 2u);
  EXPECT_EQ(loop.end, 0x1004u);
  EXPECT_TRUE(loop.endsInBranch);
  EXPECT_TRUE(loop.endsConditionally);
  EXPECT_EQ(loop.skippedCycles, 0u);
  Block call = blockOf(timing::timingCortexM4, {0xF001F800});
  EXPECT_TRUE(call.endsInCall);
  EXPECT_EQ(call.end, 0x1004u);
  Block cut = blockOf(timing::timingCortexM4, {0x3801});
  EXPECT_FALSE(cut.endsInBranch);
}

TEST(BlockTimingTest, anItBlockMakesAReturnConditional) {
  // it eq; popeq {r4, pc}: a failed condition costs one cycle.
  Block conditional = blockOf(timing::timingCortexM4, {0xBF08, 0xBD10});
  EXPECT_TRUE(conditional.endsConditionally);
  EXPECT_EQ(conditional.cycles, 4u);
  EXPECT_EQ(conditional.skippedCycles, 2u);
  Block plain = blockOf(timing::timingCortexM4, {0xBF00, 0xBD10});
  EXPECT_FALSE(plain.endsConditionally);
}

TEST(BlockTimingTest, anItBlockReachesOverACut) {
  BlockBuilder builder(timing::timingCortexM4);
  // itt eq; moveq r0, r1 | bxeq lr
  builder.build(0x13FC, assemble({0xBF04, 0x4608}));
  EXPECT_TRUE(builder.build(0x1400, assemble({0x4770})).endsConditionally);
  EXPECT_FALSE(builder.build(0x1402, assemble({0x4770})).endsConditionally);
}

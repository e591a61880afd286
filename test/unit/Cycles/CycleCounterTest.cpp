//===- CycleCounterTest.cpp - Booking cycles on layers ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks blocks by hand, as an emulator would execute them, on a Cortex-M4.
//
//===----------------------------------------------------------------------===//

#include "CycleCounter.h"
#include "Encodings.h"

#include <gtest/gtest.h>

#include <sstream>

using namespace thimble;
using namespace thimble::cycles;

namespace {

/// A program of blocks: caller at 0x100, invoke at 0x1000, layers at 0x2000
/// and 0x3000, a kernel that both call at 0x4000.
class CycleCounterTest : public testing::Test {
protected:
  static SymbolTable readSymbols() {
    std::istringstream file("I 1001 10 net_invoke\n"
                            "L 2001 10 net.conv\n"
                            "L 3001 10 net.add\n");
    SymbolTable table;
    std::string error;
    EXPECT_TRUE(table.read(file, error)) << error;
    return table;
  }

  Block &block(uint32_t start, std::initializer_list<uint32_t> opcodes) {
    blocks.push_back(
        std::make_unique<Block>(builder.build(start, assemble(opcodes))));
    blocks.back()->function = symbols.find(start);
    return *blocks.back();
  }
  void run(std::initializer_list<Block *> path) {
    for (Block *executed : path)
      counter->execute(*executed);
  }
  Count layer(size_t index) { return counter->functions()[index].count; }

  const timing::CoreTiming &core = timing::timingCortexM4;
  SymbolTable symbols = readSymbols();
  BlockBuilder builder{core};
  std::vector<std::unique_ptr<Block>> blocks;
  std::unique_ptr<CycleCounter> counter =
      std::make_unique<CycleCounter>(core, symbols);

  Block &caller = block(0x100, {0xF001F800});          // bl: 3
  Block &callerRest = block(0x104, {0x1888});          // adds, not counted
  Block &invoke = block(0x1000, {0xB510, 0xF001F800}); // push, bl: 3 + 3
  Block &invokeNext = block(0x1006, {0x4798});         // blx r3: 3
  Block &invokeEnd = block(0x1008, {0xBD10});          // pop {r4, pc}: 5
  // The same function without a second call.
  Block &invokeEarlyEnd = block(0x1006, {0xBD10}); // pop {r4, pc}: 5
  Block &convCalls = block(0x2000, {0xF001F800});  // bl: 3
  Block &convEnd = block(0x2004, {0x4770});        // bx lr: 3
  Block &add = block(0x3000, {0x1888, 0x4770});    // adds, bx lr: 4
  Block &kernel = block(0x4000, {0x4348, 0x4770}); // muls, bx lr: 4
};

} // namespace

TEST_F(CycleCounterTest, booksKernelsOnTheirLayer) {
  run({&caller, &invoke, &convCalls, &kernel, &convEnd, &invokeNext, &add,
       &invokeEnd, &callerRest});
  counter->finish();
  EXPECT_EQ(counter->invocations(), 1u);
  EXPECT_EQ(layer(1).instructions, 4u);
  EXPECT_EQ(layer(1).cycles, 3u + 4u + 3u);
  EXPECT_EQ(layer(2).instructions, 2u);
  EXPECT_EQ(layer(2).cycles, 4u);
  EXPECT_EQ(counter->rest().instructions, 4u);
  EXPECT_EQ(counter->rest().cycles, 3u + 3u + 3u + 5u);
  EXPECT_EQ(counter->total().instructions, 10u);
  EXPECT_EQ(counter->total().cycles, 28u);
}

TEST_F(CycleCounterTest, countsInvocationsAndTheirExtremes) {
  run({&caller, &invoke, &convCalls, &kernel, &convEnd, &invokeNext, &add,
       &invokeEnd, &callerRest});
  // The second invocation leaves the second layer out.
  run({&caller, &invoke, &convCalls, &kernel, &convEnd, &invokeEarlyEnd,
       &callerRest});
  counter->finish();
  EXPECT_EQ(counter->invocations(), 2u);
  EXPECT_EQ(counter->smallestInvocation().instructions, 7u);
  EXPECT_EQ(counter->largestInvocation().instructions, 10u);
  EXPECT_EQ(counter->largestInvocation().cycles, 28u);
  EXPECT_EQ(counter->smallestInvocation().cycles, 21u);
  EXPECT_EQ(counter->functions()[1].calls, 2u);
  EXPECT_EQ(counter->functions()[2].calls, 1u);
}

TEST_F(CycleCounterTest, countsNothingOutsideInvoke) {
  run({&caller, &callerRest, &callerRest, &kernel});
  // A layer's function called by someone else is not that layer's time.
  run({&caller, &add});
  counter->finish();
  EXPECT_EQ(counter->invocations(), 0u);
  EXPECT_EQ(counter->total().instructions, 0u);
  EXPECT_EQ(kernel.executions, 0u);
}

TEST_F(CycleCounterTest, aLoopToTheFirstInstructionIsNoCall) {
  Block &loop = block(0x2000, {0x3801, 0xD1FD}); // subs r0, #1; bne 0x2000
  Block &loopEnd = block(0x2004, {0x4770});
  run({&caller, &invoke, &loop, &loop, &loop, &loopEnd, &invokeEarlyEnd,
       &callerRest});
  EXPECT_EQ(counter->functions()[1].calls, 1u);
  // Two taken branches, one that falls through, the return.
  EXPECT_EQ(layer(1).cycles, 2u * 4u + 2u + 3u);
  EXPECT_EQ(loop.executions, 3u);
}

TEST_F(CycleCounterTest, aCallThroughAVeneerReturnsBehindTheCall) {
  Block &veneer = block(0x5000, {0xF8D1F004}); // ldr.w pc, [r1, #4]: 4
  run({&caller, &invoke, &veneer, &add, &invokeEarlyEnd, &callerRest});
  EXPECT_EQ(layer(2).instructions, 2u);
  EXPECT_EQ(counter->rest().cycles, 3u + 3u + 4u + 5u);
}

TEST_F(CycleCounterTest, aBlockCutByTheEmulatorCostsNothing) {
  // ldr r0, [r1, #4] | ldr r2, [r1, #8]; bx lr: pipelined over the cut.
  Block &before = block(0x3000, {0x6848});
  Block &after = block(0x3002, {0x688A, 0x4770});
  run({&caller, &invoke, &before, &after, &invokeEarlyEnd, &callerRest});
  EXPECT_EQ(layer(2).cycles, 2u + 1u + 3u);
}

TEST_F(CycleCounterTest, aSkippedReturnCostsOneCycle) {
  // it eq; popeq {r4, pc} | bx lr
  Block &skipped = block(0x3000, {0xBF08, 0xBD10});
  Block &end = block(0x3004, {0x4770});
  run({&caller, &invoke, &skipped, &end, &invokeEarlyEnd, &callerRest});
  EXPECT_EQ(layer(2).cycles, 1u + 1u + 3u);
}

TEST(CycleCounterWithoutSymbolsTest, countsTheWholeRun) {
  SymbolTable none;
  CycleCounter counter(timing::timingCortexM0Plus, none);
  Block loop = blockOf(timing::timingCortexM0Plus, {0x3801, 0xD1FD});
  counter.execute(loop);
  counter.execute(loop);
  counter.finish();
  EXPECT_EQ(counter.invocations(), 1u);
  EXPECT_EQ(counter.total().instructions, 4u);
  EXPECT_EQ(counter.total().cycles, 5u); // one branch taken
}

//===- CycleReportTest.cpp - The JSON of the cycle counter ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pins schema 1, because scripts read it.
//
//===----------------------------------------------------------------------===//

#include "CycleReport.h"
#include "Encodings.h"

#include <gtest/gtest.h>

#include <sstream>

using namespace thimble;
using namespace thimble::cycles;

TEST(CycleReportTest, writesSchema1) {
  std::istringstream file("I 1000 10 net_invoke\nL 2000 10 a \"b\"\n");
  SymbolTable symbols;
  std::string error;
  ASSERT_TRUE(symbols.read(file, error)) << error;
  CycleCounter counter(timing::timingCortexM4, symbols);
  Block invoke = blockOf(timing::timingCortexM4, {0xF001F800}, 0x1000);
  invoke.function = 0;
  counter.execute(invoke);
  counter.finish();

  ClassHistogram classes{};
  classes[size_t(timing::InstructionClass::BranchLink)] = 1;
  std::ostringstream out;
  writeReport(out, *timing::lookupCpuTiming("cortex-m33"), symbols, counter,
              classes);
  EXPECT_EQ(out.str(), R"({
  "schema": 1,
  "core": "cortex-m33",
  "estimate": true,
  "invocations": 1,
  "total": {"instructions": 1, "cycles": 1},
  "min": {"instructions": 1, "cycles": 1},
  "max": {"instructions": 1, "cycles": 1},
  "layers": [
    {"name": "a \"b\"", "calls": 0, "instructions": 0, "cycles": 0},
    {"name": "invoke", "calls": 1, "instructions": 1, "cycles": 1}
  ],
  "classes": {
    "branch-link": 1
  }
}
)");
}

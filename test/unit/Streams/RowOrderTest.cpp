//===- RowOrderTest.cpp - The order of a stream ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text, events and runs say the same.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/RowOrder.h"
#include "mlir/IR/Diagnostics.h"
#include "gtest/gtest.h"

#include <random>

using namespace mlir;
using namespace thimble;

namespace {

using Kind = RowEvent::Kind;

RowOrder parse(llvm::StringRef text) {
  FailureOr<RowOrder> order =
      RowOrder::parse(text, [] { return InFlightDiagnostic(); });
  EXPECT_TRUE(succeeded(order)) << text.str();
  return succeeded(order) ? *order : RowOrder();
}

TEST(RowOrder, ReadsAllEvents) {
  std::vector<RowEvent> expected = {{RowEvent::fedInput, Kind::InPlace},
                                    {0, Kind::InPlace},
                                    {RowEvent::fedInput, Kind::Step},
                                    {12, Kind::Step},
                                    {12, Kind::Step},
                                    {0, Kind::Hold},
                                    {12, Kind::Step},
                                    {12, Kind::Step},
                                    {0, Kind::Hold},
                                    {RowEvent::fedInput, Kind::Hold}};
  RowOrder order = parse("i! 0! i 2(2(12) 0+) i+");
  EXPECT_EQ(order.expand(), expected);
  EXPECT_EQ(order.str(), "i! 0! i 2(2(12) 0+) i+");
}

TEST(RowOrder, IgnoresSpaces) {
  EXPECT_EQ(parse("  0  3( 1   2! ) ").str(), "0 3(1 2!)");
  EXPECT_EQ(parse("").str(), "");
}

TEST(RowOrder, FoldsNestedRuns) {
  llvm::StringRef text = "0! 0 24(1 4(0 0+) 2) 1 2";
  EXPECT_EQ(RowOrder::fold(parse(text).expand()).str(), text);
}

TEST(RowOrder, FoldedOrdersAreTheSameEvents) {
  std::mt19937 random{5};
  for (int round = 0; round < 200; ++round) {
    std::vector<RowEvent> events;
    for (unsigned i = 0, count = random() % 80; i < count; ++i)
      events.push_back({int32_t(random() % (1 + round % 3)) - 1,
                        Kind(random() % (1 + round % 2))});
    RowOrder folded = RowOrder::fold(events);
    EXPECT_EQ(folded.expand(), events);
    EXPECT_EQ(parse(folded.str()).expand(), events);
  }
}

} // namespace

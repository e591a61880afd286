//===- RowModelTest.cpp - Tests of row_model.hpp ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binds a hand-written header whose model adds up all elements, and misuses it.
//
//===----------------------------------------------------------------------===//

#include "stripes.h"
#include "thimble_rt/row_model.hpp"

#include "gtest/gtest.h"

#include <type_traits>
#include <vector>

// The model: its output is the sum so far.
static int16_t *sum(void *arena) {
  return const_cast<int16_t *>(stripes_output_0(arena));
}
void stripes_begin(void *arena) { *sum(arena) = 0; }
void stripes_push_row(void *arena, const int8_t *row) {
  for (int i = 0; i < 4; ++i)
    *sum(arena) = static_cast<int16_t>(*sum(arena) + row[i]);
}
void stripes_finish(void *arena) {
  *sum(arena) = static_cast<int16_t>(*sum(arena) + *stripes_input_1(arena));
}

namespace {

using thimble::rt::RowMisuse;

std::vector<RowMisuse> misuses;
void report(RowMisuse misuse) { misuses.push_back(misuse); }

THIMBLE_ROW_MODEL(Stripes, stripes, STRIPES);
THIMBLE_CHECKED_ROW_MODEL(Checked, stripes, STRIPES, report);

const int8_t row[4] = {1, 2, 3, 4};

TEST(RowModel, HasConstants) {
  EXPECT_EQ(Stripes::rows, 3u);
  EXPECT_EQ(Stripes::rowElements, 4u);
  EXPECT_EQ(Stripes::Input<0>::count, 12u);
  EXPECT_EQ(Stripes::Input<0>::zeroPoint, -3);
  static_assert(std::is_same_v<Stripes::Input<0>::Element, int8_t>);
  static_assert(std::is_same_v<Stripes::Input<1>::Element, float>);
  static_assert(std::is_same_v<Stripes::Output<0>::Element, int16_t>);
}

TEST(RowModel, ComputesAndCountsNothing) {
  Stripes::Arena arena;
  Stripes stripes(arena);
  stripes.input<1>()[0] = 100;
  stripes.begin();
  for (uint32_t y = 0; y < Stripes::rows; ++y)
    stripes.pushRow(row);
  stripes.finish();
  EXPECT_EQ(stripes.output()[0], 130);
}

class CheckedRowModel : public testing::Test {
protected:
  void SetUp() override {
    misuses.clear();
    model.input<1>()[0] = 0;
  }
  void push(int count) {
    for (int i = 0; i < count; ++i)
      model.pushRow(row);
  }

  Checked::Arena arena;
  Checked model{arena};
};

TEST_F(CheckedRowModel, IsSilentWhenUsedWell) {
  for (int inference = 0; inference < 2; ++inference) {
    model.begin();
    push(3);
    model.finish();
    EXPECT_EQ(model.output()[0], 30);
  }
  EXPECT_TRUE(misuses.empty());
}

TEST_F(CheckedRowModel, FindsTooManyRows) {
  model.begin();
  push(4);
  EXPECT_EQ(misuses, std::vector<RowMisuse>{RowMisuse::tooManyRows});
  model.finish();
  EXPECT_EQ(model.output()[0], 30);
}

TEST_F(CheckedRowModel, FindsTooFewRows) {
  model.begin();
  push(2);
  model.finish();
  EXPECT_EQ(misuses, std::vector<RowMisuse>{RowMisuse::tooFewRows});
}

TEST_F(CheckedRowModel, FindsRowsOutsideOfAnInference) {
  push(1);
  model.begin();
  push(3);
  model.finish();
  push(1);
  model.finish();
  EXPECT_EQ(misuses, std::vector<RowMisuse>(3, RowMisuse::notBegun));
}

TEST_F(CheckedRowModel, BeginsAnew) {
  model.begin();
  push(2);
  model.begin();
  push(3);
  model.finish();
  EXPECT_TRUE(misuses.empty());
  EXPECT_EQ(model.output()[0], 30);
}

} // namespace

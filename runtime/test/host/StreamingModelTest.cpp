//===- StreamingModelTest.cpp - Tests of streaming_model.hpp ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binds a hand-written header whose model adds up the last six rows.
//
//===----------------------------------------------------------------------===//

#include "ripples.h"
#include "thimble_rt/streaming_model.hpp"

#include "gtest/gtest.h"

#include <cstring>

void ripples_reset(void *state) { std::memset(state, 1, 12); }
void ripples_invoke(void *arena, void *state) {
  auto *rows = static_cast<int8_t *>(state);
  std::memmove(rows, rows + 2, 10);
  std::memcpy(rows + 10, ripples_input_0(arena), 2);
  int8_t sum = 0;
  for (int i = 0; i < 12; ++i)
    sum = static_cast<int8_t>(sum + rows[i]);
  *const_cast<int8_t *>(ripples_output_0(arena)) = sum;
}

namespace {

THIMBLE_STREAMING_MODEL(Ripples, ripples, RIPPLES);

TEST(StreamingModel, HasConstants) {
  EXPECT_EQ(Ripples::stateBytes, 12u);
  EXPECT_EQ(sizeof(Ripples::State), 12u);
  EXPECT_EQ(alignof(Ripples::State), 4u);
  EXPECT_EQ(Ripples::Input<>::count, 2u);
}

TEST(StreamingModel, KeepsRowsUntilItIsReset) {
  Ripples::Arena arena;
  Ripples::State state;
  Ripples ripples(arena, state);
  auto push = [&](int8_t value) {
    ripples.input()[0] = value;
    ripples.input()[1] = value;
    ripples.invoke();
    return ripples.output()[0];
  };
  EXPECT_EQ(push(2), 14);
  std::memset(&arena, 0x55, sizeof(arena));
  EXPECT_EQ(push(3), 18);
  ripples.reset();
  EXPECT_EQ(push(1), 12);
}

TEST(StreamingModel, StreamsAreApart) {
  Ripples::Arena arena;
  Ripples::State first, second;
  Ripples one(arena, first), other(arena, second);
  one.input()[0] = 11;
  one.input()[1] = 1;
  one.invoke();
  other.input()[0] = 1;
  other.input()[1] = 1;
  other.invoke();
  EXPECT_EQ(other.output()[0], 12);
}

} // namespace

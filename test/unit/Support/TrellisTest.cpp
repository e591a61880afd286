//===- TrellisTest.cpp - Sequences of weights that follow the trellis -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine against its definition, written out once more.
//===----------------------------------------------------------------------===//

#include "thimble/Support/Trellis.h"

#include "gtest/gtest.h"

#include <random>
#include <set>
#include <vector>

using namespace thimble;

namespace {

TEST(TrellisTest, CodebooksAreMirrorImagesThatShareZero) {
  for (unsigned state = 0; state < Trellis::states; ++state) {
    int sign = state % 2 == 1 ? -1 : 1;
    for (int weight = -128; weight < 128; ++weight) {
      int u = sign * weight;
      bool isMember = (u >= 0 && u % 2 == 0 && u <= 126) ||
                      (u < 0 && u % 2 != 0 && u >= -127);
      std::optional<int8_t> index =
          Trellis::indexOf(state, static_cast<int8_t>(weight));
      ASSERT_EQ(index.has_value(), isMember) << state << ' ' << weight;
      if (!index)
        continue;
      EXPECT_EQ(*index, u >> 1);
      EXPECT_EQ(Trellis::weightOf(state, *index), weight);
    }
    EXPECT_EQ(Trellis::indexOf(state, 0), 0);
  }
}

TEST(TrellisTest, EveryIndexHasAWeight) {
  for (unsigned state = 0; state < Trellis::states; ++state)
    for (int index = Trellis::minIndex; index <= Trellis::maxIndex; ++index) {
      int8_t weight = Trellis::weightOf(state, static_cast<int8_t>(index));
      EXPECT_LE(std::abs(weight), Trellis::maxWeight);
      EXPECT_EQ(Trellis::indexOf(state, weight), index);
    }
}

TEST(TrellisTest, StatesFollowTheDefinition) {
  for (unsigned state = 0; state < Trellis::states; ++state)
    for (unsigned parity : {0u, 1u}) {
      bool z = state & 1, s1 = state & 2, s2 = state & 4;
      unsigned next = Trellis::next(state, parity);
      EXPECT_EQ(next & 1, unsigned(s2 != z));
      EXPECT_EQ(next >> 1 & 1, unsigned(z));
      EXPECT_EQ(next >> 2, unsigned(s1 != (parity == 1)));
    }
}

TEST(TrellisTest, EveryStateHasTwoSuccessorsAndTwoPredecessors) {
  std::multiset<unsigned> successors;
  for (unsigned state = 0; state < Trellis::states; ++state) {
    EXPECT_NE(Trellis::next(state, 0), Trellis::next(state, 1));
    successors.insert(Trellis::next(state, 0));
    successors.insert(Trellis::next(state, 1));
  }
  for (unsigned state = 0; state < Trellis::states; ++state)
    EXPECT_EQ(successors.count(state), 2u);
}

TEST(TrellisTest, RecordedSequence) {
  // By hand; the weights of odd states have the opposite signs.
  Trellis trellis;
  std::vector<int> weights, states;
  for (int8_t index : {1, 0, 0, 3, -1, -64, 63}) {
    weights.push_back(trellis.decode(index));
    states.push_back(int(trellis.state));
  }
  EXPECT_EQ(weights, (std::vector<int>{2, 0, 0, -6, 1, 127, -126}));
  EXPECT_EQ(states, (std::vector<int>{4, 1, 3, 3, 3, 7, 2}));
}

TEST(TrellisTest, RandomWalksComeBack) {
  std::mt19937 random(1);
  for (int walk = 0; walk < 200; ++walk) {
    Trellis encoder, decoder;
    for (int i = 0; i < 300; ++i) {
      auto index = static_cast<int8_t>(int(random() % 128) - 64);
      int8_t weight = decoder.decode(index);
      ASSERT_EQ(encoder.encode(weight), index);
      ASSERT_EQ(encoder.state, decoder.state);
    }
  }
}

TEST(TrellisTest, AWeightOfTheOtherCodebookIsNoStep) {
  Trellis trellis;
  ASSERT_TRUE(trellis.encode(2));
  unsigned state = trellis.state;
  EXPECT_FALSE(trellis.encode(1));
  EXPECT_FALSE(trellis.encode(-2));
  EXPECT_FALSE(trellis.encode(-128));
  EXPECT_EQ(trellis.state, state);
  EXPECT_TRUE(trellis.encode(4));
}

} // namespace

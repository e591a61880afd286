//===- TrellisTest.cpp - Weights that follow the trellis, stored ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What StackTest leaves to chance: tiles, lanes, the indices themselves, which
// weight is named in a refusal, and damage to every byte of a payload.
//
//===----------------------------------------------------------------------===//

#include "thimble/Support/Trellis.h"
#include "RandomWeights.h"
#include "mlir/IR/MLIRContext.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
class TrellisEncodingTest : public ::testing::Test {
protected:
  TrellisEncodingTest() { context.loadDialect<ThimbleDialect>(); }

  RankedTensorType type(int64_t channels, int64_t depth) {
    auto element = quant::UniformQuantizedType::get(
        quant::QuantizationFlags::Signed, IntegerType::get(&context, 8),
        Float32Type::get(&context), 0.5, 0, -128, 127);
    return RankedTensorType::get({channels, depth}, element);
  }
  FailureOr<EncodingAttr> specialize(StringRef text, RankedTensorType type,
                                     ArrayRef<uint8_t> weights,
                                     int64_t lanes = 1, int64_t tile = 0) {
    std::string error;
    FailureOr<EncodingStack> stack = parseEncodingStack(text, &context, error);
    EXPECT_TRUE(succeeded(stack)) << error;
    reason.clear();
    return EncodingAttr::specialize(*stack, /*axis=*/0, lanes, tile, type,
                                    weights, reason);
  }
  std::vector<uint8_t> follow(int64_t channels, int64_t depth) {
    return randomWeights(engine, WeightKind::Trellis, channels * depth, depth);
  }

  MLIRContext context;
  std::mt19937 engine{41};
  std::string reason;
};
} // namespace

TEST_F(TrellisEncodingTest, HoldsEveryTileAndLane) {
  for (int round = 0; round < 300; ++round) {
    int64_t channels = 4 + engine() % 9, depth = 1 + engine() % 40;
    int64_t lanes = engine() % 2 ? 4 : 1;
    int64_t tile = channels >= 8 && channels % 4 != 0 ? 0 : lanes;
    if (channels % lanes != 0)
      tile = 0;
    std::vector<uint8_t> weights = follow(channels, depth);
    for (const char *stack :
         {"trellis", "trellis,packed", "trellis,huffman", "trellis,tans"}) {
      FailureOr<EncodingAttr> encoding =
          specialize(stack, type(channels, depth), weights, lanes, tile);
      ASSERT_TRUE(succeeded(encoding) || StringRef(stack) == "trellis,packed")
          << stack << ": " << reason;
      if (failed(encoding))
        continue; // an index of seven bits
      FailureOr<std::vector<uint8_t>> decoded =
          encoding->decode(type(channels, depth),
                           encoding->encode(type(channels, depth), weights));
      ASSERT_TRUE(succeeded(decoded)) << stack;
      EXPECT_EQ(*decoded, weights);
    }
  }
}

TEST_F(TrellisEncodingTest, OuterSymbolsAreTheIndices) {
  std::vector<uint8_t> weights = follow(8, 7);
  for (int64_t lanes : {1, 4}) {
    FailureOr<EncodingAttr> encoding =
        specialize("trellis", type(8, 7), weights, lanes);
    ASSERT_TRUE(succeeded(encoding)) << reason;
    std::vector<SymbolLevel> levels = encoding->getSymbols(type(8, 7), weights);
    const SymbolChunk &indices = levels[1].chunks[0];
    std::vector<Trellis> machines(8);
    for (int64_t i = 0; i < 56; ++i) {
      int64_t channel = indices.geometry.channelOf(i);
      uint8_t weight = weights[channel * 7 + indices.geometry.depthOf(i)];
      EXPECT_EQ(machines[channel].encode(int8_t(weight)),
                int8_t(indices.symbols[i]));
    }
  }
}

TEST_F(TrellisEncodingTest, NamesTheFirstStrayWeight) {
  // Another parity is in no codebook of the state.
  std::vector<uint8_t> weights(6 * 5);
  weights[4 * 5 + 2] = 1;
  for (int64_t tile : {0, 2}) {
    EXPECT_TRUE(failed(specialize("trellis", type(6, 5), weights, 1, tile)));
    EXPECT_EQ(reason, "its weights do not follow the trellis, first 1 as "
                      "weight 2 of output channel 4");
  }
  weights[4 * 5 + 2] = 128;
  EXPECT_TRUE(failed(specialize("trellis", type(6, 5), weights)));
  weights[4 * 5 + 2] = 2;
  EXPECT_TRUE(succeeded(specialize("trellis", type(6, 5), weights)));
}

TEST_F(TrellisEncodingTest, RefusesOtherOrders) {
  std::vector<uint8_t> weights = follow(8, 6);
  EXPECT_TRUE(failed(specialize("trellis", type(8, 6), weights, 2)));
  EXPECT_EQ(reason, "the kernel interleaves 2 output channels");
  EXPECT_TRUE(failed(specialize("trellis<lanes = 4>", type(8, 6), weights)));
  EXPECT_EQ(reason, "the kernel interleaves 1 output channels");
  EXPECT_TRUE(failed(specialize("bitmap,trellis", type(8, 6), weights)));
  EXPECT_EQ(reason, "its symbols are no longer one for each weight");
}

TEST_F(TrellisEncodingTest, DamageIsDecodedOrRefused) {
  RankedTensorType shape = type(5, 9);
  std::vector<uint8_t> weights = follow(5, 9);
  for (const char *stack : {"trellis", "trellis,huffman", "trellis,tans"}) {
    FailureOr<EncodingAttr> encoding = specialize(stack, shape, weights);
    ASSERT_TRUE(succeeded(encoding)) << reason;
    std::vector<uint8_t> payload = encoding->encode(shape, weights);
    for (size_t i = 0; i < payload.size(); ++i)
      for (int bit = 0; bit < 8; ++bit) {
        std::vector<uint8_t> damaged = payload;
        damaged[i] ^= 1 << bit;
        FailureOr<std::vector<uint8_t>> decoded =
            encoding->decode(shape, damaged);
        if (failed(decoded))
          continue;
        // Whatever it is, it follows the trellis.
        EXPECT_EQ(decoded->size(), weights.size());
        EXPECT_TRUE(succeeded(specialize("trellis", shape, *decoded)));
      }
  }
}

TEST_F(TrellisEncodingTest, RefusesAnotherDepth) {
  RankedTensorType shape = type(4, 6);
  std::vector<uint8_t> weights = follow(4, 6);
  FailureOr<EncodingAttr> encoding = specialize("trellis", shape, weights);
  ASSERT_TRUE(succeeded(encoding)) << reason;
  std::vector<uint8_t> payload = encoding->encode(shape, weights);
  EXPECT_TRUE(succeeded(encoding->decode(shape, payload)));
  EXPECT_TRUE(failed(encoding->decode(type(6, 4), payload)));
}

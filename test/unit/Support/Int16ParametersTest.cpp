//===- Int16ParametersTest.cpp - What 16-bit kernels are prepared with ----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checksums are those of what TFLite Micro (tflite-micro 0.dev20261023182759)
// gives for the same inputs and parameters.
//===----------------------------------------------------------------------===//

#include "thimble/Support/Int16Parameters.h"

#include "gtest/gtest.h"

#include <cmath>
#include <functional>
#include <vector>

using namespace thimble;

namespace {

uint64_t checksum(llvm::ArrayRef<int16_t> numbers) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (int16_t number : numbers)
    hash = (hash ^ static_cast<uint16_t>(number)) * 0x100000001b3u;
  return hash;
}

/// The function's results for every int16, in order.
std::vector<int16_t> applyToAll(llvm::function_ref<int16_t(int16_t)> function) {
  std::vector<int16_t> results;
  for (int32_t x = -32768; x <= 32767; ++x)
    results.push_back(function(static_cast<int16_t>(x)));
  return results;
}

std::vector<int16_t> logisticOfAll(double scale) {
  SigmoidParameters p = *logisticInt16Parameters(scale, int16Fraction);
  return applyToAll([&](int16_t x) { return logisticInt16(p, x); });
}

std::vector<int16_t> tanhOfAll(double scale) {
  SigmoidParameters p = *tanhInt16Parameters(scale, int16Fraction);
  return applyToAll([&](int16_t x) { return tanhInt16(p, x); });
}

TEST(Int16ParametersTest, LogisticOfEveryNumberIsTheReference) {
  EXPECT_EQ(checksum(logisticOfAll(std::ldexp(1, -12))), 0xf3a13b4a69a7f18au);
  EXPECT_EQ(checksum(logisticOfAll(std::ldexp(1, -11))), 0x8f093595f4656988u);
  EXPECT_EQ(checksum(logisticOfAll(0.0003)), 0x070ae2156a9af6ecu);
}

TEST(Int16ParametersTest, TanhOfEveryNumberIsTheReference) {
  EXPECT_EQ(checksum(tanhOfAll(std::ldexp(1, -12))), 0xe95bed37f17c2702u);
  EXPECT_EQ(checksum(tanhOfAll(std::ldexp(1, -11))), 0xb1f6e40eea13c0f0u);
  EXPECT_EQ(checksum(tanhOfAll(0.0003)), 0x428e79a663107b5du);
}

/// The softmax of 64 rows of 33 numbers.
uint64_t softmaxChecksum(double scale, float beta) {
  constexpr int rows = 64, size = 33;
  std::vector<int16_t> results(rows * size);
  QuantizedMultiplier multiplier =
      *softmaxInt16Multiplier(scale, beta, int16Fraction);
  for (int row = 0; row < rows; ++row) {
    std::vector<int16_t> input;
    for (int i = row * size; i < (row + 1) * size; ++i)
      input.push_back(static_cast<int16_t>(i * 40503 % 65536 - 32768));
    softmaxInt16(multiplier, input,
                 llvm::MutableArrayRef(results).slice(row * size, size));
  }
  return checksum(results);
}

TEST(Int16ParametersTest, SoftmaxIsTheReference) {
  EXPECT_EQ(softmaxChecksum(0.0005, 1.0f), 0xefb09270ad7d20b2u);
  EXPECT_EQ(softmaxChecksum(0.00002, 2.0f), 0x5bf631da5ad56758u);
  EXPECT_EQ(softmaxChecksum(0.4, 1.0f), 0xe60d8059e451f4b5u);
}

TEST(Int16ParametersTest, TablesAreNearTheirFunctions) {
  for (int i = 0; i <= 512; ++i) {
    double exact = std::exp(10.0 * i / 512 - 10) * 32768;
    EXPECT_NEAR(expInt16Table()[i], exact, 2);
    EXPECT_NEAR(reciprocalInt16Table()[i], 32768 / (1 + i / 512.0), 2);
  }
  for (int i = 0; i < 256; ++i)
    EXPECT_NEAR(sigmoidTable()[i], 65536 / (1 + std::exp(-i / 24.0)), 1.5);
}

TEST(Int16ParametersTest, RefusesWhatTheReferenceDoes) {
  EXPECT_FALSE(softmaxInt16Multiplier(0.001, 1.0f, {1.0 / 256, -128}));
  EXPECT_FALSE(softmaxInt16Multiplier(3.0, 1.0f, int16Fraction));
  EXPECT_FALSE(logisticInt16Parameters(0.001, {1.0 / 16384, 0}));
  EXPECT_FALSE(logisticInt16Parameters(3.0, int16Fraction));
  EXPECT_FALSE(tanhInt16Parameters(1e-10, int16Fraction));
}

TEST(Int16ParametersTest, WideMultiplierHasSixteenBits) {
  // 0.75 * 2^-3, and a mantissa that would round up to 2^15.
  WideMultiplier plain = wideMultiplier({0x60000000, -3});
  EXPECT_EQ(plain.multiplier, 0x6000);
  EXPECT_EQ(plain.shift, 18);
  EXPECT_EQ(wideMultiplier({0x7FFFFFFF, 0}).multiplier, 0x7FFF);
}

TEST(Int16ParametersTest, AdditionShiftsLess) {
  TensorQuantization q{0.001, 0};
  auto sum = additionParameters(q, q, q, FusedActivation::None, int16Range);
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->leftShift, 15);
  EXPECT_EQ(sum->range.max, 32767);
  EXPECT_EQ(relu6Int16Bound(0.001), 6000);
  EXPECT_EQ(relu6Int16Bound(1e-9), 32767);
}

} // namespace

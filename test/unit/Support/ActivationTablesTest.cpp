//===- ActivationTablesTest.cpp - Unary int8 ops --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two kinds of test: every table is within a step of the real function, and a
// few tables have the checksum of what TFLite Micro (tflite-micro
// 0.dev20261023182759) produced for the same parameters.
//===----------------------------------------------------------------------===//

#include "thimble/Support/ActivationTables.h"

#include "gtest/gtest.h"

#include <cmath>
#include <functional>

using namespace thimble;

namespace {

uint64_t checksum(const ActivationTable &table) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (int8_t entry : table)
    hash = (hash ^ static_cast<uint8_t>(entry)) * 0x100000001b3u;
  return hash;
}

TEST(ActivationTablesTest, IndexIsTheInputPlus128) {
  ActivationTable table{};
  table[0] = 1;
  table[128] = 2;
  table[255] = 3;
  EXPECT_EQ(lookUp(table, -128), 1);
  EXPECT_EQ(lookUp(table, 0), 2);
  EXPECT_EQ(lookUp(table, 127), 3);
}

TEST(ActivationTablesTest, ExactlyTheReferenceTables) {
  EXPECT_EQ(checksum(logisticTable(0.05, 3, 1.0 / 256, -128)),
            0x062e109d76c40461u);
  EXPECT_EQ(checksum(tanhTable(0.03, -7, 1.0 / 128, 0)), 0xbc31f7708b7d4ac6u);
  EXPECT_EQ(checksum(hardSwishTable(0.07, -20, 0.04, -118)),
            0xd577c7380e7dc0fau);
  EXPECT_EQ(checksum(leakyReluTable(0.05, 10, 0.03, -90, 0.3f)),
            0xcca874130fa6db90u);
  EXPECT_EQ(checksum(leakyReluTable(0.05, 10, 0.03, -90, -0.25f)),
            0x9964266b7a216acdu);
  EXPECT_EQ(checksum(relu6Table(0.04, -100, 0.5, 7)), 0x58d9bbc7a0888e22u);
  EXPECT_EQ(checksum(requantizeTable(0.05, 5, 0.07, -9)), 0x2a7a991a86804db1u);
  EXPECT_EQ(checksum(eluTable(0.05, 5, 0.03, -90)), 0xa633bd16dd2a6681u);
}

TEST(ActivationTablesTest, ScalesAreDividedInDouble) {
  // These two differ from a float32 quotient in one entry each.
  EXPECT_EQ(checksum(reluTable(1.0, -108, 3.4033150672912598, -24)),
            0x4be0371296838d05u);
  EXPECT_EQ(
      checksum(hardSwishTable(0.0009765625, -45, 0.0030832230113446712, -107)),
      0x03de8f79ae72ab08u);
}

/// Compares with `real` in units of the output, allowing `tolerance` steps.
void expectNear(const ActivationTable &table, double inScale, int inZero,
                double outScale, int outZero, double tolerance,
                const std::function<double(double)> &real) {
  for (int x = -128; x <= 127; ++x) {
    double value = real(inScale * (x - inZero)) / outScale + outZero;
    value = std::min(std::max(value, -128.0), 127.0);
    ASSERT_NEAR(lookUp(table, x), value, tolerance) << "input " << x;
  }
}

TEST(ActivationTablesTest, NearTheRealFunctions) {
  for (double scale : {0.01, 0.05, 0.3}) {
    for (int zero : {-128, -5, 0, 60, 127}) {
      expectNear(logisticTable(scale, zero, 1.0 / 256, -128), scale, zero,
                 1.0 / 256, -128, 0.51,
                 [](double x) { return 1 / (1 + std::exp(-x)); });
      expectNear(tanhTable(scale, zero, 1.0 / 128, 0), scale, zero, 1.0 / 128,
                 0, 0.51, [](double x) { return std::tanh(x); });
      // The 16-bit arithmetic of hard-swish loses more.
      expectNear(hardSwishTable(scale, zero, scale, -100), scale, zero, scale,
                 -100, 1.01, [](double x) {
                   return x * std::min(6.0, std::max(0.0, x + 3)) / 6;
                 });
      expectNear(leakyReluTable(scale, zero, 0.04, 3, 0.1f), scale, zero, 0.04,
                 3, 1.01, [](double x) { return x > 0 ? x : 0.1 * x; });
      expectNear(reluTable(scale, zero, 0.04, -100), scale, zero, 0.04, -100,
                 1.01, [](double x) { return std::max(x, 0.0); });
      expectNear(requantizeTable(scale, zero, 0.04, 3), scale, zero, 0.04, 3,
                 1.01, [](double x) { return x; });
      expectNear(eluTable(scale, zero, 0.04, 3), scale, zero, 0.04, 3, 0.51,
                 [](double x) { return x < 0 ? std::expm1(x) : x; });
    }
  }
}

TEST(ActivationTablesTest, Relu6IgnoresTheOutputType) {
  ActivationTable table = relu6Table(0.04, -100, 0.5, 7);
  for (int x = -128; x <= 127; ++x)
    ASSERT_EQ(lookUp(table, x), std::min(std::max(x, -100), 50));
}

TEST(ActivationTablesTest, UnsupportedScales) {
  EXPECT_TRUE(isLogisticOrTanhSupported(0.05));
  EXPECT_FALSE(isLogisticOrTanhSupported(0.0));
  EXPECT_FALSE(isLogisticOrTanhSupported(16.5));
  EXPECT_FALSE(isLogisticOrTanhSupported(std::ldexp(1.0, -29)));
  EXPECT_TRUE(isHardSwishSupported(1.0, 0.01));
  EXPECT_FALSE(isHardSwishSupported(1.28, 0.01));
}

} // namespace

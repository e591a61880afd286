//===- WeightGeometryTest.cpp - Weights as matrices -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Geometries written out by hand for one op of each kind; moments written to an
// op and read back.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/WeightGeometry.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/InitAll.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;

namespace {
struct Parsed {
  explicit Parsed(StringRef body) {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    module = parseSourceString<ModuleOp>(
        ("func.func @m() {\n" + body + "\nreturn }").str(), &context);
    EXPECT_TRUE(module);
    if (module)
      module->walk([&](WeightedOp found) { op = found; });
  }
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  WeightedOp op;
};
} // namespace

TEST(WeightGeometry, OfConvolution) {
  Parsed ir(R"(
    %x = thimble.constant dense<1.0> : tensor<2x8x6x3xf32> : tensor<2x8x6x3xf32>
    %w = thimble.constant dense<1.0> : tensor<5x3x2x3xf32> : tensor<5x3x2x3xf32>
    %y = thimble.conv_2d %x, %w {strides = array<i64: 2, 1>,
        dilations = array<i64: 1, 2>, padding = array<i64: 0, 1, 1, 1>}
      : (tensor<2x8x6x3xf32>, tensor<5x3x2x3xf32>) -> tensor<2x4x6x5xf32>)");
  ASSERT_TRUE(ir.op);
  WeightGeometry g = WeightGeometry::of(ir.op);
  EXPECT_FALSE(g.isDepthwise);
  EXPECT_EQ(g.groups, 1);
  EXPECT_EQ(g.rows, 5);
  EXPECT_EQ(g.columns, 18);
  EXPECT_EQ(g.images, 2);
  EXPECT_EQ(g.patches.getColumns(), 18);
  EXPECT_EQ(g.patches.getRows(), 24);
  EXPECT_EQ(g.patches.strideHeight, 2);
  EXPECT_EQ(g.patches.dilationWidth, 2);
  EXPECT_EQ(g.patches.paddingTop, 0);
  EXPECT_EQ(g.patches.paddingLeft, 1);
  EXPECT_EQ(g.flatIndex(0, 4, 17), 89);
  EXPECT_EQ(g.flatIndex(0, 1, 2), 20);
}

TEST(WeightGeometry, OfDepthwiseConvolution) {
  Parsed ir(R"(
    %x = thimble.constant dense<1.0> : tensor<1x4x4x3xf32> : tensor<1x4x4x3xf32>
    %w = thimble.constant dense<1.0> : tensor<1x3x3x6xf32> : tensor<1x3x3x6xf32>
    %y = thimble.depthwise_conv_2d %x, %w {strides = array<i64: 1, 1>,
        dilations = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x4x3xf32>, tensor<1x3x3x6xf32>) -> tensor<1x4x4x6xf32>)");
  ASSERT_TRUE(ir.op);
  WeightGeometry g = WeightGeometry::of(ir.op);
  EXPECT_TRUE(g.isDepthwise);
  EXPECT_EQ(g.groups, 6);
  EXPECT_EQ(g.rows, 1);
  EXPECT_EQ(g.columns, 9);
  EXPECT_EQ(g.patches.channels, 3);
  EXPECT_EQ(g.inputChannel(0), 0);
  EXPECT_EQ(g.inputChannel(3), 1);
  EXPECT_EQ(g.inputChannel(5), 2);
  EXPECT_EQ(g.flatIndex(5, 0, 8), 53);
  EXPECT_EQ(g.flatIndex(2, 0, 1), 8);
}

TEST(WeightGeometry, OfFullyConnected) {
  Parsed ir(R"(
    %x = thimble.constant dense<1.0> : tensor<1x2x2x3xf32> : tensor<1x2x2x3xf32>
    %w = thimble.constant dense<1.0> : tensor<4x6xf32> : tensor<4x6xf32>
    %y = thimble.fully_connected %x, %w
      : (tensor<1x2x2x3xf32>, tensor<4x6xf32>) -> tensor<2x4xf32>)");
  ASSERT_TRUE(ir.op);
  WeightGeometry g = WeightGeometry::of(ir.op);
  EXPECT_FALSE(g.isDepthwise);
  EXPECT_EQ(g.rows, 4);
  EXPECT_EQ(g.columns, 6);
  EXPECT_EQ(g.images, 1);
  EXPECT_EQ(g.patches.getRows(), 2);
  EXPECT_EQ(g.patches.getColumns(), 6);
  EXPECT_EQ(g.flatIndex(0, 3, 5), 23);
}

TEST(Statistics, MomentsAndRangesAreReadBack) {
  Parsed ir(R"(
    %x = thimble.constant dense<1.0> : tensor<1x2x2x2xf32> : tensor<1x2x2x2xf32>
    %w = thimble.constant dense<1.0> : tensor<1x1x2x2xf32> : tensor<1x1x2x2xf32>
    %y = thimble.depthwise_conv_2d %x, %w {strides = array<i64: 1, 1>,
        dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
      : (tensor<1x2x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x2x1x2xf32>)");
  ASSERT_TRUE(ir.op);
  EXPECT_TRUE(getMoments(ir.op).empty());
  std::vector<Eigen::MatrixXd> moments(2, Eigen::MatrixXd(3, 3));
  moments[0] << 1, 2, 3, 2, 5, 6, 3, 6, 1;
  moments[1] << 4, 0, 7, 0, 8, 9, 7, 9, 1;
  setMoments(ir.op, moments);
  EXPECT_EQ(getMoments(ir.op), moments);
  // Those of another weight are none.
  ir.op->setAttr(
      momentsAttrName,
      DenseElementsAttr::get(
          RankedTensorType::get({3, 3}, Float32Type::get(&ir.context)), 1.0f));
  EXPECT_TRUE(getMoments(ir.op).empty());

  EXPECT_FALSE(getRange(ir.op->getResult(0)));
  setRange(ir.op->getResult(0), {-1.5f, 2.0f});
  ASSERT_TRUE(getRange(ir.op->getResult(0)));
  EXPECT_EQ(getRange(ir.op->getResult(0))->min, -1.5f);
  EXPECT_EQ(getRange(ir.op->getResult(0))->max, 2.0f);
  dropStatistics(*ir.module);
  EXPECT_FALSE(getRange(ir.op->getResult(0)));
  EXPECT_FALSE(ir.op->hasAttr(momentsAttrName));
}

//===- ConvolutionTest.cpp - Convolutions on scattered rows ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each shape stands for one way that a nest finds its taps; random shapes fill
// in between.
//
//===----------------------------------------------------------------------===//

#include "KernelCheck.h"
#include "ReferenceConvolution.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
struct Convolution {
  WindowShape shape;
  ConvolutionNumbers numbers;
  bool isFloat = false;
  bool hasBias = true;
  Bytes input, filter, bias;
  OpModel model;

  Convolution(const WindowShape &shape, bool isFloat, Random &random);
  void build(Random &random);
};
} // namespace

Convolution::Convolution(const WindowShape &shape, bool isFloat, Random &random)
    : shape(shape), isFloat(isFloat) {
  numbers.input = {0.05f, int32_t(random.oneOf({-128, 127, 0, -7, 33}))};
  // Most results stay within int8, some are clamped.
  double taps = shape.kernelH * shape.kernelW *
                (shape.depthwise ? 1 : double(shape.channels));
  numbers.output = {float(0.05 * std::sqrt(taps)),
                    int32_t(random.oneOf({-128, 127, 0, 11}))};
  for (int64_t c = 0; c < shape.outputChannels; ++c)
    numbers.weightScales.push_back(float(random.pick(1, 40) / 1024.0));
  numbers.activation = random.oneOf({Activation::None, Activation::Relu,
                                     Activation::Relu6, Activation::ReluN1To1});
  hasBias = random.pick(0, 3) != 0;
  build(random);
}

void Convolution::build(Random &random) {
  int32_t axis = shape.depthwise ? 3 : 0;
  auto in = isFloat ? model.f32(shape.inputShape())
                    : model.int8(shape.inputShape(), numbers.input.scale,
                                 numbers.input.zeroPoint);
  auto out = isFloat ? model.f32(shape.outputShape())
                     : model.int8(shape.outputShape(), numbers.output.scale,
                                  numbers.output.zeroPoint);
  auto filterType =
      isFloat ? model.f32(shape.filterShape())
              : model.weights(shape.filterShape(), numbers.weightScales, axis);
  auto biasType = isFloat ? model.f32({shape.outputChannels})
                          : model.i32({shape.outputChannels});
  input = random.elements(in);
  filter = random.elements(filterType);
  Value x = model.input(in), w = model.constant(filterType, filter), b;
  if (hasBias) {
    bias = random.elements(biasType);
    b = model.constant(biasType, bias);
  }
  Builder &a = model.builder;
  auto strides = a.getDenseI64ArrayAttr({shape.strideH, shape.strideW});
  auto dilations = a.getDenseI64ArrayAttr({shape.dilationH, shape.dilationW});
  auto padding = a.getDenseI64ArrayAttr(
      {shape.top, shape.bottom, shape.left, shape.right});
  auto activation =
      ActivationAttr::get(&model.getContext(), numbers.activation);
  Value y = shape.depthwise
                ? model.add<DepthwiseConv2DOp>(out, x, w, b, strides, dilations,
                                               padding, activation)
                : model.add<Conv2DOp>(out, x, w, b, strides, dilations, padding,
                                      activation);
  model.finish(y);
}

static void expectClose(const Convolution &c, const Bytes &result) {
  std::vector<double> expected =
      convolveFloat(c.shape, c.input, c.filter, c.bias);
  std::vector<float> found = floatsOf(result);
  ASSERT_EQ(found.size(), expected.size());
  auto [low, high] = activationRange(c.numbers.activation);
  // Each addition rounds.
  int64_t taps = c.shape.kernelH * c.shape.kernelW * c.shape.channels;
  double tolerance = 2e-5 * (1.0 + double(taps) / 256);
  for (size_t i = 0; i < found.size(); ++i) {
    double value = std::min<double>(std::max<double>(expected[i], low), high);
    ASSERT_NEAR(found[i], value, tolerance * std::max(1.0, std::abs(value)))
        << "element " << i;
  }
}

static void check(const WindowShape &shape, bool isFloat, unsigned seed) {
  Random random(seed);
  SCOPED_TRACE(shape.str() + (isFloat ? ", f32" : ", int8") + ", seed " +
               std::to_string(seed));
  Convolution c(shape, isFloat, random);
  Bytes result = checkKernels(c.model, {c.input});
  ASSERT_FALSE(result.empty());
  if (isFloat)
    return expectClose(c, result);
  EXPECT_EQ(result,
            convolveInt8(c.shape, c.numbers, c.input, c.filter, c.bias));
}

static void checkBoth(const WindowShape &shape, unsigned seed) {
  check(shape, /*isFloat=*/false, seed);
  check(shape, /*isFloat=*/true, seed);
}

static WindowShape image(int64_t height, int64_t width, int64_t channels,
                         int64_t outputChannels, int64_t kernel) {
  WindowShape shape;
  shape.height = height;
  shape.width = width;
  shape.channels = channels;
  shape.outputChannels = outputChannels;
  shape.kernelH = shape.kernelW = kernel;
  return shape;
}

/// The same size before and after a stride of 1.
static WindowShape same(WindowShape shape) {
  int64_t h = (shape.kernelH - 1) * shape.dilationH;
  int64_t w = (shape.kernelW - 1) * shape.dilationW;
  shape.top = h / 2;
  shape.bottom = h - h / 2;
  shape.left = w / 2;
  shape.right = w - w / 2;
  return shape;
}

TEST(Conv2DTest, Pointwise) {
  checkBoth(image(3, 5, 7, 9, 1), 1);
  checkBoth(image(1, 1, 16, 10, 1), 2);
  checkBoth(image(1, 1, 3, 1, 1), 3);
  checkBoth(image(2, 1, 8, 3, 1), 4);
}

TEST(Conv2DTest, PointwiseStrided) {
  WindowShape shape = image(5, 6, 4, 5, 1);
  shape.strideH = shape.strideW = 2;
  checkBoth(shape, 5);
}

TEST(Conv2DTest, Valid) {
  checkBoth(image(6, 7, 3, 4, 3), 6);
  checkBoth(image(5, 5, 1, 1, 5), 7);
}

TEST(Conv2DTest, SameWithRowCopies) {
  checkBoth(same(image(4, 5, 3, 8, 3)), 8);
  checkBoth(same(image(1, 1, 4, 4, 3)), 9);
  checkBoth(same(image(5, 4, 2, 3, 4)), 10);
}

TEST(Conv2DTest, SameWithTapTable) {
  checkBoth(same(image(3, 6, 160, 5, 3)), 11);
}

TEST(Conv2DTest, PaddedRowsOnly) {
  WindowShape shape = image(4, 6, 3, 4, 3);
  shape.top = shape.bottom = 1;
  checkBoth(shape, 12);
}

TEST(Conv2DTest, PaddedColumnsOnly) {
  WindowShape shape = image(4, 3, 3, 4, 3);
  shape.left = shape.right = 2;
  checkBoth(shape, 13);
}

TEST(Conv2DTest, PaddedBelowAndRightOnly) {
  WindowShape shape = image(6, 6, 3, 8, 3);
  shape.strideH = shape.strideW = 2;
  shape.bottom = shape.right = 1;
  checkBoth(shape, 14);
}

TEST(Conv2DTest, Dilated) {
  WindowShape shape = image(7, 8, 3, 5, 3);
  shape.dilationH = 2;
  shape.dilationW = 3;
  checkBoth(shape, 15);
  checkBoth(same(shape), 16);
}

TEST(Conv2DTest, Batches) {
  WindowShape shape = same(image(3, 4, 2, 8, 3));
  shape.batch = 3;
  checkBoth(shape, 17);
}

TEST(DepthwiseConv2DTest, ValidAndSame) {
  for (int64_t multiplier : {1, 2, 3}) {
    WindowShape shape = image(5, 6, 5, 5 * multiplier, 3);
    shape.depthwise = true;
    checkBoth(shape, 20 + multiplier);
    checkBoth(same(shape), 30 + multiplier);
  }
}

TEST(DepthwiseConv2DTest, OneInputChannel) {
  WindowShape shape = same(image(6, 5, 1, 8, 4));
  shape.depthwise = true;
  shape.strideH = shape.strideW = 2;
  checkBoth(shape, 40);
}

TEST(DepthwiseConv2DTest, StridedAndDilated) {
  WindowShape shape = image(9, 10, 16, 16, 3);
  shape.depthwise = true;
  shape.strideW = 2;
  shape.dilationH = 2;
  checkBoth(shape, 41);
  checkBoth(same(shape), 42);
  shape.batch = 2;
  checkBoth(same(shape), 43);
}

static WindowShape randomShape(Random &random) {
  WindowShape shape;
  shape.batch = random.oneOf<int64_t>({1, 1, 1, 2});
  shape.kernelH = random.pick(1, 4);
  shape.kernelW = random.pick(1, 4);
  shape.strideH = random.pick(1, 3);
  shape.strideW = random.pick(1, 3);
  shape.dilationH = random.oneOf<int64_t>({1, 1, 2});
  shape.dilationW = random.oneOf<int64_t>({1, 1, 2});
  int64_t spanH = (shape.kernelH - 1) * shape.dilationH;
  int64_t spanW = (shape.kernelW - 1) * shape.dilationW;
  shape.height = random.pick(1, 4) + spanH;
  shape.width = random.pick(1, 7) + spanW;
  shape.top = random.pick(0, spanH);
  shape.bottom = random.pick(0, spanH);
  shape.left = random.pick(0, spanW);
  shape.right = random.pick(0, spanW);
  shape.depthwise = random.pick(0, 1);
  shape.channels = random.oneOf<int64_t>({1, 2, 3, 4, 5, 8, 17, 32});
  shape.outputChannels =
      shape.depthwise ? shape.channels * random.pick(1, 3) : random.pick(1, 17);
  return shape;
}

TEST(Conv2DTest, RandomShapes) {
  Random random(2024);
  for (unsigned seed = 0; seed < 60 && !testing::Test::HasFailure(); ++seed)
    check(randomShape(random), /*isFloat=*/seed % 4 == 3, 100 + seed);
}

namespace {
/// A matrix product: a pointwise convolution of rows.
struct Product {
  int64_t rows, depth, outputs;
  bool isFloat;
};
} // namespace

static void check(const Product &p, unsigned seed) {
  Random random(seed);
  SCOPED_TRACE(std::to_string(p.rows) + "x" + std::to_string(p.depth) + " -> " +
               std::to_string(p.outputs));
  OpModel model;
  ConvolutionNumbers numbers;
  numbers.input = {0.1f, -5};
  numbers.output = {0.3f, 3};
  numbers.weightScales.assign(p.outputs, 0.01f);
  auto in = p.isFloat ? model.f32({p.rows, p.depth})
                      : model.int8({p.rows, p.depth}, 0.1, -5);
  auto out = p.isFloat ? model.f32({p.rows, p.outputs})
                       : model.int8({p.rows, p.outputs}, 0.3, 3);
  auto filterType =
      p.isFloat ? model.f32({p.outputs, p.depth})
                : model.weights({p.outputs, p.depth}, numbers.weightScales, 0);
  auto biasType = p.isFloat ? model.f32({p.outputs}) : model.i32({p.outputs});
  Bytes input = random.elements(in), filter = random.elements(filterType);
  Bytes bias = random.elements(biasType);
  Value x = model.input(in);
  Value w = model.constant(filterType, filter);
  Value b = model.constant(biasType, bias);
  model.finish(model.add<FullyConnectedOp>(
      out, x, w, b,
      ActivationAttr::get(&model.getContext(), Activation::None)));
  Bytes result = checkKernels(model, {input});
  ASSERT_FALSE(result.empty());
  WindowShape shape;
  shape.height = p.rows;
  shape.channels = p.depth;
  shape.outputChannels = p.outputs;
  if (!p.isFloat) {
    EXPECT_EQ(result, convolveInt8(shape, numbers, input, filter, bias));
    return;
  }
  std::vector<double> expected = convolveFloat(shape, input, filter, bias);
  for (auto [found, value] : llvm::zip_equal(floatsOf(result), expected))
    ASSERT_NEAR(found, value, 2e-5 * std::max(1.0, std::abs(value)));
}

TEST(FullyConnectedTest, RowsOfVectors) {
  for (bool isFloat : {false, true}) {
    check({1, 64, 10, isFloat}, 50);
    check({1, 7, 1, isFloat}, 51);
    check({3, 13, 9, isFloat}, 52);
    check({5, 1, 3, isFloat}, 53);
  }
}

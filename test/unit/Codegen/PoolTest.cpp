//===- PoolTest.cpp - Pools on scattered rows -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows with padding on every side, whose taps outside count for nothing.
//
//===----------------------------------------------------------------------===//

#include "KernelCheck.h"
#include "ReferenceConvolution.h"
#include "thimble/Support/QuantizedElements.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

static Bytes poolInt8(const WindowShape &shape, bool isMaximum,
                      ClampRange range, const Bytes &input) {
  Bytes result;
  shape.forEachOutput([&](int64_t n, int64_t y, int64_t x, int64_t c) {
    int32_t sum = 0, count = 0, greatest = -128;
    shape.forEachTap(n, y, x, c, [&](int64_t i, int64_t) {
      int32_t value = static_cast<int8_t>(input[i]);
      sum += value;
      ++count;
      greatest = std::max(greatest, value);
    });
    int32_t value = isMaximum
                        ? std::min(std::max(greatest, range.min), range.max)
                        : averagePoolInt8(sum, count, range);
    result.push_back(static_cast<uint8_t>(value));
  });
  return result;
}

static std::vector<double> poolFloat(const WindowShape &shape, bool isMaximum,
                                     const Bytes &input) {
  std::vector<float> elements = floatsOf(input);
  std::vector<double> result;
  shape.forEachOutput([&](int64_t n, int64_t y, int64_t x, int64_t c) {
    double sum = 0, count = 0, greatest = -INFINITY;
    shape.forEachTap(n, y, x, c, [&](int64_t i, int64_t) {
      sum += elements[i];
      count += 1;
      greatest = std::max<double>(greatest, elements[i]);
    });
    result.push_back(isMaximum ? greatest : sum / count);
  });
  return result;
}

static Value addPool(OpModel &model, const WindowShape &shape, bool isMaximum,
                     RankedTensorType in, RankedTensorType out,
                     Activation activation) {
  Builder &a = model.builder;
  auto size = a.getDenseI64ArrayAttr({shape.kernelH, shape.kernelW});
  auto strides = a.getDenseI64ArrayAttr({shape.strideH, shape.strideW});
  auto padding = a.getDenseI64ArrayAttr(
      {shape.top, shape.bottom, shape.left, shape.right});
  auto kind = ActivationAttr::get(&model.getContext(), activation);
  Value x = model.input(in);
  if (isMaximum)
    return model.add<MaxPool2DOp>(out, x, size, strides, padding, kind);
  return model.add<AveragePool2DOp>(out, x, size, strides, padding, kind);
}

static void check(const WindowShape &shape, bool isMaximum, unsigned seed) {
  SCOPED_TRACE(shape.str() + (isMaximum ? ", maximum" : ", average"));
  Random random(seed);
  TensorQuantization numbers{0.05f, 10};
  Activation activation = random.oneOf({Activation::None, Activation::Relu6});
  {
    OpModel model;
    auto in = model.int8(shape.inputShape(), 0.05, 10);
    auto out = model.int8(shape.outputShape(), 0.05, 10);
    Bytes input = random.elements(in);
    model.finish(addPool(model, shape, isMaximum, in, out, activation));
    ClampRange range = *clampRange(fusedActivation(activation), numbers);
    EXPECT_EQ(checkKernels(model, {input}),
              poolInt8(shape, isMaximum, range, input));
  }
  OpModel model;
  auto in = model.f32(shape.inputShape()), out = model.f32(shape.outputShape());
  Bytes input = random.elements(in);
  model.finish(addPool(model, shape, isMaximum, in, out, Activation::None));
  std::vector<float> found = floatsOf(checkKernels(model, {input}));
  std::vector<double> expected = poolFloat(shape, isMaximum, input);
  ASSERT_EQ(found.size(), expected.size());
  for (auto [x, y] : llvm::zip_equal(found, expected))
    EXPECT_NEAR(x, y, 1e-5);
}

static WindowShape window(int64_t height, int64_t width, int64_t channels,
                          int64_t kernel, int64_t stride) {
  WindowShape shape;
  shape.depthwise = true;
  shape.height = height;
  shape.width = width;
  shape.channels = shape.outputChannels = channels;
  shape.kernelH = shape.kernelW = kernel;
  shape.strideH = shape.strideW = stride;
  return shape;
}

TEST(PoolTest, Valid) {
  for (bool isMaximum : {false, true}) {
    check(window(4, 6, 3, 2, 2), isMaximum, 1);
    check(window(5, 5, 1, 5, 1), isMaximum, 2);
    check(window(1, 1, 9, 1, 1), isMaximum, 3);
  }
}

TEST(PoolTest, Padded) {
  for (bool isMaximum : {false, true}) {
    WindowShape shape = window(5, 4, 3, 3, 1);
    shape.top = shape.bottom = shape.left = shape.right = 1;
    check(shape, isMaximum, 4);
    shape.strideH = 2;
    shape.batch = 2;
    check(shape, isMaximum, 5);
  }
}

TEST(PoolTest, RandomShapes) {
  Random random(7);
  for (unsigned seed = 0; seed < 20 && !testing::Test::HasFailure(); ++seed) {
    WindowShape shape = window(random.pick(3, 6), random.pick(3, 7),
                               random.oneOf<int64_t>({1, 2, 5, 16}), 1, 1);
    shape.kernelH = random.pick(1, 3);
    shape.kernelW = random.pick(1, 3);
    shape.strideH = random.pick(1, 3);
    shape.strideW = random.pick(1, 3);
    shape.top = random.pick(0, shape.kernelH - 1);
    shape.bottom = random.pick(0, shape.kernelH - 1);
    shape.left = random.pick(0, shape.kernelW - 1);
    shape.right = random.pick(0, shape.kernelW - 1);
    check(shape, /*isMaximum=*/seed % 2, 100 + seed);
  }
}

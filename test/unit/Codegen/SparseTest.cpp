//===- SparseTest.cpp - Layers that skip blocks of zeros ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights of every pattern of zeros give what the definition gives, with the
// kernel that reads them where they are stored.
//
//===----------------------------------------------------------------------===//

#include "BlockWeights.h"
#include "KernelCheck.h"
#include "ReferenceConvolution.h"
#include "mlir/AsmParser/AsmParser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
/// A convolution, or a matrix product if it is one, with encoded weights.
struct SparseModel {
  SparseModel(Random &random, const WindowShape &shape, StringRef scheme,
              int64_t lanes, const Bytes &filter);
  ConvolutionNumbers numbers;
  OpModel model;
  Bytes input, bias;
  bool isEncoded = false;
};
} // namespace

/// The filter stored in a scheme; null if it cannot be.
static Value encodedFilter(OpModel &model, RankedTensorType type,
                           const Bytes &filter, StringRef scheme,
                           int64_t lanes) {
  std::string reason;
  Attribute wish = parseAttribute(scheme, &model.getContext());
  FailureOr<EncodingAttr> encoding = EncodingAttr::specialize(
      wish, /*axis=*/0, lanes, /*tile=*/0, type, filter, reason);
  if (failed(encoding))
    return {};
  std::vector<uint8_t> payload = encoding->encode(type, filter);
  auto value = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get({int64_t(payload.size())},
                            model.builder.getI8Type()),
      ArrayRef<char>(reinterpret_cast<const char *>(payload.data()),
                     payload.size()));
  return ConstantOp::create(
      model.builder, model.builder.getUnknownLoc(),
      RankedTensorType::get(type.getShape(), type.getElementType(), *encoding),
      value);
}

SparseModel::SparseModel(Random &random, const WindowShape &shape,
                         StringRef scheme, int64_t lanes, const Bytes &filter) {
  numbers.input = {0.05f, int32_t(random.oneOf({-128, 127, 0, -7, 33}))};
  double taps = double(shape.kernelH * shape.kernelW * shape.channels);
  numbers.output = {float(0.05 * std::sqrt(taps)), random.oneOf({-128, 11})};
  for (int64_t c = 0; c < shape.outputChannels; ++c)
    numbers.weightScales.push_back(float(random.pick(1, 40) / 1024.0));
  numbers.activation = random.oneOf({Activation::None, Activation::Relu});
  auto in = model.int8(shape.inputShape(), numbers.input.scale,
                       numbers.input.zeroPoint);
  auto out = model.int8(shape.outputShape(), numbers.output.scale,
                        numbers.output.zeroPoint);
  bool isProduct = shape.kernelH * shape.kernelW == 1 && shape.height == 1 &&
                   shape.width == 1;
  auto filterShape =
      isProduct ? SmallVector<int64_t>{shape.outputChannels, shape.channels}
                : shape.filterShape();
  auto filterType = model.weights(filterShape, numbers.weightScales, 0);
  auto biasType = model.i32({shape.outputChannels});
  input = random.elements(in);
  bias = random.elements(biasType);
  Value x = model.input(in);
  Value w = encodedFilter(model, filterType, filter, scheme, lanes);
  isEncoded = bool(w);
  if (!w)
    return;
  Value b = model.constant(biasType, bias);
  Builder &a = model.builder;
  auto clamp = ActivationAttr::get(&model.getContext(), numbers.activation);
  if (isProduct) {
    model.finish(model.add<FullyConnectedOp>(out, x, w, b, clamp));
    return;
  }
  model.finish(model.add<Conv2DOp>(
      out, x, w, b, a.getDenseI64ArrayAttr({shape.strideH, shape.strideW}),
      a.getDenseI64ArrayAttr({shape.dilationH, shape.dilationW}),
      a.getDenseI64ArrayAttr(
          {shape.top, shape.bottom, shape.left, shape.right}),
      clamp));
}

/// Whether a layer with such weights can be stored in the scheme.
static bool check(const WindowShape &shape, StringRef scheme,
                  SparseBlocks blocks, int64_t percent, unsigned seed,
                  int64_t lanes = 1) {
  SCOPED_TRACE(shape.str() + ", " + scheme.str() + ", seed " +
               std::to_string(seed));
  Random random(seed);
  Bytes filter = blockWeights(random, shape, blocks, percent);
  SparseModel m(random, shape, scheme, lanes, filter);
  if (!m.isEncoded)
    return false;
  Bytes result = checkKernels(m.model, {m.input});
  EXPECT_EQ(result, convolveInt8(shape, m.numbers, m.input, filter, m.bias));
  return true;
}

static WindowShape convolution(int64_t size, int64_t width, int64_t channels,
                               int64_t outputs, int64_t kernel) {
  WindowShape shape;
  shape.height = size;
  shape.width = width;
  shape.channels = channels;
  shape.outputChannels = outputs;
  shape.kernelH = shape.kernelW = kernel;
  shape.top = shape.bottom = shape.left = shape.right = kernel / 2;
  return shape;
}

TEST(SparseKernelTest, ZerosNoneSomeAndAll) {
  for (int64_t percent : {0, 50, 90, 100}) {
    EXPECT_TRUE(check(convolution(4, 5, 8, 8, 3), "#thimble.block<4x2>", {4, 2},
                      percent, 10));
    EXPECT_TRUE(check(convolution(3, 7, 12, 6, 1), "#thimble.block<2x4>",
                      {2, 4}, percent, 11));
    EXPECT_TRUE(check(convolution(1, 1, 64, 12, 1), "#thimble.block<4x4>",
                      {4, 4}, percent, 12));
    EXPECT_TRUE(check(convolution(3, 4, 5, 3, 3), "#thimble.bitmap", {1, 1},
                      percent, 13));
  }
}

TEST(SparseKernelTest, EveryWayToFindTaps) {
  WindowShape inside = convolution(5, 6, 4, 8, 3);
  inside.top = inside.bottom = inside.left = inside.right = 0;
  EXPECT_TRUE(check(inside, "#thimble.block<4x2>", {4, 2}, 50, 20));
  WindowShape table = convolution(3, 40, 24, 4, 3);
  EXPECT_TRUE(check(table, "#thimble.block<4x2>", {4, 2}, 60, 21));
  WindowShape dilated = convolution(6, 7, 4, 4, 3);
  dilated.dilationH = dilated.dilationW = 2;
  dilated.top = dilated.left = 2;
  EXPECT_TRUE(check(dilated, "#thimble.block<2x2>", {2, 2}, 60, 22));
  WindowShape wide = convolution(1, 9, 4, 4, 3);
  wide.kernelH = 1;
  wide.top = wide.bottom = wide.left = wide.right = 0;
  wide.dilationW = 2;
  EXPECT_TRUE(check(wide, "#thimble.block<2x2>", {2, 2}, 60, 23));
}

TEST(SparseKernelTest, DistancesBeyondAByteAreBridged) {
  EXPECT_TRUE(
      check(convolution(1, 1, 3001, 3, 1), "#thimble.bitmap", {1, 1}, 99, 30));
  EXPECT_TRUE(check(convolution(1, 3, 4096, 4, 1), "#thimble.block<4x2>",
                    {4, 2}, 99, 31));
}

TEST(SparseKernelTest, GroupsOfChannelsMayOverlap) {
  EXPECT_TRUE(check(convolution(3, 5, 4, 10, 3), "#thimble.block<4x2>", {4, 2},
                    50, 40, /*lanes=*/4));
  EXPECT_TRUE(check(convolution(2, 1, 6, 7, 1), "#thimble.block<4x2>", {4, 2},
                    50, 41, /*lanes=*/4));
}

TEST(SparseKernelTest, RandomShapes) {
  Random random(50);
  unsigned held = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    SparseBlocks blocks{random.pick(1, 8), random.pick(1, 4)};
    if (blocks.rows * blocks.columns == 1)
      blocks.columns = 2;
    WindowShape shape =
        convolution(random.pick(3, 6), random.pick(3, 9),
                    blocks.columns * random.pick(1, 5),
                    blocks.rows * random.pick(1, 3), random.oneOf({1, 2, 3}));
    shape.strideH = random.pick(1, 2);
    shape.strideW = random.pick(1, 2);
    std::string scheme = "#thimble.block<" + std::to_string(blocks.rows) + "x" +
                         std::to_string(blocks.columns) + ">";
    held += check(shape, scheme, blocks, random.pick(0, 100), seed);
  }
  EXPECT_GT(held, 30u);
}

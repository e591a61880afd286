//===- ExactPassesTest.cpp - Optimized models against plain ones ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same model at level 0, where every op is a layer, and at level 2, where
// the exact passes run: equal bytes, fewer layers.
//
//===----------------------------------------------------------------------===//

#include "CompiledModel.h"
#include "ReferenceConvolution.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

/// Runs the model at both levels; the optimized one has `layers` layers.
static void checkEqual(const OpModel &model, ArrayRef<Bytes> inputs,
                       size_t layers) {
  CompiledModel plain(model, "0"), optimized(model, "2");
  ASSERT_TRUE(plain.isValid() && optimized.isValid());
  EXPECT_EQ(optimized.run(inputs), plain.run(inputs));
  EXPECT_EQ(optimized.getLayers().size(), layers);
}

static Value addActivation(OpModel &model, Value x, Activation kind) {
  if (kind == Activation::Relu)
    return model.add<ReluOp>(x.getType(), x);
  return model.add<Relu6Op>(x.getType(), x);
}

static DenseI64ArrayAttr sizes(OpModel &model, ArrayRef<int64_t> values) {
  return model.builder.getDenseI64ArrayAttr(values);
}

static ActivationAttr fused(OpModel &model, Activation kind) {
  return ActivationAttr::get(&model.getContext(), kind);
}

/// A convolution of `x` with random weights to the type `out`.
static Value addConvolution(OpModel &model, const WindowShape &shape, Value x,
                            RankedTensorType out, Activation kind,
                            Random &random) {
  bool floating = isFloat(x);
  auto type =
      floating ? model.f32(shape.filterShape())
               : model.weights(shape.filterShape(),
                               SmallVector<double>(shape.outputChannels, 0.02),
                               shape.depthwise ? 3 : 0);
  Value w = model.constant(type, random.elements(type));
  auto strides = sizes(model, {shape.strideH, shape.strideW});
  auto dilations = sizes(model, {shape.dilationH, shape.dilationW});
  auto padding =
      sizes(model, {shape.top, shape.bottom, shape.left, shape.right});
  if (shape.depthwise)
    return model.add<DepthwiseConv2DOp>(out, x, w, Value(), strides, dilations,
                                        padding, fused(model, kind));
  return model.add<Conv2DOp>(out, x, w, Value(), strides, dilations, padding,
                             fused(model, kind));
}

namespace {
/// Types of one kind of numbers.
struct Numbers {
  bool floating;
  double scale;
  int64_t zeroPoint;

  RankedTensorType type(OpModel &model, ArrayRef<int64_t> shape) const {
    return floating ? model.f32(shape) : model.int8(shape, scale, zeroPoint);
  }
};
} // namespace

static const Numbers allNumbers[] = {{true, 0, 0},        {false, 0.05, 0},
                                     {false, 0.05, -128}, {false, 0.05, 127},
                                     {false, 0.02, -100}, {false, 3.0, 5}};

TEST(FuseActivationTest, ConvolutionsThenClamp) {
  Random random(1);
  for (const Numbers &numbers : allNumbers)
    for (Activation first :
         {Activation::None, Activation::Relu, Activation::Relu6})
      for (Activation second : {Activation::Relu, Activation::Relu6}) {
        WindowShape shape;
        shape.height = shape.width = 4;
        shape.channels = shape.outputChannels = 5;
        shape.kernelH = shape.kernelW = 2;
        shape.depthwise = random.pick(0, 1);
        OpModel model;
        auto in = numbers.type(model, shape.inputShape());
        Value y = addConvolution(model, shape, model.input(in),
                                 numbers.type(model, shape.outputShape()),
                                 first, random);
        model.finish(addActivation(model, y, second));
        checkEqual(model, {random.elements(in)}, 1);
      }
}

template <typename Op>
static void checkBinary(Random &random) {
  for (const Numbers &numbers : allNumbers)
    for (Activation kind : {Activation::Relu, Activation::Relu6}) {
      OpModel model;
      auto type = numbers.type(model, {3, 50});
      Value x = model.input(type), y = model.input(type);
      Value z = model.add<Op>(type, x, y, fused(model, Activation::None));
      model.finish(addActivation(model, z, kind));
      checkEqual(model, {random.elements(type), random.elements(type)}, 1);
    }
}

TEST(FuseActivationTest, ArithmeticThenClamp) {
  Random random(2);
  checkBinary<AddOp>(random);
  checkBinary<SubOp>(random);
}

TEST(FuseActivationTest, ProductThenClamp) {
  Random random(3);
  for (Activation kind : {Activation::Relu, Activation::Relu6}) {
    OpModel model;
    auto in = model.int8({3, 50}, 0.05, -3), out = model.int8({3, 50}, 0.1, 7);
    Value x = model.input(in), y = model.input(in);
    Value z = model.add<MulOp>(out, x, y, fused(model, Activation::None));
    model.finish(addActivation(model, z, kind));
    checkEqual(model, {random.elements(in), random.elements(in)}, 1);
  }
}

TEST(FuseActivationTest, PoolsThenClamp) {
  Random random(4);
  for (const Numbers &numbers : allNumbers)
    for (bool isMaximum : {false, true}) {
      OpModel model;
      auto in = numbers.type(model, {1, 4, 6, 3});
      auto out = numbers.type(model, {1, 2, 3, 3});
      auto two = sizes(model, {2, 2}), none = sizes(model, {0, 0, 0, 0});
      auto kind = fused(model, Activation::None);
      Value x = model.input(in);
      Value y = isMaximum
                    ? model.add<MaxPool2DOp>(out, x, two, two, none, kind)
                    : model.add<AveragePool2DOp>(out, x, two, two, none, kind);
      model.finish(addActivation(model, y, Activation::Relu6));
      checkEqual(model, {random.elements(in)}, 1);
    }
}

TEST(FuseActivationTest, OtherNumbersBehindTheClamp) {
  Random random(5);
  OpModel model;
  auto type = model.int8({40}, 0.05, 3), other = model.int8({40}, 0.02, -50);
  Value x = model.input(type);
  Value y = model.add<AddOp>(type, x, x, fused(model, Activation::None));
  model.finish(model.add<ReluOp>(other, y));
  checkEqual(model, {random.elements(type)}, 2);
}

static SmallVector<int64_t> padded(ArrayRef<int64_t> shape, int64_t top,
                                   int64_t bottom, int64_t left,
                                   int64_t right) {
  return {shape[0], shape[1] + top + bottom, shape[2] + left + right, shape[3]};
}

TEST(FoldPadTest, RandomPads) {
  Random random(6);
  for (unsigned i = 0; i < 40 && !testing::Test::HasFailure(); ++i) {
    const Numbers &numbers = allNumbers[i % std::size(allNumbers)];
    SmallVector<int64_t> image = {random.pick(1, 2), random.pick(1, 5),
                                  random.pick(1, 6), random.pick(1, 6)};
    int64_t top = random.pick(0, 4), bottom = random.pick(0, 4);
    int64_t left = random.pick(0, 5), right = random.pick(0, 5);
    SmallVector<int64_t> whole = padded(image, top, bottom, left, right);
    WindowShape shape;
    shape.batch = whole[0];
    shape.height = whole[1];
    shape.width = whole[2];
    shape.channels = whole[3];
    shape.depthwise = random.pick(0, 1);
    shape.outputChannels = shape.depthwise ? whole[3] : random.pick(1, 5);
    shape.kernelH = random.pick(1, std::min<int64_t>(whole[1], 3));
    shape.kernelW = random.pick(1, std::min<int64_t>(whole[2], 3));
    shape.strideH = random.pick(1, 2);
    shape.strideW = random.pick(1, 2);
    shape.right = random.pick(0, shape.kernelW - 1);
    SCOPED_TRACE(shape.str() + " of which padded " + std::to_string(top) + " " +
                 std::to_string(bottom) + " " + std::to_string(left) + " " +
                 std::to_string(right));
    OpModel model;
    auto in = numbers.type(model, image);
    Value x = model.add<PadOp>(numbers.type(model, whole), model.input(in),
                               sizes(model, {0, top, left, 0}),
                               sizes(model, {0, bottom, right, 0}));
    model.finish(addConvolution(model, shape, x,
                                numbers.type(model, shape.outputShape()),
                                Activation::None, random));
    checkEqual(model, {random.elements(in)}, 1);
  }
}

TEST(FoldPadTest, OtherNumbersBehindThePad) {
  Random random(7);
  OpModel model;
  WindowShape shape;
  shape.height = shape.width = 6;
  shape.kernelH = shape.kernelW = 3;
  auto in = model.int8({1, 4, 4, 1}, 0.05, 3);
  Value x =
      model.add<PadOp>(model.int8({1, 6, 6, 1}, 0.04, -20), model.input(in),
                       sizes(model, {0, 1, 1, 0}), sizes(model, {0, 1, 1, 0}));
  model.finish(addConvolution(model, shape, x, model.int8({1, 4, 4, 1}, 0.1, 0),
                              Activation::None, random));
  checkEqual(model, {random.elements(in)}, 2);
}

TEST(CanonicalizeTest, OpsThatMoveNothing) {
  Random random(8);
  OpModel model;
  auto type = model.int8({1, 6, 1, 4}, 0.05, 3);
  Value x = model.add<LeakyReluOp>(type, model.input(type),
                                   model.builder.getF32FloatAttr(0.1f));
  x = model.add<TransposeOp>(model.int8({6, 1, 4, 1}, 0.05, 3), x,
                             sizes(model, {1, 0, 3, 2}));
  x = model.add<ReshapeOp>(model.int8({4, 6}, 0.05, 3), x);
  x = model.add<QuantizeOp>(x.getType(), x);
  model.finish(model.add<TanhOp>(model.int8({4, 6}, 1.0 / 128, 0), x));
  checkEqual(model, {random.elements(type)}, 3);
}

//===- StreamTest.cpp - Networks computed row by row ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random networks, in random streams, against the same layers called one after
// the other on whole tensors.
//
//===----------------------------------------------------------------------===//

#include "CompiledModel.h"
#include "RandomStream.h"
#include "ReferenceConvolution.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
/// A network of int8 images: convolutions, pools, additions of what went
/// before; at its end perhaps one pixel and a vector.
class RandomNetwork {
public:
  explicit RandomNetwork(unsigned seed);

  OpModel model;
  Random random;
  std::vector<Bytes> inputs;

private:
  RankedTensorType typeOf(ArrayRef<int64_t> shape) {
    return model.int8(shape, 0.05, zeroPoint);
  }
  WindowShape windowOver(Value x, bool isPool);
  Value addConvolution(Value x, WindowShape shape);
  Value addPool(Value x, const WindowShape &shape, bool isMaximum);
  Value addLayer(Value x);
  Value addEnd(Value x);
  Value addVector(Value x);

  int64_t zeroPoint;
  std::vector<Value> images;
};
} // namespace

RandomNetwork::RandomNetwork(unsigned seed)
    : random(seed), zeroPoint(random.pick(-20, 20)) {
  SmallVector<int64_t> shape = {1, random.pick(1, 12), random.pick(1, 7),
                                random.oneOf({1, 3, 4, 5})};
  images.push_back(model.input(typeOf(shape)));
  inputs.push_back(random.elements(typeOf(shape)));
  for (int64_t layers = random.pick(1, 6); layers > 0; --layers)
    images.push_back(addLayer(images.back()));
  SmallVector<Value> results = {addEnd(images.back())};
  if (images.size() > 2 && random.pick(0, 3) == 0)
    results.push_back(images[images.size() - 2]);
  model.finish(results);
}

WindowShape RandomNetwork::windowOver(Value x, bool isPool) {
  RankedTensorType type = tensorType(x);
  WindowShape s;
  s.height = type.getDimSize(1);
  s.width = type.getDimSize(2);
  s.channels = s.outputChannels = type.getDimSize(3);
  s.kernelH = std::min<int64_t>(random.pick(1, 4), s.height);
  s.kernelW = std::min<int64_t>(random.pick(1, 3), s.width);
  s.strideH = random.pick(1, 2);
  s.strideW = random.pick(1, 2);
  if (!isPool && s.kernelH * 2 <= s.height && random.pick(0, 3) == 0)
    s.dilationH = 2;
  int64_t most = isPool ? s.kernelH - 1 : (s.kernelH - 1) * s.dilationH;
  s.top = random.pick(0, most);
  s.bottom = random.pick(0, most);
  s.left = random.pick(0, s.kernelW - 1);
  s.right = random.pick(0, s.kernelW - 1);
  return s;
}

Value RandomNetwork::addConvolution(Value x, WindowShape shape) {
  SmallVector<double> scales;
  for (int64_t c = 0; c < shape.outputChannels; ++c)
    scales.push_back(double(random.pick(1, 40)) / 1024.0);
  auto filterType =
      model.weights(shape.filterShape(), scales, shape.depthwise ? 3 : 0);
  auto biasType = model.i32({shape.outputChannels});
  Value w = model.constant(filterType, random.elements(filterType));
  Value b = model.constant(biasType, random.elements(biasType));
  Builder &a = model.builder;
  auto out = typeOf(shape.outputShape());
  auto strides = a.getDenseI64ArrayAttr({shape.strideH, shape.strideW});
  auto dilations = a.getDenseI64ArrayAttr({shape.dilationH, shape.dilationW});
  auto padding = a.getDenseI64ArrayAttr(
      {shape.top, shape.bottom, shape.left, shape.right});
  auto none = ActivationAttr::get(&model.getContext(), Activation::None);
  if (shape.depthwise)
    return model.add<DepthwiseConv2DOp>(out, x, w, b, strides, dilations,
                                        padding, none);
  return model.add<Conv2DOp>(out, x, w, b, strides, dilations, padding, none);
}

Value RandomNetwork::addPool(Value x, const WindowShape &shape,
                             bool isMaximum) {
  Builder &a = model.builder;
  auto out = typeOf(shape.outputShape());
  auto size = a.getDenseI64ArrayAttr({shape.kernelH, shape.kernelW});
  auto strides = a.getDenseI64ArrayAttr({shape.strideH, shape.strideW});
  auto padding = a.getDenseI64ArrayAttr(
      {shape.top, shape.bottom, shape.left, shape.right});
  auto none = ActivationAttr::get(&model.getContext(), Activation::None);
  if (isMaximum)
    return model.add<MaxPool2DOp>(out, x, size, strides, padding, none);
  return model.add<AveragePool2DOp>(out, x, size, strides, padding, none);
}

Value RandomNetwork::addLayer(Value x) {
  int64_t kind = random.pick(0, 9);
  SmallVector<Value> like;
  for (Value image : images)
    if (image.getType() == x.getType())
      like.push_back(image);
  if (kind < 2) {
    auto none = ActivationAttr::get(&model.getContext(), Activation::None);
    return model.add<AddOp>(tensorType(x), x,
                            like[random.pick(0, like.size() - 1)], none);
  }
  if (kind < 4)
    return addPool(x, windowOver(x, /*isPool=*/true), kind == 2);
  WindowShape shape = windowOver(x, /*isPool=*/false);
  if (kind < 6) { // pointwise
    shape.kernelH = shape.kernelW = shape.dilationH = shape.strideW = 1;
    shape.top = shape.bottom = shape.left = shape.right = 0;
  }
  shape.depthwise = kind > 7;
  shape.outputChannels = shape.depthwise
                             ? shape.channels * random.oneOf({1, 1, 2})
                             : random.oneOf({2, 4, 8});
  return addConvolution(x, shape);
}

/// What reads all rows.
Value RandomNetwork::addEnd(Value x) {
  WindowShape shape;
  RankedTensorType type = tensorType(x);
  shape.height = shape.kernelH = type.getDimSize(1);
  shape.width = shape.kernelW = type.getDimSize(2);
  shape.channels = shape.outputChannels = type.getDimSize(3);
  int64_t channels = shape.channels;
  switch (random.pick(0, 4)) {
  case 0:
    return x;
  case 1:
    return addVector(addPool(x, shape, /*isMaximum=*/false));
  case 2:
    if (shape.width > 1 && random.pick(0, 1))
      shape.kernelW = 1; // one row of several pixels
    shape.depthwise = true;
    return addConvolution(x, shape);
  case 3:
    return model.add<MeanOp>(typeOf({1, channels}), x,
                             model.builder.getDenseI64ArrayAttr({1, 2}));
  default:
    return addVector(x);
  }
}

Value RandomNetwork::addVector(Value x) {
  return model.add<ReshapeOp>(typeOf({1, tensorType(x).getNumElements()}), x);
}

static void check(unsigned seed, bool isFed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomNetwork network(seed);
  CompiledModel whole(network.model, "2");
  ASSERT_TRUE(whole.isValid());
  std::vector<Bytes> expected = whole.run(network.inputs);
  for (int round = 0; round < 2; ++round) {
    std::string plan;
    CompiledModel streamed(
        network.model, "2", [&](func::FuncOp model, const TargetInfo &target) {
          planRandomStream(model, network.random, isFed, target);
          llvm::raw_string_ostream(plan) << model;
        });
    ASSERT_TRUE(streamed.isValid()) << plan;
    ASSERT_EQ(streamed.run(network.inputs), expected) << plan;
  }
}

TEST(Stream, ComputesWhatWholeTensorsDo) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    check(seed, /*isFed=*/false);
    if (HasFatalFailure())
      return;
  }
}

TEST(Stream, IsFedRowByRow) {
  for (unsigned seed = 1000; seed < 1030; ++seed) {
    check(seed, /*isFed=*/true);
    if (HasFatalFailure())
      return;
  }
}

//===- EncodingTest.cpp - Layers that decode their weights ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The code of every decoder, run on the host: a layer with encoded weights
// computes what it computes with the same weights stored as they are.
//
//===----------------------------------------------------------------------===//

#include "../Encodings/RandomWeights.h"
#include "CompiledModel.h"
#include "ReferenceConvolution.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
/// One convolution, depthwise convolution or matrix product.
struct WeightedModel {
  explicit WeightedModel(std::mt19937 &engine, WeightKind kind);
  OpModel model;
  Bytes input;
};
} // namespace

WeightedModel::WeightedModel(std::mt19937 &engine, WeightKind kind) {
  Random random(engine());
  WindowShape shape;
  shape.height = random.pick(1, 4);
  shape.width = random.pick(1, 5);
  shape.channels = random.pick(1, 12);
  shape.outputChannels = random.pick(1, 40);
  shape.depthwise = random.pick(0, 3) == 0;
  if (shape.depthwise)
    shape.outputChannels = shape.channels * random.pick(1, 3);
  if (random.pick(0, 1)) {
    shape.kernelH = shape.kernelW = 3;
    shape.top = shape.bottom = shape.left = shape.right = 1;
  } else if (!shape.depthwise && random.pick(0, 1)) {
    shape.channels = random.pick(30, 200); // rows worth unrolling
  }
  SmallVector<double> scales(shape.outputChannels, 0.01);
  auto in = model.int8(shape.inputShape(), 0.1, -5);
  auto out = model.int8(shape.outputShape(), 0.4, 3);
  auto filterType =
      model.weights(shape.filterShape(), scales, shape.depthwise ? 3 : 0);
  auto biasType = model.i32({shape.outputChannels});
  input = random.elements(in);
  int64_t row = shape.depthwise
                    ? shape.outputChannels
                    : shape.channels * shape.kernelH * shape.kernelW;
  Value x = model.input(in);
  Value w = model.constant(
      filterType,
      randomWeights(engine, kind, filterType.getNumElements(), row));
  Value b = model.constant(biasType, random.elements(biasType));
  Builder &a = model.builder;
  auto ones = a.getDenseI64ArrayAttr({1, 1});
  auto padding = a.getDenseI64ArrayAttr(
      {shape.top, shape.bottom, shape.left, shape.right});
  auto none = ActivationAttr::get(&model.getContext(), Activation::None);
  model.finish(shape.depthwise ? model.add<DepthwiseConv2DOp>(
                                     out, x, w, b, ones, ones, padding, none)
                               : model.add<Conv2DOp>(out, x, w, b, ones, ones,
                                                     padding, none));
}

/// True if the weights were encoded.
static bool check(std::mt19937 &engine, WeightKind kind, StringRef stack) {
  SCOPED_TRACE(stack.str() + ", kind " + std::to_string(int(kind)));
  WeightedModel m(engine, kind);
  CompiledModel dense(m.model, "0"), encoded(m.model, "0", nullptr, stack);
  if (!dense.isValid() || !encoded.isValid())
    return true;
  EXPECT_EQ(dense.run({m.input}), encoded.run({m.input})) << stack.str();
  return encoded.getLayers()[0].decodesWeights;
}

TEST(EncodingTest, EverySchemeDecodesOnTheHost) {
  std::mt19937 engine(31);
  for (StringRef name : encodingSchemeNames()) {
    unsigned held = 0;
    // Few shapes suit some schemes: then more are drawn.
    for (int round = 0;
         round < 2 * weightKinds || (held <= 1 && round < 6 * weightKinds);
         ++round)
      held += check(engine, WeightKind(round % weightKinds), name);
    EXPECT_GT(held, 1u) << name.str();
  }
}

TEST(EncodingTest, CodebooksOfIndicesDecodeOnTheHost) {
  // The indices of the inner one are not read as they are stored.
  std::mt19937 engine(33);
  unsigned held = 0;
  for (int round = 0; round < 6; ++round)
    held += check(engine, WeightKind::Few, "palette,channel_palette");
  EXPECT_GT(held, 1u);
}

TEST(EncodingTest, RandomStacksDecodeOnTheHost) {
  std::mt19937 engine(32);
  SmallVector<StringRef> names = encodingSchemeNames();
  unsigned held = 0;
  for (int round = 0; round < 15 * weightKinds; ++round) {
    std::string stack;
    for (unsigned depth = engine() % 2 + 2; depth > 0; --depth)
      stack +=
          (stack.empty() ? "" : ",") + names[engine() % names.size()].str();
    held += check(engine, WeightKind(round % weightKinds), stack);
  }
  EXPECT_GT(held, 8u);
}

//===- ElementwiseTest.cpp - Ops on elements on scattered rows ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic, activations, changes of quantization, softmax.
//
//===----------------------------------------------------------------------===//

#include "KernelCheck.h"
#include "ReferenceConvolution.h"
#include "thimble/Support/ActivationTables.h"
#include "thimble/Support/QuantizedElements.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

static const SmallVector<SmallVector<int64_t>> shapes = {
    {2, 3, 5, 7}, {1, 1, 1, 1}, {3, 10}, {17}, {2, 3, 4}};

static ActivationAttr activation(OpModel &model, Activation kind) {
  return ActivationAttr::get(&model.getContext(), kind);
}

using Int8Op = llvm::function_ref<int8_t(int8_t, int8_t)>;

template <typename Op>
static void checkInt8(ArrayRef<int64_t> shape, Activation kind, unsigned seed,
                      TensorQuantization out, Int8Op expected) {
  Random random(seed);
  OpModel model;
  auto lhs = model.int8(shape, 0.05, -3), rhs = model.int8(shape, 0.02, 60);
  Bytes x = random.elements(lhs), y = random.elements(rhs);
  Value a = model.input(lhs), b = model.input(rhs);
  model.finish(model.add<Op>(model.int8(shape, out.scale, out.zeroPoint), a, b,
                             activation(model, kind)));
  Bytes wanted;
  for (auto [p, q] : llvm::zip_equal(x, y))
    wanted.push_back(static_cast<uint8_t>(
        expected(static_cast<int8_t>(p), static_cast<int8_t>(q))));
  EXPECT_EQ(checkKernels(model, {x, y}), wanted);
}

static constexpr TensorQuantization lhsNumbers{0.05f, -3};
static constexpr TensorQuantization rhsNumbers{0.02f, 60};
static constexpr TensorQuantization sumNumbers{0.06f, 5};

TEST(ElementwiseTest, SumsAndDifferencesOfInt8) {
  for (Activation kind : {Activation::None, Activation::Relu6})
    for (const auto &[index, shape] : llvm::enumerate(shapes)) {
      auto parameters = additionParameters(lhsNumbers, rhsNumbers, sumNumbers,
                                           fusedActivation(kind));
      ASSERT_TRUE(parameters);
      checkInt8<AddOp>(shape, kind, index, sumNumbers, [&](int8_t x, int8_t y) {
        return addInt8(*parameters, x, y);
      });
      checkInt8<SubOp>(shape, kind, index, sumNumbers, [&](int8_t x, int8_t y) {
        return subtractInt8(*parameters, x, y);
      });
    }
}

TEST(ElementwiseTest, ProductsOfInt8) {
  for (Activation kind : {Activation::None, Activation::Relu})
    for (const auto &[index, shape] : llvm::enumerate(shapes)) {
      auto parameters = multiplicationParameters(
          lhsNumbers, rhsNumbers, sumNumbers, fusedActivation(kind));
      ASSERT_TRUE(parameters);
      checkInt8<MulOp>(shape, kind, index, sumNumbers, [&](int8_t x, int8_t y) {
        return multiplyInt8(*parameters, x, y);
      });
    }
}

template <typename Op>
static void checkFloat(llvm::function_ref<float(float, float)> expected) {
  for (const auto &[index, shape] : llvm::enumerate(shapes)) {
    Random random(index);
    OpModel model;
    auto type = model.f32(shape);
    Bytes x = random.elements(type), y = random.elements(type);
    Value a = model.input(type), b = model.input(type);
    model.finish(
        model.add<Op>(type, a, b, activation(model, Activation::Relu6)));
    std::vector<float> wanted;
    for (auto [p, q] : llvm::zip_equal(floatsOf(x), floatsOf(y)))
      wanted.push_back(std::min(std::max(expected(p, q), 0.0f), 6.0f));
    EXPECT_EQ(floatsOf(checkKernels(model, {x, y})), wanted);
  }
}

TEST(ElementwiseTest, FloatArithmetic) {
  checkFloat<AddOp>([](float x, float y) { return x + y; });
  checkFloat<SubOp>([](float x, float y) { return x - y; });
  checkFloat<MulOp>([](float x, float y) { return x * y; });
}

TEST(ElementwiseTest, SumOfATensorWithItself) {
  OpModel model;
  auto type = model.f32({3, 4});
  Value x = model.input(type);
  model.finish(
      model.add<AddOp>(type, x, x, activation(model, Activation::None)));
  Random random(1);
  Bytes input = random.elements(type);
  std::vector<float> wanted;
  for (float value : floatsOf(input))
    wanted.push_back(value + value);
  for (const char *level : {"0", "2"}) {
    CompiledModel compiled(model, level);
    ASSERT_TRUE(compiled.isValid());
    EXPECT_EQ(floatsOf(compiled.run({input})[0]), wanted) << "level " << level;
  }
}

using MakeUnary = llvm::function_ref<Value(OpModel &, Type, Value)>;

static void checkTable(TensorQuantization in, TensorQuantization out,
                       const ActivationTable &table, MakeUnary make) {
  for (const auto &[index, shape] : llvm::enumerate(shapes)) {
    Random random(index);
    OpModel model;
    auto type = model.int8(shape, in.scale, in.zeroPoint);
    Bytes input = random.elements(type), wanted;
    Value x = model.input(type);
    model.finish(make(model, model.int8(shape, out.scale, out.zeroPoint), x));
    for (uint8_t byte : input)
      wanted.push_back(
          static_cast<uint8_t>(lookUp(table, static_cast<int8_t>(byte))));
    EXPECT_EQ(checkKernels(model, {input}), wanted);
  }
}

TEST(ElementwiseTest, Tables) {
  TensorQuantization in{0.05f, 4}, out{0.04f, -9};
  TensorQuantization logistic{1.0f / 256, -128}, tanh{1.0f / 128, 0};
  auto op = [](auto tag) {
    using Op = typename decltype(tag)::type;
    return [](OpModel &model, Type type, Value x) {
      return model.add<Op>(type, x);
    };
  };
  auto table = [](auto function, TensorQuantization a, TensorQuantization b) {
    return function(a.scale, a.zeroPoint, b.scale, b.zeroPoint);
  };
  checkTable(in, out, table(reluTable, in, out),
             op(std::common_type<ReluOp>()));
  checkTable(in, in, table(relu6Table, in, in),
             op(std::common_type<Relu6Op>()));
  checkTable(in, logistic, table(logisticTable, in, logistic),
             op(std::common_type<LogisticOp>()));
  checkTable(in, tanh, table(tanhTable, in, tanh),
             op(std::common_type<TanhOp>()));
  checkTable(in, out, table(hardSwishTable, in, out),
             op(std::common_type<HardSwishOp>()));
  checkTable(in, out, table(requantizeTable, in, out),
             op(std::common_type<QuantizeOp>()));
  checkTable(
      in, out,
      leakyReluTable(in.scale, in.zeroPoint, out.scale, out.zeroPoint, 0.1f),
      [](OpModel &model, Type type, Value x) {
        return model.add<LeakyReluOp>(type, x,
                                      model.builder.getF32FloatAttr(0.1f));
      });
}

TEST(ElementwiseTest, QuantizeAndDequantize) {
  TensorQuantization numbers{0.013f, -20};
  for (const auto &[index, shape] : llvm::enumerate(shapes)) {
    Random random(index);
    OpModel model, back;
    auto type = model.f32(shape);
    Bytes input = random.elements(type), wanted;
    model.finish(model.add<QuantizeOp>(model.int8(shape, 0.013, -20),
                                       model.input(type)));
    for (float value : floatsOf(input))
      wanted.push_back(static_cast<uint8_t>(quantizeToInt8(value, numbers)));
    EXPECT_EQ(checkKernels(model, {input}), wanted);

    auto stored = back.int8(shape, 0.013, -20);
    Bytes bytes = random.elements(stored);
    back.finish(back.add<DequantizeOp>(back.f32(shape), back.input(stored)));
    std::vector<float> floats;
    for (uint8_t byte : bytes)
      floats.push_back(dequantize(static_cast<int8_t>(byte), numbers));
    EXPECT_EQ(floatsOf(checkKernels(back, {bytes})), floats);
  }
}

TEST(ElementwiseTest, FloatActivations) {
  auto check = [](MakeUnary make, llvm::function_ref<double(double)> expected) {
    OpModel model;
    auto type = model.f32({2, 3, 2, 5});
    Random random(3);
    Bytes input = random.elements(type);
    model.finish(make(model, type, model.input(type)));
    Bytes result = checkKernels(model, {input});
    for (auto [x, y] : llvm::zip_equal(floatsOf(input), floatsOf(result)))
      EXPECT_NEAR(y, expected(x), 2e-6) << "of " << x;
  };
  check([](OpModel &m, Type t, Value x) { return m.add<ReluOp>(t, x); },
        [](double x) { return std::max(x, 0.0); });
  check([](OpModel &m, Type t, Value x) { return m.add<Relu6Op>(t, x); },
        [](double x) { return std::min(std::max(x, 0.0), 6.0); });
  check([](OpModel &m, Type t, Value x) { return m.add<TanhOp>(t, x); },
        [](double x) { return std::tanh(x); });
  check([](OpModel &m, Type t, Value x) { return m.add<LogisticOp>(t, x); },
        [](double x) { return 1 / (1 + std::exp(-x)); });
  check([](OpModel &m, Type t, Value x) { return m.add<HardSwishOp>(t, x); },
        [](double x) { return x * std::min(std::max(x + 3, 0.0), 6.0) / 6; });
}

TEST(ElementwiseTest, SoftmaxOfInt8) {
  TensorQuantization out{1.0f / 256, -128};
  auto parameters = softmaxParameters(0.1f, 1.0f, out);
  ASSERT_TRUE(parameters);
  for (const auto &[index, shape] : llvm::enumerate(shapes)) {
    Random random(index);
    OpModel model;
    auto type = model.int8(shape, 0.1, 7);
    Bytes input = random.elements(type);
    model.finish(model.add<SoftmaxOp>(model.int8(shape, 1.0 / 256, -128),
                                      model.input(type),
                                      model.builder.getF32FloatAttr(1.0f)));
    std::vector<int8_t> row(shape.back()), result(shape.back());
    Bytes wanted;
    for (size_t i = 0; i < input.size(); i += row.size()) {
      std::memcpy(row.data(), &input[i], row.size());
      softmaxInt8(*parameters, row, result);
      wanted.insert(wanted.end(), result.begin(), result.end());
    }
    EXPECT_EQ(checkKernels(model, {input}), wanted);
  }
}

TEST(ElementwiseTest, SoftmaxOfFloats) {
  OpModel model;
  auto type = model.f32({2, 3, 2, 5});
  Random random(4);
  Bytes input = random.elements(type);
  model.finish(model.add<SoftmaxOp>(type, model.input(type),
                                    model.builder.getF32FloatAttr(1.0f)));
  std::vector<float> x = floatsOf(input);
  std::vector<float> found = floatsOf(checkKernels(model, {input}));
  ASSERT_EQ(found.size(), x.size());
  for (size_t row = 0; row < x.size(); row += 5) {
    double sum = 0;
    for (size_t i = row; i < row + 5; ++i)
      sum += std::exp(double(x[i]));
    for (size_t i = row; i < row + 5; ++i)
      EXPECT_NEAR(found[i], std::exp(double(x[i])) / sum, 2e-6);
  }
}

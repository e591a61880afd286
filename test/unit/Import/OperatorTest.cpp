//===- OperatorTest.cpp - Pools, functions, arithmetic --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the importer makes of them and what it refuses.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include <limits>

using namespace thimble;
using namespace thimble::tflite;

using OperatorTest = ImportTest;

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

/// A pool of 2x2 in steps of 2 over 4x4x3.
static UnaryModel poolModel(BuiltinOperator code) {
  UnaryModel model(code, {1, 4, 4, 3}, {1, 2, 2, 3});
  Pool2DOptionsT options;
  options.padding = Padding::VALID;
  options.stride_w = options.stride_h = 2;
  options.filter_width = options.filter_height = 2;
  model.op().builtin_options.Set(options);
  return model;
}

/// Two int8 operands of these shapes.
static UnaryModel binaryModel(BuiltinOperator code, const Shape &left,
                              const Shape &right, const Shape &out) {
  UnaryModel model(code, left, out);
  int32_t rhs = model.int8("z", right, 0.25f);
  model.op().inputs.push_back(rhs);
  model.inputs({UnaryModel::input, rhs});
  return model;
}

TEST_F(OperatorTest, BuildsPools) {
  for (auto code :
       {BuiltinOperator::AVERAGE_POOL_2D, BuiltinOperator::MAX_POOL_2D}) {
    std::string text = expectImported(poolModel(code));
    EXPECT_TRUE(contains(text, "kernel_size = array<i64: 2, 2>")) << text;
  }
}

TEST_F(OperatorTest, RefusesPools) {
  UnaryModel scale = poolModel(BuiltinOperator::MAX_POOL_2D);
  scale.tensor(UnaryModel::output).quantization->scale = {0.75f};
  expectError(scale,
              "operator 0 (MAX_POOL_2D, 'y'): expected the input 'x' (0) to "
              "have the element type of the output");
  UnaryModel channels = poolModel(BuiltinOperator::MAX_POOL_2D);
  channels.tensor(UnaryModel::output).shape = {1, 2, 2, 4};
  expectError(channels, "expected 3 output channels, as the input has, found "
                        "4");
  UnaryModel window = poolModel(BuiltinOperator::AVERAGE_POOL_2D);
  window.op().builtin_options.AsPool2DOptions()->filter_height = 0;
  expectError(window, "expected window sizes, strides and dilations from 1");
}

TEST_F(OperatorTest, ImportsMean) {
  UnaryModel model(BuiltinOperator::MEAN, {1, 4, 4, 3}, {1, 3}, 0.25f, 1);
  model.operand({-2, 1, 2});
  std::string text = expectImported(model);
  EXPECT_TRUE(contains(text, "axes = array<i64: 1, 2>")) << text;
  ReducerOptionsT options;
  options.keep_dims = true;
  model.op().builtin_options.Set(options);
  expectError(model, "expected an output of shape [1, 1, 1, 3], found [1, 3]");
  UnaryModel axis(BuiltinOperator::MEAN, {1, 4, 4, 3}, {1, 3});
  axis.operand({4});
  expectError(axis, "expected axes from -4 to 3, found 4");
  axis.op().inputs[1] = UnaryModel::input;
  expectError(axis, "expected constant axes of INT32 or INT64, found 'x' (0) "
                    "of INT8, computed at run time");
}

TEST_F(OperatorTest, BuildsFunctions) {
  struct Case {
    BuiltinOperator code;
    const char *op;
    float scale;
    int64_t zeroPoint;
  };
  for (const Case &c :
       {Case{BuiltinOperator::RELU, "relu", 0.5f, 3},
        Case{BuiltinOperator::RELU6, "relu6", 0.5f, 3},
        Case{BuiltinOperator::LOGISTIC, "logistic", 1.0f / 256, -128},
        Case{BuiltinOperator::TANH, "tanh", 1.0f / 128, 0},
        Case{BuiltinOperator::HARD_SWISH, "hard_swish", 0.5f, 3}}) {
    std::string text = expectImported(
        UnaryModel(c.code, {1, 4}, {1, 4}, c.scale, c.zeroPoint));
    EXPECT_TRUE(contains(text, "thimble." + std::string(c.op) + " %")) << text;
  }
}

TEST_F(OperatorTest, RefusesMixedKinds) {
  UnaryModel model(BuiltinOperator::RELU, {1, 4}, {1, 4});
  model.tensor(UnaryModel::output).type = TensorType::FLOAT32;
  expectError(model,
              "operator 0 (RELU, 'y'): expected inputs and an output that "
              "are all FLOAT32, all INT8 or all INT16 with one scale, found "
              "'x' (0)");
  UnaryModel shape(BuiltinOperator::RELU, {1, 4}, {4});
  expectError(shape, "expected an output of shape [1, 4], found [4]");
}

TEST_F(OperatorTest, RefusesOutputsOfFunctionsWithAFixedScale) {
  expectError(UnaryModel(BuiltinOperator::LOGISTIC, {4}, {4}, 0.5f, -128),
              "expected an output of scale 1/256 and zero point -128, found "
              "scale 5.0");
  expectError(UnaryModel(BuiltinOperator::TANH, {4}, {4}, 1.0f / 128, 1),
              "expected an output of scale 1/128 and zero point 0");
}

TEST_F(OperatorTest, RefusesScalesThatKernelsCannotRepresent) {
  for (auto code : {BuiltinOperator::LOGISTIC, BuiltinOperator::TANH}) {
    bool logistic = code == BuiltinOperator::LOGISTIC;
    UnaryModel model(code, {4}, {4}, logistic ? 1.0f / 256 : 1.0f / 128,
                     logistic ? -128 : 0);
    model.tensor(UnaryModel::input).quantization->scale = {100.0f};
    expectError(model, "expected scales that the integer kernel can represent");
  }
  UnaryModel swish(BuiltinOperator::HARD_SWISH, {4}, {4}, 1e-3f, 0);
  expectError(swish, "expected scales that the integer kernel can represent");
}

TEST_F(OperatorTest, ImportsLeakyRelu) {
  UnaryModel model(BuiltinOperator::LEAKY_RELU, {4}, {4});
  LeakyReluOptionsT options;
  options.alpha = 0.25f;
  model.op().builtin_options.Set(options);
  EXPECT_TRUE(contains(expectImported(model), "alpha = 2.5"));
  model.op().builtin_options.AsLeakyReluOptions()->alpha =
      std::numeric_limits<float>::infinity();
  expectError(model, "expected a finite alpha, found inf");
}

TEST_F(OperatorTest, ImportsSoftmax) {
  UnaryModel model(BuiltinOperator::SOFTMAX, {1, 4}, {1, 4}, 1.0f / 256, -128);
  SoftmaxOptionsT options;
  options.beta = 1.0f;
  model.op().builtin_options.Set(options);
  EXPECT_TRUE(contains(expectImported(model), "beta = 1.0"));
  model.op().builtin_options.AsSoftmaxOptions()->beta = -1;
  expectError(model, "expected a finite beta above 0, found -1");
  model.op().builtin_options.AsSoftmaxOptions()->beta = 1e-9f;
  expectError(model, "expected scales that the integer kernel can represent");
  model.tensor(UnaryModel::input).shape = {1, 5000};
  model.tensor(UnaryModel::output).shape = {1, 5000};
  expectError(model, "expected rows of at most 4095 elements");
}

TEST_F(OperatorTest, BuildsArithmetic) {
  for (auto code :
       {BuiltinOperator::ADD, BuiltinOperator::SUB, BuiltinOperator::MUL}) {
    expectImported(binaryModel(code, {1, 4, 3}, {3}, {1, 4, 3}));
    expectImported(binaryModel(code, {4, 1}, {1, 3}, {4, 3}));
  }
}

TEST_F(OperatorTest, RefusesArithmetic) {
  expectError(
      binaryModel(BuiltinOperator::ADD, {1, 4}, {3}, {1, 4}),
      "operator 0 (ADD, 'y'): expected shapes that broadcast, found [1, 4] "
      "and [3]");
  expectError(
      binaryModel(BuiltinOperator::MUL, {1, 4}, {4}, {4}),
      "operator 0 (MUL, 'y'): expected an output of shape [1, 4], found "
      "[4]");
  UnaryModel scale = binaryModel(BuiltinOperator::SUB, {4}, {4}, {4});
  scale.tensor(UnaryModel::output).quantization->scale = {1e-9f};
  expectError(scale,
              "operator 0 (SUB, 'y'): expected an output scale near those of "
              "the inputs");
}

TEST_F(OperatorTest, ImportsQuantization) {
  UnaryModel model(BuiltinOperator::QUANTIZE, {4}, {4}, 0.25f, 3);
  expectImported(model);
  model.tensor(UnaryModel::input).type = TensorType::FLOAT32;
  expectImported(model);
  model.tensor(UnaryModel::output).type = TensorType::FLOAT32;
  expectError(model,
              "operator 0 (QUANTIZE, 'y'): expected FLOAT32, INT8 or INT16 in "
              "and INT8 or INT16 out");
  UnaryModel back(BuiltinOperator::DEQUANTIZE, {4}, {4});
  back.tensor(UnaryModel::output).type = TensorType::FLOAT32;
  expectImported(back);
  back.tensor(UnaryModel::output).type = TensorType::INT8;
  expectError(back, "operator 0 (DEQUANTIZE, 'y'): expected INT8, INT16 or "
                    "constant FLOAT16 in and FLOAT32 out");
}

TEST_F(OperatorTest, ImportsConcatenation) {
  UnaryModel model(BuiltinOperator::CONCATENATION, {1, 2, 3}, {1, 6, 3});
  int32_t second = model.int8("z", {1, 4, 3});
  model.op().inputs.push_back(second);
  model.inputs({UnaryModel::input, second});
  ConcatenationOptionsT options;
  options.axis = -2;
  model.op().builtin_options.Set(options);
  EXPECT_TRUE(contains(expectImported(model), "axis = 1"));
  auto &axis = model.op().builtin_options.AsConcatenationOptions()->axis;
  axis = 3;
  expectError(model, "expected an axis from -3 to 2, found 3");
  axis = 2;
  expectError(model, "expected inputs of the output's shape but for dimension "
                     "2, found [1, 2, 3] for output [1, 6, 3]");
  axis = 1;
  model.tensor(UnaryModel::output).shape = {1, 7, 3};
  expectError(model, "expected an output of shape [1, 6, 3], found [1, 7, 3]");
  model.tensor(UnaryModel::output).shape = {1, 6, 3};
  model.tensor(second).quantization->zero_point = {1};
  expectError(model, "expected the input 'z' (2) to have the element type of "
                     "the output");
  model.op().inputs[1] = -1;
  expectError(model, "expected the index of one of the 3 tensors, found -1");
  model.op().inputs[1] = second;
  model.op()
      .builtin_options.AsConcatenationOptions()
      ->fused_activation_function = ActivationFunctionType::RELU;
  expectError(model, "expected no fused activation, found relu");
}

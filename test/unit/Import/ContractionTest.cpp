//===- ContractionTest.cpp - Convolutions and matrix products -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the importer makes of them and what it refuses.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

using namespace thimble;
using namespace thimble::tflite;

using ContractionTest = ImportTest;

namespace {

/// [2, 6] times the transpose of [3, 6].
struct MatrixModel : TestModel {
  MatrixModel() {
    int8("x", {2, 6}, 0.5f, 4);
    int8Constant("w", {3, 6}, std::vector<int8_t>(18, 2), 0.25f);
    int32Constant("b", {3}, {1, 2, 3});
    tensor(bias).quantization = std::make_unique<QuantizationParametersT>();
    tensor(bias).quantization->scale = {0.125f};
    tensor(bias).quantization->zero_point = {0};
    int8("y", {2, 3}, 1.0f);
    addOperator(BuiltinOperator::FULLY_CONNECTED, {input, weights, bias},
                output, FullyConnectedOptionsT());
    inputs({input});
    outputs({output});
  }
  FullyConnectedOptionsT &options() {
    return *op().builtin_options.AsFullyConnectedOptions();
  }
  enum { input, weights, bias, output };
};

/// 4x4x2 to 4x4x4 with a depth multiplier of 2.
struct DepthwiseModel : TestModel {
  DepthwiseModel() {
    int8("image", {1, 4, 4, 2});
    int8Constant("filters", {1, 3, 3, 4}, std::vector<int8_t>(36, 1));
    int8("features", {1, 4, 4, 4});
    DepthwiseConv2DOptionsT options;
    options.stride_w = options.stride_h = 1;
    options.depth_multiplier = 2;
    addOperator(BuiltinOperator::DEPTHWISE_CONV_2D, {0, 1}, 2, options);
    inputs({0});
    outputs({2});
  }
  DepthwiseConv2DOptionsT &options() {
    return *op().builtin_options.AsDepthwiseConv2DOptions();
  }
};

} // namespace

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

TEST_F(ContractionTest, BuildsConvolutions) {
  std::string text = expectImported(ConvModel());
  EXPECT_TRUE(contains(text, "padding = array<i64: 0, 0, 0, 0>")) << text;
  EXPECT_TRUE(contains(text, "#thimble.activation<relu>")) << text;
}

/// The odd element of SAME padding goes behind.
TEST_F(ContractionTest, ComputesSamePadding) {
  ConvModel model;
  model.options().padding = Padding::SAME;
  model.options().stride_h = 2;
  model.options().dilation_h_factor = 2;
  model.tensor(ConvModel::output).shape = {1, 2, 4, 3};
  std::string text = expectImported(model);
  EXPECT_TRUE(contains(text, "padding = array<i64: 0, 1, 0, 1>")) << text;
  EXPECT_TRUE(contains(text, "strides = array<i64: 2, 1>")) << text;
  EXPECT_TRUE(contains(text, "dilations = array<i64: 2, 1>")) << text;
}

TEST_F(ContractionTest, RefusesWindowsThatDoNotFit) {
  ConvModel shape;
  shape.options().padding = Padding::SAME;
  expectError(
      shape,
      "operator 0 (CONV_2D, 'features'): expected an output of shape [1, 4, "
      "4, 3], found [1, 3, 3, 3]");
  ConvModel stride;
  stride.options().stride_w = 0;
  expectError(stride, "strides and dilations from 1 to 1048576, found 0");
  ConvModel dilation;
  dilation.options().dilation_h_factor = -7;
  expectError(dilation, "strides and dilations from 1 to 1048576, found -7");
  ConvModel padding;
  padding.options().padding = static_cast<Padding>(5);
  expectError(padding, "expected a padding of SAME or VALID, found number 5");
  ConvModel rank;
  rank.tensor(ConvModel::output).shape = {3, 3, 3};
  expectError(rank, "expected 'features' (3) to have 4 dimensions, found shape "
                    "[3, 3, 3]");
}

TEST_F(ContractionTest, RefusesFusedFunctionsThatAreNoClamps) {
  ConvModel model;
  model.options().fused_activation_function = ActivationFunctionType::TANH;
  expectError(model, "expected a fused activation of NONE, RELU, RELU6 or "
                     "RELU_N1_TO_1, found TANH");
  model.options().fused_activation_function =
      static_cast<ActivationFunctionType>(77);
  expectError(model, "found an unknown one");
}

TEST_F(ContractionTest, RefusesActivationsBeyondIntegers) {
  ConvModel model;
  model.options().fused_activation_function = ActivationFunctionType::RELU6;
  model.tensor(ConvModel::output).quantization->scale = {1e-12f};
  expectError(model, "expected an output scale in which the bounds of RELU6 "
                     "fit into 32 bits");
}

TEST_F(ContractionTest, RefusesOtherOptions) {
  ConvModel model;
  model.op().builtin_options.Set(AddOptionsT());
  expectError(model, "expected Conv2DOptions, found AddOptions");
  model.op().builtin_options.Reset();
  expectError(model, "expected Conv2DOptions, found NONE");
}

TEST_F(ContractionTest, RefusesWrongNumbersOfOperands) {
  ConvModel few;
  few.op().inputs = {ConvModel::input};
  expectError(few, "expected 2 to 3 inputs, found 1");
  ConvModel results;
  results.op().outputs = {ConvModel::output, ConvModel::output};
  expectError(results, "expected one output, found 2");
}

TEST_F(ContractionTest, RefusesWeights) {
  ConvModel runtime;
  runtime.inputs({ConvModel::input, runtime.int8("kernel", {3, 2, 2, 2})});
  runtime.op().inputs[1] = 4;
  expectError(runtime, "expected constant weights, found 'kernel' (4), "
                       "computed at run time");
  ConvModel kind;
  kind.op().inputs[1] =
      kind.floatConstant("kernel", {3, 2, 2, 2}, std::vector<float>(24, 1.0f));
  expectError(kind, "expected weights of INT8, found 'kernel' (4) of FLOAT32");
  ConvModel axis;
  auto &quantization = *axis.tensor(ConvModel::weights).quantization;
  quantization.scale = {1, 2};
  quantization.zero_point = {0, 0};
  quantization.quantized_dimension = 1;
  expectError(axis, "expected scales along dimension 0 of the weights, found "
                    "dimension 1");
  ConvModel zero;
  zero.tensor(ConvModel::weights).quantization->zero_point = {3};
  expectError(zero, "expected symmetric weights, found zero point 3 in "
                    "'filters' (1)");
}

TEST_F(ContractionTest, RefusesChannelsThatDoNotFit) {
  ConvModel outputs;
  outputs.tensor(ConvModel::output).shape = {1, 3, 3, 4};
  expectError(outputs, "expected 3 output channels, as the weights have, found "
                       "4");
  ConvModel groups;
  groups.tensor(ConvModel::input).shape = {1, 4, 4, 4};
  expectError(groups, "expected weights for 4 input channels, found 2; grouped "
                      "convolutions are not supported");
}

TEST_F(ContractionTest, RefusesBiases) {
  ConvModel size;
  size.op().inputs[2] = size.int32Constant("b", {2}, {1, 2});
  expectError(size, "expected a constant bias of 3 INT32 elements, found 'b' "
                    "(4) of INT32 and shape [2]");
  ConvModel kind;
  kind.op().inputs[2] = kind.floatConstant("b", {3}, {1, 2, 3});
  expectError(kind, "found 'b' (4) of FLOAT32");
  ConvModel zero;
  zero.tensor(ConvModel::bias).quantization =
      std::make_unique<QuantizationParametersT>();
  zero.tensor(ConvModel::bias).quantization->zero_point = {0, 9, 0};
  expectError(zero, "expected a bias with zero point 0, found 9 in 'offsets' "
                    "(2)");
}

TEST_F(ContractionTest, TakesAbsentBiases) {
  ConvModel omitted, minus;
  omitted.op().inputs = {ConvModel::input, ConvModel::weights};
  minus.op().inputs[2] = -1;
  EXPECT_EQ(expectImported(omitted), expectImported(minus));
}

TEST_F(ContractionTest, BuildsDepthwiseConvolutions) {
  std::string text = expectImported(DepthwiseModel());
  EXPECT_TRUE(contains(text, "thimble.id = \"depthwise_conv_2d_0\"")) << text;
  EXPECT_TRUE(contains(text, "padding = array<i64: 1, 1, 1, 1>")) << text;
}

TEST_F(ContractionTest, RefusesDepthMultipliers) {
  DepthwiseModel model;
  model.options().depth_multiplier = 3;
  expectError(
      model,
      "operator 0 (DEPTHWISE_CONV_2D, 'features'): expected weights of shape "
      "[1, height, width, 2 * depth multiplier], found [1, 3, 3, "
      "4] with depth multiplier 3");
}

TEST_F(ContractionTest, BuildsMatrixProducts) {
  std::string text = expectImported(MatrixModel());
  EXPECT_TRUE(contains(text, "thimble.fully_connected")) << text;
  MatrixModel ranks;
  ranks.tensor(MatrixModel::input).shape = {1, 2, 2, 3};
  expectImported(ranks);
  ranks.options().keep_num_dims = true;
  expectError(ranks, "expected an output of the input's rank, found shapes "
                     "[1, 2, 2, 3] and [2, 3]");
  ranks.tensor(MatrixModel::input).shape = {2, 1, 6};
  ranks.tensor(MatrixModel::output).shape = {2, 1, 3};
  expectImported(ranks);
}

TEST_F(ContractionTest, RefusesRowsThatDoNotFit) {
  for (Shape shape : {Shape{2, 4}, Shape{3, 3}, Shape{6}, Shape{}}) {
    MatrixModel model;
    model.tensor(MatrixModel::output).shape = shape;
    expectError(model, "operator 0 (FULLY_CONNECTED, 'y'): expected rows of 6 "
                       "elements in and of 3 out, as the weights have");
  }
  MatrixModel rank;
  rank.tensor(MatrixModel::weights).shape = {3, 2, 3};
  expectError(rank, "expected 'w' (1) to have 2 dimensions");
}

TEST_F(ContractionTest, RefusesShuffledWeights) {
  MatrixModel model;
  model.options().weights_format = WeightsFormat::SHUFFLED4x16INT8;
  expectError(model, "expected weights in the DEFAULT format, found number 1");
}

TEST_F(ContractionTest, RefusesBiasesOfAnotherScale) {
  MatrixModel model;
  model.tensor(MatrixModel::bias).quantization->scale = {0.16f};
  expectError(model, "expected a bias of scale 1.25");
}

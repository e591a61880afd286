//===- Int16Test.cpp - Models with activations of 16 bits -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the importer makes of 16x8 models and what it refuses of them.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

using namespace thimble;
using namespace thimble::tflite;

using Int16Test = ImportTest;

namespace {

/// The convolution of ConvModel on int16, with a bias of 64 bits.
struct WideConvModel : ConvModel {
  WideConvModel() {
    tensor(input).type = tensor(output).type = TensorType::INT16;
    tensor(input).quantization->zero_point = {0};
    tensor(output).quantization->zero_point = {0};
    tensor(bias).type = TensorType::INT64;
    setData(bias, bytesOf<int64_t>({1, -2, int64_t(1) << 40}));
  }
  void dropBias() { op().inputs = {input, weights}; }
};

} // namespace

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Int16Test, ImportsConvolutions) {
  std::string text = expectImported(WideConvModel());
  EXPECT_TRUE(contains(text, "tensor<1x4x4x2x!quant.uniform<i16:f32")) << text;
  EXPECT_TRUE(contains(text, "dense<[1, -2, 1099511627776]>")) << text;
  EXPECT_TRUE(contains(text, "tensor<3x2x2x2xi8>")) << text;
}

TEST_F(Int16Test, ImportsBiasesOf32Bits) {
  WideConvModel model;
  model.tensor(ConvModel::bias).type = TensorType::INT32;
  model.setData(ConvModel::bias, bytesOf<int32_t>({1, -2, 3}));
  EXPECT_TRUE(contains(expectImported(model), "tensor<3xi32>"));
}

/// The type of the sums is then in the options.
TEST_F(Int16Test, ImportsNoBiasWhereSumsAreExact) {
  WideConvModel model;
  model.dropBias();
  expectImported(model);
  model.options().quantized_bias_type = TensorType::INT32;
  expectError(model, "operator 0 (CONV_2D, 'features'): expected a bias where "
                     "sums of INT16 have 32 bits, found none");
}

TEST_F(Int16Test, RefusesOtherWeightsAndBiases) {
  WideConvModel weights;
  weights.tensor(ConvModel::weights).type = TensorType::INT16;
  weights.setData(ConvModel::weights, std::vector<uint8_t>(48));
  expectError(weights,
              "expected weights of INT8, found 'filters' (1) of INT16");
  WideConvModel bias;
  bias.tensor(ConvModel::bias).type = TensorType::FLOAT32;
  bias.setData(ConvModel::bias, bytesOf<float>({1, 2, 3}));
  expectError(bias, "expected a constant bias of 3 INT64 or INT32 elements");
}

TEST_F(Int16Test, RefusesZeroPoints) {
  WideConvModel model;
  model.tensor(ConvModel::input).quantization->zero_point = {1};
  expectError(model, "tensor 'image' (0): expected zero points of 0 for INT16, "
                     "found 1");
}

TEST_F(Int16Test, RefusesOperatorsWithoutSuchAForm) {
  UnaryModel model(BuiltinOperator::HARD_SWISH, {4}, {4});
  model.tensor(UnaryModel::input).type = TensorType::INT16;
  model.tensor(UnaryModel::output).type = TensorType::INT16;
  expectError(model, "operator 0 (HARD_SWISH, 'y'): expected operands and "
                     "options that fit together; 'thimble.hard_swish' op "
                     "expected operand and result both f32 or both per-tensor "
                     "int8: TFLite has no form of it for int16");
}

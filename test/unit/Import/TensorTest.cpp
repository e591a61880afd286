//===- TensorTest.cpp - Refused and accepted tensors ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shapes, types, quantization and buffers.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <limits>
#include <random>

using namespace thimble;
using namespace thimble::tflite;

using TensorTest = ImportTest;

static QuantizationParametersT &weightScales(ConvModel &model) {
  return *model.tensor(ConvModel::weights).quantization;
}

TEST_F(TensorTest, RefusesIndicesOutOfRange) {
  ConvModel model;
  model.op().inputs[1] = 4;
  expectError(
      model,
      "operator 0 (CONV_2D, 'features'): expected the index of one of the "
      "4 tensors, found 4");
  model.op().inputs[1] = -1;
  expectError(
      model,
      "operator 0 (CONV_2D, 'features'): expected the index of one of the "
      "4 tensors, found -1");
}

TEST_F(TensorTest, RefusesStateAndSparsity) {
  ConvModel variable;
  variable.tensor(ConvModel::weights).is_variable = true;
  expectError(variable, "tensor 'filters' (1): expected no state");
  ConvModel sparse;
  sparse.tensor(ConvModel::weights).sparsity =
      std::make_unique<SparsityParametersT>();
  expectError(sparse, "tensor 'filters' (1): expected dense numbers");
}

TEST_F(TensorTest, RefusesOtherTypes) {
  ConvModel model;
  model.tensor(ConvModel::input).type = TensorType::UINT8;
  expectError(model, "tensor 'image' (0): expected elements of INT8, INT16 or "
                     "FLOAT32, found UINT8");
  model.tensor(ConvModel::input).type = static_cast<TensorType>(99);
  expectError(model, "found type 99");
}

TEST_F(TensorTest, RefusesShapesOutOfBounds) {
  ConvModel dynamic;
  dynamic.tensor(ConvModel::output).shape = {1, -1, 3, 3};
  expectError(dynamic, "tensor 'features' (3): expected static sizes of at "
                       "least 1, found shape [1, -1, 3, 3]");
  ConvModel empty;
  empty.tensor(ConvModel::input).shape = {1, 0, 4, 2};
  expectError(empty, "found shape [1, 0, 4, 2]");
  ConvModel huge;
  huge.tensor(ConvModel::input).shape = {65536, 65536, 65536, 65536};
  expectError(huge, "expected fewer than 268435456 elements");
  ConvModel deep;
  deep.tensor(ConvModel::input).shape = Shape(9, 1);
  expectError(deep, "expected at most 8 dimensions, found 9");
}

TEST_F(TensorTest, RefusesAbsentQuantization) {
  ConvModel none;
  none.tensor(ConvModel::input).quantization.reset();
  expectError(none, "tensor 'image' (0): expected a scale and a zero point for "
                    "INT8, found none");
  ConvModel empty;
  empty.tensor(ConvModel::input).quantization->zero_point.clear();
  expectError(empty, "expected a scale and a zero point for INT8, found none");
}

TEST_F(TensorTest, RefusesQuantizationOfTheWrongLength) {
  ConvModel zeroPoints;
  weightScales(zeroPoints).scale = {1, 2, 3};
  expectError(zeroPoints, "tensor 'filters' (1): expected one zero point per "
                          "scale, found 3 scales and 1 zero points");
  ConvModel channels;
  weightScales(channels).scale = {1, 2};
  weightScales(channels).zero_point = {0, 0};
  expectError(channels, "expected 3 scales along dimension 0, found 2");
  ConvModel dimension;
  weightScales(dimension).scale = {1, 2, 3};
  weightScales(dimension).zero_point = {0, 0, 0};
  weightScales(dimension).quantized_dimension = 4;
  expectError(dimension, "expected a quantized dimension below 4, found 4");
}

TEST_F(TensorTest, RefusesScalesThatAreNoScales) {
  for (float scale : {0.0f, -1.0f, std::numeric_limits<float>::infinity(),
                      std::numeric_limits<float>::quiet_NaN()}) {
    ConvModel model;
    model.tensor(ConvModel::output).quantization->scale = {scale};
    expectError(model, "tensor 'features' (3): expected finite scales above 0");
  }
}

TEST_F(TensorTest, RefusesZeroPointsOutOfRange) {
  for (int64_t zeroPoint : {int64_t(128), int64_t(-129), int64_t(1) << 40}) {
    ConvModel model;
    model.tensor(ConvModel::output).quantization->zero_point = {zeroPoint};
    expectError(model, "expected zero points from -128 to 127, found " +
                           std::to_string(zeroPoint));
  }
}

TEST_F(TensorTest, RefusesBuffersOutOfRange) {
  ConvModel model;
  model.tensor(ConvModel::weights).buffer = 77;
  expectError(model, "tensor 'filters' (1): expected the index of one of the 3 "
                     "buffers, found 77");
}

TEST_F(TensorTest, RefusesBuffersOfTheWrongSize) {
  ConvModel model;
  model.model.buffers[1]->data.push_back(0);
  expectError(model, "tensor 'filters' (1): expected a buffer of 24 bytes for "
                     "shape [3, 2, 2, 2] of INT8, found 25");
}

TEST_F(TensorTest, RefusesMissingBuffers) {
  ConvModel model;
  model.model.buffers[1]->data.clear();
  expectError(model, "found 'filters' (1), which nothing before defines");
}

TEST_F(TensorTest, RefusesNumbersOutsideOfTheFile) {
  ConvModel offset;
  offset.model.buffers[1]->offset = 4096;
  expectError(offset, "expected its numbers in buffer 1, found them outside");
  ConvModel external;
  external.tensor(ConvModel::weights).external_buffer = 2;
  expectError(external, "expected its numbers in buffer 1, found them outside");
}

TEST_F(TensorTest, ReadsScalesPerChannel) {
  ConvModel model;
  weightScales(model).scale = {0.5f, 0.25f, 0.125f};
  weightScales(model).zero_point = {0, 0, 0};
  std::string text = expectImported(model);
  EXPECT_NE(text.find("!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01,"
                      "1.250000e-01}>"),
            std::string::npos)
      << text;
}

/// Text must not lose a bit of a scale, or results would differ.
TEST_F(TensorTest, PrintsScalesExactly) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> exponent(-126, 126);
  for (int i = 0; i < 200; ++i) {
    float scale = std::exp2(exponent(random));
    TestModel model;
    model.inputs({model.int8("x", {1}, scale, 7)});
    model.outputs({0});
    std::string text = expectImported(model);
    auto parsed = mlir::parseSourceString<mlir::ModuleOp>(
        text, mlir::ParserConfig(&context));
    ASSERT_TRUE(parsed) << text;
    parsed->walk([&](ReshapeOp op) {
      auto type = mlir::cast<mlir::quant::UniformQuantizedType>(
          op.getOutput().getType().getElementType());
      EXPECT_EQ(type.getScale(), double(scale)) << text;
      EXPECT_EQ(type.getZeroPoint(), 7);
    });
  }
}

//===- ShapeTest.cpp - Reshapes, slices and folding -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that move elements, and arithmetic on constants.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

using namespace thimble;
using namespace thimble::tflite;

namespace {

class ShapeTest : public ImportTest {
protected:
  /// Imports a model whose output is folded and expects these numbers.
  void expectFolded(TestModel &model, int32_t output,
                    const std::string &numbers) {
    model.inputs({model.int8("unused", {1})});
    model.outputs({output});
    auto module = import(model);
    ASSERT_TRUE(module) << (errors.empty() ? "" : errors.front());
    std::vector<std::string> found = constants(*module);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].substr(0, found[0].find(" : ")),
              "dense<" + numbers + ">");
  }
};

} // namespace

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

static UnaryModel sliceModel(const Shape &in, const Shape &out,
                             const std::vector<int32_t> &begin,
                             const std::vector<int32_t> &end,
                             const std::vector<int32_t> &strides,
                             StridedSliceOptionsT options = {}) {
  UnaryModel model(BuiltinOperator::STRIDED_SLICE, in, out);
  model.operand(begin);
  model.operand(end);
  model.operand(strides);
  model.op().builtin_options.Set(options);
  return model;
}

TEST_F(ShapeTest, ImportsReshape) {
  UnaryModel model(BuiltinOperator::RESHAPE, {1, 4, 6}, {8, 3});
  expectImported(model);
  ReshapeOptionsT options;
  options.new_shape = {-1, 3};
  model.op().builtin_options.Set(options);
  EXPECT_TRUE(contains(expectImported(model), "thimble.id = \"reshape_0\""));
  model.operand({4, -1});
  expectError(model,
              "operator 0 (RESHAPE, 'y'): expected an output of shape [4, "
              "6], found [8, 3]");
  model.op().inputs[1] = UnaryModel::input;
  expectError(model, "expected constant sizes of the new shape of INT32 or "
                     "INT64, found 'x' (0)");
  UnaryModel count(BuiltinOperator::RESHAPE, {4}, {5});
  expectError(count, "expected as many elements in the output as in the input, "
                     "found shapes [4] and [5]");
  UnaryModel scale(BuiltinOperator::RESHAPE, {4}, {2, 2}, 0.75f);
  expectError(scale, "expected the input 'x' (0) to have the element type of "
                     "the output");
}

TEST_F(ShapeTest, ImportsSqueezeAndExpandDims) {
  UnaryModel all(BuiltinOperator::SQUEEZE, {1, 4, 1}, {4});
  EXPECT_TRUE(contains(expectImported(all), "thimble.id = \"reshape_0\""));
  UnaryModel some(BuiltinOperator::SQUEEZE, {1, 4, 1}, {1, 4});
  SqueezeOptionsT options;
  options.squeeze_dims = {-1};
  some.op().builtin_options.Set(options);
  expectImported(some);
  some.op().builtin_options.AsSqueezeOptions()->squeeze_dims = {1};
  expectError(some, "expected dimensions of size 1 to squeeze, found 1 of "
                    "shape [1, 4, 1]");
  UnaryModel expand(BuiltinOperator::EXPAND_DIMS, {4, 3}, {4, 1, 3});
  expand.operand({-2});
  expectImported(expand);
  UnaryModel outside(BuiltinOperator::EXPAND_DIMS, {4, 3}, {4, 1, 3});
  outside.operand({3});
  expectError(outside, "expected one axis from -3 to 2, found [3]");
}

/// What Keras writes for a Flatten: the batch is taken from the input's shape.
TEST_F(ShapeTest, FoldsComputedShapes) {
  UnaryModel model(BuiltinOperator::SHAPE, {1, 4, 3}, {1, 12});
  int32_t shape = model.add("shape", {3}, TensorType::INT32);
  int32_t batch = model.add("batch", {}, TensorType::INT32);
  int32_t wanted = model.add("wanted", {2}, TensorType::INT32);
  model.op().outputs = {shape};
  int32_t zero = model.int32Constant("zero", {1}, {0});
  int32_t one = model.int32Constant("one", {1}, {1});
  StridedSliceOptionsT slice;
  slice.shrink_axis_mask = 1;
  model.addOperator(BuiltinOperator::STRIDED_SLICE, {shape, zero, one, one},
                    batch, slice);
  int32_t rest = model.int32Constant("rest", {}, {-1});
  PackOptionsT pack;
  pack.values_count = 2;
  model.addOperator(BuiltinOperator::PACK, {batch, rest}, wanted, pack);
  model.addOperator(BuiltinOperator::RESHAPE, {UnaryModel::input, wanted},
                    UnaryModel::output);
  std::string text = expectImported(model);
  EXPECT_TRUE(contains(text, "thimble.id = \"reshape_3\"")) << text;
  EXPECT_FALSE(contains(text, "thimble.constant")) << text;
}

TEST_F(ShapeTest, RefusesShapesThatAreNoIntegers) {
  UnaryModel model(BuiltinOperator::SHAPE, {1, 4}, {2});
  expectError(model, "operator 0 (SHAPE, 'y'): expected an output of INT32 or "
                     "INT64, found INT8");
}

TEST_F(ShapeTest, RefusesPacks) {
  UnaryModel runtime(BuiltinOperator::PACK, {4}, {1, 4});
  runtime.op().builtin_options.Set(PackOptionsT());
  expectError(runtime, "expected constants to pack, found 'x' (0), computed at "
                       "run time");
  TestModel shapes;
  shapes.int32Constant("a", {2}, {1, 2});
  shapes.int32Constant("b", {3}, {1, 2, 3});
  shapes.add("c", {2, 2}, TensorType::INT32);
  shapes.addOperator(BuiltinOperator::PACK, {0, 1}, 2, PackOptionsT());
  shapes.inputs({shapes.int8("unused", {1})});
  shapes.outputs({3});
  expectError(shapes, "expected inputs of one shape, found [2] and [3]");
}

static StridedSliceOptionsT masks(int32_t begin, int32_t end, int32_t ellipsis,
                                  int32_t shrink) {
  StridedSliceOptionsT options;
  options.begin_mask = begin;
  options.end_mask = end;
  options.ellipsis_mask = ellipsis;
  options.shrink_axis_mask = shrink;
  return options;
}

TEST_F(ShapeTest, ComputesSlices) {
  auto expectSlice = [&](const UnaryModel &model, const std::string &offsets,
                         const std::string &sizes, const std::string &strides) {
    std::string expected = "offsets = array<i64: " + offsets +
                           ">, sizes = array<i64: " + sizes +
                           ">, strides = array<i64: " + strides + ">";
    std::string text = expectImported(model);
    EXPECT_TRUE(contains(text, expected)) << expected << "\n" << text;
  };
  expectSlice(sliceModel({4, 3}, {2, 3}, {1, 0}, {3, 3}, {1, 1}), "1, 0",
              "2, 3", "1, 1");
  expectSlice(
      sliceModel({4, 3}, {4, 2}, {0, 0}, {0, 0}, {1, 2}, masks(3, 3, 0, 0)),
      "0, 0", "4, 2", "1, 2");
  expectSlice(sliceModel({4, 3}, {4, 3}, {0, -1}, {4, -9}, {1, -1}), "0, 2",
              "4, 3", "1, -1");
  expectSlice(sliceModel({4, 3}, {3}, {-1}, {0}, {1}, masks(0, 0, 0, 1)),
              "3, 0", "1, 3", "1, 1");
  expectSlice(
      sliceModel({4, 3}, {4, 1}, {0, 1}, {0, 2}, {1, 1}, masks(0, 0, 1, 0)),
      "0, 1", "4, 1", "1, 1");
}

TEST_F(ShapeTest, RefusesSlices) {
  expectError(
      sliceModel({4}, {4}, {0}, {4}, {0}),
      "operator 0 (STRIDED_SLICE, 'y'): expected strides other than 0, found "
      "0 for dimension 0");
  expectError(sliceModel({4}, {4}, {0, 0}, {4}, {1}),
              "expected begin, end and strides for at most 1 dimensions, found "
              "2, 1 and 1");
  expectError(sliceModel({4}, {1}, {3}, {3}, {1}),
              "expected an output of shape [0], found [1]");
  StridedSliceOptionsT shrink, axes, offset;
  shrink.shrink_axis_mask = 1;
  expectError(sliceModel({4}, {}, {7}, {8}, {1}, shrink),
              "expected an index below 4 for dimension 0, found 7");
  axes.new_axis_mask = 1;
  expectError(sliceModel({4}, {1, 4}, {0}, {4}, {1}, axes),
              "expected no new axes and absolute ends, found new_axis_mask");
  offset.offset = true;
  expectError(sliceModel({4}, {4}, {0}, {4}, {1}, offset), "found offset");
}

TEST_F(ShapeTest, RefusesSlicesByOtherThanIntegers) {
  UnaryModel model = sliceModel({4}, {4}, {0}, {4}, {1});
  for (int32_t operand : {3, 4}) // end and strides: still one error
    model.tensor(operand).type = TensorType::FLOAT32;
  expectError(model, "expected constant end of INT32 or INT64, found "
                     "'operand_2' (3) of FLOAT32");
}

TEST_F(ShapeTest, ImportsTranspose) {
  UnaryModel model(BuiltinOperator::TRANSPOSE, {2, 3, 4}, {4, 2, 3});
  model.operand({2, 0, 1});
  EXPECT_TRUE(
      contains(expectImported(model), "permutation = array<i64: 2, 0, 1>"));
  for (const std::vector<int32_t> &wrong :
       {std::vector<int32_t>{0, 1, 1}, {0, 1}, {0, 1, 3}, {0, -2, 1}}) {
    UnaryModel refused(BuiltinOperator::TRANSPOSE, {2, 3, 4}, {4, 2, 3});
    refused.operand(wrong);
    expectError(refused, "expected a permutation of 3 dimensions, found [0, ");
  }
}

TEST_F(ShapeTest, ImportsPad) {
  UnaryModel model(BuiltinOperator::PAD, {2, 3}, {3, 6});
  model.operand({0, 1, 2, 1});
  std::string text = expectImported(model);
  EXPECT_TRUE(contains(text, "high = array<i64: 1, 1>, low = array<i64: 0, "
                             "2>"))
      << text;
  UnaryModel count(BuiltinOperator::PAD, {2, 3}, {3, 6});
  count.operand({0, 1, 2});
  expectError(count, "expected 4 paddings, two a dimension, found 3");
  UnaryModel negative(BuiltinOperator::PAD, {2, 3}, {3, 6});
  negative.operand({0, 1, -1, 1});
  expectError(negative, "expected paddings of at least 0, found -1 and 1 for "
                        "dimension 1");
}

TEST_F(ShapeTest, FoldsMoves) {
  TestModel model;
  int32_t x = model.floatConstant("x", {2, 3}, {1, 2, 3, 4, 5, 6});
  int32_t permutation = model.int32Constant("p", {2}, {1, 0});
  int32_t y = model.float32("y", {3, 2});
  model.addOperator(BuiltinOperator::TRANSPOSE, {x, permutation}, y);
  int32_t begin = model.int32Constant("begin", {2}, {-1, 1});
  int32_t end = model.int32Constant("end", {2}, {-4, 2});
  int32_t strides = model.int32Constant("strides", {2}, {-2, 1});
  int32_t z = model.float32("z", {2, 1});
  model.addOperator(BuiltinOperator::STRIDED_SLICE, {y, begin, end, strides}, z,
                    StridedSliceOptionsT());
  int32_t joined = model.float32("joined", {2, 3});
  ConcatenationOptionsT options;
  options.axis = 1;
  model.addOperator(BuiltinOperator::CONCATENATION, {z, z, z}, joined, options);
  expectFolded(model, joined,
               "[[6.000000e+00, 6.000000e+00, 6.000000e+00], [4.000000e+00, "
               "4.000000e+00, 4.000000e+00]]");
}

TEST_F(ShapeTest, FoldsDequantize) {
  TestModel half;
  int32_t x = half.add("x", {3}, TensorType::FLOAT16);
  half.setData(x, bytesOf<uint16_t>({0x3c00, 0xc100, 0x0001}));
  int32_t y = half.float32("y", {3});
  half.addOperator(BuiltinOperator::DEQUANTIZE, {x}, y);
  expectFolded(half, y, "[1.000000e+00, -2.500000e+00, 5.96046448E-8]");
  TestModel channels;
  x = channels.int8Constant("x", {2, 2}, {1, 2, 3, -4});
  channels.tensor(x).quantization->scale = {0.5f, 0.25f};
  channels.tensor(x).quantization->zero_point = {0, 1};
  channels.tensor(x).quantization->quantized_dimension = 1;
  y = channels.float32("y", {2, 2});
  channels.addOperator(BuiltinOperator::DEQUANTIZE, {x}, y);
  expectFolded(channels, y,
               "[[5.000000e-01, 2.500000e-01], [1.500000e+00, "
               "-1.250000e+00]]");
}

/// Integers are no output of a model, so what they compute is a shape here.
TEST_F(ShapeTest, FoldsIntegerArithmetic) {
  for (auto [code, expected] :
       {std::pair(BuiltinOperator::ADD, Shape{8, 3}),
        std::pair(BuiltinOperator::SUB, Shape{4, -1}),
        std::pair(BuiltinOperator::MUL, Shape{12, 2})}) {
    UnaryModel model(code, {24}, {expected[0], 24 / expected[0]});
    int32_t lhs = model.int32Constant("lhs", {2}, {6, 1});
    int32_t rhs = model.int32Constant("rhs", {1}, {2});
    int32_t shape = model.add("shape", {2}, TensorType::INT32);
    model.op().inputs = {lhs, rhs};
    model.op().outputs = {shape};
    model.addOperator(BuiltinOperator::RESHAPE, {UnaryModel::input, shape},
                      UnaryModel::output);
    expectImported(model);
    AddOptionsT add;
    SubOptionsT sub;
    MulOptionsT mul;
    add.fused_activation_function = sub.fused_activation_function =
        mul.fused_activation_function = ActivationFunctionType::RELU;
    if (code == BuiltinOperator::ADD)
      model.op().builtin_options.Set(add);
    else if (code == BuiltinOperator::SUB)
      model.op().builtin_options.Set(sub);
    else
      model.op().builtin_options.Set(mul);
    expectError(model, "expected integers of one type and no fused activation, "
                       "found INT32, INT32 and activation relu");
  }
}

TEST_F(ShapeTest, RefusesFoldsIntoAnotherType) {
  TestModel model;
  int32_t x = model.int32Constant("x", {2}, {1, 2});
  int32_t y = model.add("y", {1, 2}, TensorType::INT64);
  model.addOperator(BuiltinOperator::RESHAPE, {x}, y);
  model.inputs({model.int8("unused", {1})});
  model.outputs({2});
  expectError(model, "expected the input 'x' (0) to have the element type of "
                     "the output, 'i64', found 'i32'");
}

TEST_F(ShapeTest, LimitsWhatIsFolded) {
  TestModel model;
  constexpr int32_t size = 1 << 20, count = 100;
  int32_t x = model.int8Constant("x", {size}, std::vector<int8_t>(size, 1));
  int32_t y = model.int8("y", {size * count});
  model.addOperator(BuiltinOperator::CONCATENATION,
                    std::vector<int32_t>(count, x), y, ConcatenationOptionsT());
  model.inputs({model.int8("unused", {1})});
  model.outputs({y});
  expectError(model, "expected at most 67108864 bytes of constants that "
                     "operators compute from constants, found 104857600 with "
                     "output 'y' (1)");
}

//===- FileTest.cpp - Refused and accepted .tflite files ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The envelope: what is wrong with the file as a whole, its graph's inputs,
// outputs and order.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "thimble/Import/TFLite.h"

using namespace thimble;
using namespace thimble::tflite;

using FileTest = ImportTest;

static bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

TEST_F(FileTest, RefusesWhatIsNoModel) {
  expectError(std::vector<uint8_t>(), "found an empty file");
  expectError({1, 2, 3}, "found another kind of file");
  std::vector<uint8_t> other = ConvModel().bytes();
  other[4] = 'X';
  expectError(other, "with the identifier 'TFL3', found another kind of file");
}

TEST_F(FileTest, RefusesEveryTruncation) {
  std::vector<uint8_t> whole = ConvModel().bytes();
  for (size_t size = 8; size + 1 < whole.size(); size += 7)
    expectError(std::vector<uint8_t>(whole.begin(), whole.begin() + size),
                "the file is truncated or damaged");
}

TEST_F(FileTest, RefusesHugeOffsets) {
  std::vector<uint8_t> bytes = ConvModel().bytes();
  for (int i = 0; i < 4; ++i)
    bytes[i] = 0xff;
  expectError(bytes, "offsets that lead outside of the file's");
}

TEST_F(FileTest, RefusesOtherVersions) {
  ConvModel model;
  model.model.version = 2;
  expectError(model,
              "expected version 3 of the TensorFlow Lite format, found 2");
}

TEST_F(FileTest, RefusesIncompleteModels) {
  ConvModel withoutGraph;
  withoutGraph.model.subgraphs.clear();
  expectError(withoutGraph, "expected a model with a subgraph, found none");
  ConvModel withoutOutputs;
  withoutOutputs.outputs({});
  expectError(withoutOutputs, "4 tensors, 1 inputs and 0 outputs");
}

TEST_F(FileTest, ReadsUnalignedBytes) {
  std::vector<uint8_t> bytes = ConvModel().bytes();
  std::vector<char> shifted(bytes.size() + 1);
  std::memcpy(shifted.data() + 1, bytes.data(), bytes.size());
  llvm::StringRef content(shifted.data() + 1, bytes.size());
  EXPECT_TRUE(importTFLite(llvm::MemoryBufferRef(content, "net.tflite"),
                           ImportOptions(), &context));
}

TEST_F(FileTest, BoundsInputsAndOutputs) {
  ConvModel model;
  model.outputs(std::vector<int32_t>(300, ConvModel::output));
  expectError(model, "expected at most 256 inputs and as many outputs");
}

TEST_F(FileTest, RefusesInputsThatAreNone) {
  ConvModel twice;
  twice.inputs({ConvModel::input, ConvModel::input});
  expectError(twice, "the model's inputs: expected different tensors");
  ConvModel constant;
  constant.inputs({ConvModel::weights});
  expectError(constant, "found 'filters' (1)");
  ConvModel integer;
  integer.inputs({integer.add("i", {1}, TensorType::INT32)});
  expectError(integer, "tensor<1xi32>");
  ConvModel outside;
  outside.inputs({17});
  expectError(outside, "the model's inputs: expected the index of one of the "
                       "4 tensors, found 17");
}

TEST_F(FileTest, RefusesOutputsThatAreNone) {
  ConvModel undefined;
  undefined.outputs({undefined.int8("lost", {2})});
  expectError(undefined, "found 'lost' (4), which nothing defines");
  ConvModel integer;
  integer.outputs({ConvModel::bias});
  expectError(integer, "the model's outputs: expected tensors of FLOAT32");
  ConvModel outside;
  outside.outputs({-1});
  expectError(outside, "expected the index of one of the 4 tensors, found -1");
}

TEST_F(FileTest, TakesUnknownBatchesAsOne) {
  ConvModel model;
  model.tensor(ConvModel::input).shape_signature = {-1, 4, 4, 2};
  expectImported(model);
  model.tensor(ConvModel::input).shape_signature = {1, -1, 4, 2};
  expectError(model, "expected static sizes, found shape [1, -1, 4, 2] of "
                     "'image' (0)");
}

TEST_F(FileTest, NamesFunctionArgumentsAndOps) {
  std::string text = expectImported(ConvModel());
  EXPECT_TRUE(contains(text, "func.func @net_1(")) << text;
  EXPECT_TRUE(contains(text, "thimble.name = \"image\"")) << text;
  EXPECT_TRUE(contains(text, "thimble.name = \"features\"")) << text;
  EXPECT_TRUE(contains(text, "thimble.id = \"conv_2d_0\"")) << text;
  EXPECT_EQ(modelNameFromPath("a/7-net.v2.tflite"), "model_7_net_v2");
}

TEST_F(FileTest, LocatesOpsByTensorAndIndex) {
  auto module = import(ConvModel());
  ASSERT_TRUE(module);
  std::string text;
  module->walk(
      [&](Conv2DOp op) { llvm::raw_string_ostream(text) << op.getLoc(); });
  EXPECT_EQ(text, "loc(\"features\"(\"dir/net-1.tflite\":0:0))");
}

TEST_F(FileTest, CopiesOutputsThatNoOperatorComputes) {
  ConvModel model;
  model.outputs({ConvModel::output, ConvModel::input, ConvModel::output,
                 ConvModel::weights});
  std::string text = expectImported(model);
  EXPECT_TRUE(contains(text, "thimble.id = \"reshape_1\"")) << text;
  EXPECT_TRUE(contains(text, "thimble.id = \"reshape_2\"")) << text;
  EXPECT_TRUE(contains(text, "thimble.id = \"reshape_3\"")) << text;
}

TEST_F(FileTest, RefusesCycles) {
  UnaryModel model(BuiltinOperator::RELU, {1, 4}, {1, 4});
  int32_t back = model.int8("back", {1, 4});
  model.op().inputs = {back};
  model.addOperator(BuiltinOperator::RELU, {UnaryModel::output}, back);
  expectError(model,
              "operator 0 (RELU, 'y'): expected an input that an earlier "
              "operator computes, found 'back' (2)");
}

TEST_F(FileTest, RefusesSecondDefinitions) {
  ConvModel input;
  input.op().outputs = {ConvModel::input};
  expectError(input, "found 'image' (0), which is defined already");
  ConvModel constant;
  constant.op().outputs = {ConvModel::weights};
  expectError(constant, "found 'filters' (1), which has numbers already");
}

TEST_F(FileTest, RefusesOperatorCodesOutOfRange) {
  ConvModel model;
  model.op().opcode_index = 9;
  expectError(model, "operator 0: expected the index of one of the 1 operator "
                     "codes, found 9");
}

TEST_F(FileTest, ReadsOperatorCodesFromEitherField) {
  ConvModel model;
  OperatorCodeT &code = *model.model.operator_codes[0];
  code.deprecated_builtin_code = static_cast<int8_t>(code.builtin_code);
  code.builtin_code = BuiltinOperator::ADD;
  expectImported(model);
}

TEST_F(FileTest, NamesOperatorsThatAreNotSupported) {
  ConvModel model;
  OperatorCodeT &code = *model.model.operator_codes[0];
  code.builtin_code = BuiltinOperator::WHILE;
  expectError(model,
              "operator 0 (WHILE, 'features'): expected a supported operator");
  code.builtin_code = static_cast<BuiltinOperator>(4321);
  expectError(
      model,
      "operator 0 (number 4321, 'features'): expected a supported operator");
  code.builtin_code = BuiltinOperator::CUSTOM;
  code.custom_code = "Fourier";
  expectError(model,
              "operator 0 (CUSTOM Fourier, 'features'): expected a supported");
}

TEST_F(FileTest, PassesOverSubgraphsThatNothingRuns) {
  ConvModel model;
  model.model.subgraphs.push_back(std::make_unique<SubGraphT>());
  expectImported(model);
}

TEST_F(FileTest, NamesTensorsWithoutNames) {
  ConvModel model;
  model.tensor(ConvModel::input).name = "";
  model.tensor(ConvModel::output).name = "a\nb";
  std::string text = expectImported(model);
  EXPECT_TRUE(contains(text, "thimble.name = \"tensor_0\"")) << text;
  EXPECT_TRUE(contains(text, "thimble.name = \"a?b\"")) << text;
}

//===- TestModel.cpp - Small models for the importer's tests --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models are written by FlatBuffers' own object API.
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "thimble/Import/TFLite.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

TestModel::TestModel() {
  model.version = 3;
  model.buffers.push_back(std::make_unique<BufferT>());
  model.subgraphs.push_back(std::make_unique<SubGraphT>());
}

int32_t TestModel::add(const std::string &name, const Shape &shape,
                       tflite::TensorType type) {
  auto added = std::make_unique<TensorT>();
  added->name = name;
  added->shape = shape;
  added->type = type;
  graph().tensors.push_back(std::move(added));
  return graph().tensors.size() - 1;
}

int32_t TestModel::int8(const std::string &name, const Shape &shape,
                        float scale, int64_t zeroPoint) {
  int32_t index = add(name, shape, tflite::TensorType::INT8);
  tensor(index).quantization = std::make_unique<QuantizationParametersT>();
  tensor(index).quantization->scale = {scale};
  tensor(index).quantization->zero_point = {zeroPoint};
  return index;
}

void TestModel::setData(int32_t index, std::vector<uint8_t> bytes) {
  auto buffer = std::make_unique<BufferT>();
  buffer->data = std::move(bytes);
  tensor(index).buffer = model.buffers.size();
  model.buffers.push_back(std::move(buffer));
}

int32_t TestModel::int8Constant(const std::string &name, const Shape &shape,
                                const std::vector<int8_t> &numbers,
                                float scale) {
  int32_t index = int8(name, shape, scale);
  setData(index, bytesOf(numbers));
  return index;
}

int32_t TestModel::int32Constant(const std::string &name, const Shape &shape,
                                 const std::vector<int32_t> &numbers) {
  int32_t index = add(name, shape, tflite::TensorType::INT32);
  setData(index, bytesOf(numbers));
  return index;
}

int32_t TestModel::floatConstant(const std::string &name, const Shape &shape,
                                 const std::vector<float> &numbers) {
  int32_t index = float32(name, shape);
  setData(index, bytesOf(numbers));
  return index;
}

OperatorT &TestModel::addOperator(BuiltinOperator code,
                                  std::vector<int32_t> inputs, int32_t output) {
  auto codeTable = std::make_unique<OperatorCodeT>();
  codeTable->builtin_code = code;
  model.operator_codes.push_back(std::move(codeTable));
  auto added = std::make_unique<OperatorT>();
  added->opcode_index = model.operator_codes.size() - 1;
  added->inputs = std::move(inputs);
  added->outputs = {output};
  graph().operators.push_back(std::move(added));
  return *graph().operators.back();
}

std::vector<uint8_t> TestModel::bytes() const {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(tflite::Model::Pack(builder, &model), ModelIdentifier());
  return std::vector<uint8_t>(builder.GetBufferPointer(),
                              builder.GetBufferPointer() + builder.GetSize());
}

OwningOpRef<ModuleOp> ImportTest::import(const std::vector<uint8_t> &bytes) {
  errors.clear();
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    stream << diagnostic.getLocation() << ": " << diagnostic;
    errors.push_back(text);
    return success();
  });
  StringRef content(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto module = importTFLite(llvm::MemoryBufferRef(content, "dir/net-1.tflite"),
                             ImportOptions(), &context);
  if (module && failed(verify(*module)))
    return {};
  return module;
}

std::string ImportTest::expectImported(const TestModel &model) {
  OwningOpRef<ModuleOp> module = import(model);
  EXPECT_TRUE(errors.empty()) << errors.front();
  EXPECT_TRUE(module);
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (module)
    module->print(stream);
  return text;
}

void ImportTest::expectError(const std::vector<uint8_t> &bytes,
                             const std::string &message) {
  OwningOpRef<ModuleOp> module = import(bytes);
  EXPECT_FALSE(module) << "expected the error: " << message;
  ASSERT_EQ(errors.size(), 1u) << "expected the error: " << message;
  EXPECT_NE(errors[0].find(message), std::string::npos)
      << "expected: " << message << "\nfound: " << errors[0];
  EXPECT_NE(errors[0].find("dir/net-1.tflite"), std::string::npos) << errors[0];
}

std::vector<std::string> ImportTest::constants(ModuleOp module) {
  std::vector<std::string> texts;
  module.walk([&](ConstantOp op) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    stream << op.getValue();
    texts.push_back(text);
  });
  return texts;
}

ConvModel::ConvModel() {
  int8("image", {1, 4, 4, 2}, 0.5f, -3);
  int8Constant("filters", {3, 2, 2, 2}, std::vector<int8_t>(24, 1), 0.25f);
  int32Constant("offsets", {3}, {1, 2, 3});
  int8("features", {1, 3, 3, 3}, 2.0f, 5);
  Conv2DOptionsT options;
  options.padding = Padding::VALID;
  options.stride_w = options.stride_h = 1;
  options.fused_activation_function = ActivationFunctionType::RELU;
  addOperator(BuiltinOperator::CONV_2D, {input, weights, bias}, output,
              options);
  inputs({input});
  outputs({output});
}

UnaryModel::UnaryModel(BuiltinOperator code, const Shape &in, const Shape &out,
                       float scale, int64_t zeroPoint) {
  int8("x", in);
  int8("y", out, scale, zeroPoint);
  addOperator(code, {input}, output);
  inputs({input});
  outputs({output});
}

int32_t UnaryModel::operand(const std::vector<int32_t> &numbers) {
  int32_t index = int32Constant("operand_" + std::to_string(op().inputs.size()),
                                {int32_t(numbers.size())}, numbers);
  op().inputs.push_back(index);
  return index;
}

//===- TestModel.h - Small models for the importer's tests ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model that is put together in memory, so that a test can break one thing
// of it, and the import of it with the errors that it gives.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_IMPORT_TESTMODEL_H
#define THIMBLE_TEST_UNIT_IMPORT_TESTMODEL_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Import/TFLite/schema_generated.h"
#include "gtest/gtest.h"
#include <cstring>
#include <string>
#include <vector>

namespace thimble::tflite {

using Shape = std::vector<int32_t>;

/// Bytes of numbers as a buffer stores them.
template <typename T>
std::vector<uint8_t> bytesOf(const std::vector<T> &numbers) {
  std::vector<uint8_t> bytes(numbers.size() * sizeof(T));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// A model with one subgraph; `model` may be changed before it is imported.
struct TestModel {
  TestModel();

  SubGraphT &graph() { return *model.subgraphs[0]; }
  TensorT &tensor(int32_t index) { return *graph().tensors[index]; }
  OperatorT &op(size_t index = 0) { return *graph().operators[index]; }

  int32_t add(const std::string &name, const Shape &shape, TensorType type);
  /// An int8 tensor with this quantization.
  int32_t int8(const std::string &name, const Shape &shape, float scale = 0.5f,
               int64_t zeroPoint = 0);
  int32_t float32(const std::string &name, const Shape &shape) {
    return add(name, shape, TensorType::FLOAT32);
  }
  /// Constants; the number of elements must fit the shape to be imported.
  int32_t int8Constant(const std::string &name, const Shape &shape,
                       const std::vector<int8_t> &numbers, float scale = 0.5f);
  int32_t int32Constant(const std::string &name, const Shape &shape,
                        const std::vector<int32_t> &numbers);
  int32_t floatConstant(const std::string &name, const Shape &shape,
                        const std::vector<float> &numbers);
  void setData(int32_t tensor, std::vector<uint8_t> bytes);

  OperatorT &addOperator(BuiltinOperator code, std::vector<int32_t> inputs,
                         int32_t output);
  template <typename Options>
  Options &addOperator(BuiltinOperator code, std::vector<int32_t> inputs,
                       int32_t output, Options options) {
    OperatorT &added = addOperator(code, std::move(inputs), output);
    added.builtin_options.Set(std::move(options));
    return *static_cast<Options *>(added.builtin_options.value);
  }
  void inputs(std::vector<int32_t> tensors) { graph().inputs = tensors; }
  void outputs(std::vector<int32_t> tensors) { graph().outputs = tensors; }

  std::vector<uint8_t> bytes() const;

  ModelT model;
};

/// Imports models and keeps the errors.
class ImportTest : public ::testing::Test {
protected:
  mlir::OwningOpRef<mlir::ModuleOp> import(const std::vector<uint8_t> &bytes);
  mlir::OwningOpRef<mlir::ModuleOp> import(const TestModel &model) {
    return import(model.bytes());
  }
  /// The import succeeds without a word and verifies; the text of its module.
  std::string expectImported(const TestModel &model);
  /// The import fails with one error, in which `message` occurs.
  void expectError(const std::vector<uint8_t> &bytes,
                   const std::string &message);
  void expectError(const TestModel &model, const std::string &message) {
    expectError(model.bytes(), message);
  }
  /// The numbers of the constants in the module, in order, as text.
  std::vector<std::string> constants(mlir::ModuleOp module);

  mlir::MLIRContext context;
  std::vector<std::string> errors;
};

/// 4x4x2 convolved with 3 filters of 2x2: the model most tests break.
struct ConvModel : TestModel {
  ConvModel();
  Conv2DOptionsT &options() { return *op().builtin_options.AsConv2DOptions(); }

  enum { input, weights, bias, output };
};

/// One operator from an int8 input to an int8 output, by default of scale 1/2.
struct UnaryModel : TestModel {
  UnaryModel(BuiltinOperator code, const Shape &in, const Shape &out,
             float scale = 0.5f, int64_t zeroPoint = 0);
  /// Appends a constant operand of INT32.
  int32_t operand(const std::vector<int32_t> &numbers);

  enum { input, output };
};

} // namespace thimble::tflite

#endif // THIMBLE_TEST_UNIT_IMPORT_TESTMODEL_H

//===- OpImporter.h - One operator of a .tflite file ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the functions in Ops/ see: an operator whose operands exist, are in
// order and have valid types, and the means to build, fold or refuse it.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_IMPORT_TFLITE_OPIMPORTER_H
#define THIMBLE_LIB_IMPORT_TFLITE_OPIMPORTER_H

#include "TensorReader.h"
#include "mlir/IR/Builders.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include <deque>

namespace thimble::tflite {

class OpImporter;

/// The limit of operators that take any number of inputs: more than models
/// have, few enough to bound the work on a damaged file.
constexpr unsigned manyInputs = 256;

/// A row of the tables in Ops/: what imports an operator, and how many inputs
/// it must have at least and may have at most. Inputs in between may be left
/// out (-1) unless there may be many.
struct OpRow {
  BuiltinOperator code;
  unsigned minInputs, maxInputs;
  mlir::LogicalResult (*import)(OpImporter &op);
};

/// Bytes of tensors that were computed while importing.
struct FoldedBytes {
  std::deque<std::vector<uint8_t>> tensors;
  /// Bytes of all of them, an upper bound.
  int64_t total = 0;
};

class OpImporter {
public:
  OpImporter(mlir::OpBuilder &builder, FoldedBytes &folded,
             llvm::StringRef name, unsigned index, const Operator &table,
             mlir::Location location)
      : builder(builder), folded(folded), opName(name), index(index),
        table(table), location(location) {}

  /// Resolves the operands; the graph calls this before anything else.
  mlir::LogicalResult resolve(const OpRow &row, TensorReader &reader);

  /// An error about this operator: its index, its name and its output's.
  mlir::InFlightDiagnostic emitError() const;

  unsigned inputCount() const { return inputs.size(); }
  /// False for an input that the operator leaves out.
  bool has(unsigned i) const { return i < inputs.size() && inputs[i]; }
  ImportedTensor &input(unsigned i) { return *inputs[i]; }
  ImportedTensor &output() { return *result; }
  /// True if every input that is there is constant.
  bool isConstant() const;
  /// Input `i` as a value of the graph, null if it is left out.
  mlir::Value value(unsigned i);

  /// The options, null if the operator has none, which means the defaults.
  template <typename T>
  mlir::FailureOr<const T *> options() const {
    if (const T *found = table.builtin_options_as<T>())
      return found;
    if (table.builtin_options_type() == BuiltinOptions::NONE)
      return static_cast<const T *>(nullptr);
    return emitOptionsError(BuiltinOptionsTraits<T>::enum_value);
  }
  /// The options of an operator that means nothing without them.
  template <typename T>
  mlir::FailureOr<const T *> requiredOptions() const {
    mlir::FailureOr<const T *> found = options<T>();
    if (succeeded(found) && !*found)
      return emitOptionsError(BuiltinOptionsTraits<T>::enum_value);
    return found;
  }
  /// The fused activation, refused if it is more than a clamp.
  mlir::FailureOr<Activation> activation(ActivationFunctionType type) const;
  template <typename T>
  mlir::FailureOr<Activation> activationOf(const T *options) const {
    return activation(options ? options->fused_activation_function()
                              : ActivationFunctionType::NONE);
  }

  /// The numbers of input `i`, a constant of INT32 or INT64 called `role`.
  mlir::FailureOr<llvm::SmallVector<int64_t>> integers(unsigned i,
                                                       llvm::StringRef role);
  /// Requires inputs `indices` and the output to be all FLOAT32, or all int8 or
  /// all int16 quantized as a whole.
  mlir::LogicalResult expectActivations(llvm::ArrayRef<unsigned> indices = {0});
  /// Requires input `i` to have the output's element type, scale and zero
  /// point included.
  mlir::LogicalResult expectOutputElementType(unsigned i);
  mlir::LogicalResult expectRank(const ImportedTensor &tensor, size_t rank);
  mlir::LogicalResult expectOutputShape(llvm::ArrayRef<int64_t> shape);

  /// Builds the op that computes the output.
  template <typename OpT, typename... Args>
  mlir::LogicalResult create(Args &&...args) {
    return finish(OpT::create(builder, location, output().type,
                              std::forward<Args>(args)...));
  }
  /// Makes the output a constant of these bytes.
  mlir::LogicalResult fold(std::vector<uint8_t> bytes);

private:
  mlir::LogicalResult resolveInputs(const OpRow &row, TensorReader &reader);
  mlir::LogicalResult limitFolding();
  mlir::LogicalResult emitOptionsError(BuiltinOptions expected) const;
  mlir::LogicalResult finish(mlir::Operation *op);

  mlir::OpBuilder &builder;
  FoldedBytes &folded;
  std::string opName;
  unsigned index;
  const Operator &table;
  mlir::Location location;
  llvm::SmallVector<ImportedTensor *, 4> inputs;
  ImportedTensor *result = nullptr;
};

/// A `thimble.constant` of the tensor's bytes.
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location location,
                           const ImportedTensor &tensor);
/// The integers in the bytes of a constant of INT32 or INT64.
llvm::SmallVector<int64_t> readIntegers(const ImportedTensor &tensor);
/// The bytes of integers as the tensor stores them.
std::vector<uint8_t> writeIntegers(llvm::ArrayRef<int64_t> values,
                                   TensorType kind);

} // namespace thimble::tflite

#endif // THIMBLE_LIB_IMPORT_TFLITE_OPIMPORTER_H

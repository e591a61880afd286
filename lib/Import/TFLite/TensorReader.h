//===- TensorReader.h - Tensors of a .tflite file ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tensor's name, type and numbers, checked when an operator or the graph
// first refers to it. Tensors that nothing refers to may be anything.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_IMPORT_TFLITE_TENSORREADER_H
#define THIMBLE_LIB_IMPORT_TFLITE_TENSORREADER_H

#include "ModelFile.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"
#include "thimble/Support/QuantizedParameters.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <memory>
#include <string>

namespace thimble::tflite {

using EmitError = llvm::function_ref<mlir::InFlightDiagnostic()>;

/// A tensor that was checked.
struct ImportedTensor {
  int32_t index = 0;
  std::string name;
  TensorType kind = TensorType::FLOAT32;
  llvm::SmallVector<int64_t> shape;
  /// Of int8 and int16 tensors; one scale, or one per index of dimension
  /// `axis`. Of others a scale if the file has exactly one, and a zero point if
  /// one is not 0.
  llvm::SmallVector<float> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  int64_t axis = 0;
  /// How the tensor appears in the graph.
  mlir::RankedTensorType type;
  /// Numbers of a constant, little endian, row-major.
  bool constant = false;
  llvm::ArrayRef<uint8_t> bytes;
  /// The value in the graph, if an operator, an input or (once something in
  /// the graph reads it) a constant defines it.
  mlir::Value value;

  int64_t elements() const;
  bool isFloat() const { return kind == TensorType::FLOAT32; }
  bool isInteger() const {
    return kind == TensorType::INT32 || kind == TensorType::INT64;
  }
  /// Quantized to int8 as a whole.
  bool isInt8() const { return kind == TensorType::INT8 && scales.size() == 1; }
  /// Quantized to int16 as a whole, with zero point 0.
  bool isInt16() const {
    return kind == TensorType::INT16 && scales.size() == 1;
  }
  bool isQuantized() const { return isInt8() || isInt16(); }
  /// The range of a tensor for which isQuantized() holds.
  ClampRange storage() const { return isInt16() ? int16Range : ClampRange(); }
  /// Of a tensor for which isQuantized() holds.
  TensorQuantization quantization() const {
    return {scales[0], static_cast<int32_t>(zeroPoints[0])};
  }
};

/// `text` without what would garble messages: control characters, excess.
std::string printable(llvm::StringRef text);
/// A tensor's name, or `tensor_<index>` if it has none.
std::string readTensorName(const Tensor &table, int64_t index);
/// The shape as `[1, 2, 3]`.
std::string shapeText(llvm::ArrayRef<int64_t> shape);
/// `INT8`, or the number of a type that is newer than this reader.
std::string kindText(TensorType kind);
/// Bytes of an element; `kind` must be one that the reader accepts.
int64_t elementBytes(TensorType kind);

class TensorReader {
public:
  TensorReader(const ModelFile &file, mlir::MLIRContext *context);

  /// Tensor `index`; null after one error, made by `emitError`, which says
  /// who asks.
  ImportedTensor *read(int64_t index, EmitError emitError);

private:
  mlir::LogicalResult check(const Tensor &table, ImportedTensor &tensor,
                            EmitError emitError);
  mlir::LogicalResult readShape(const Tensor &table, ImportedTensor &tensor,
                                EmitError emitError);
  mlir::LogicalResult readQuantization(const Tensor &table,
                                       ImportedTensor &tensor,
                                       EmitError emitError);
  mlir::LogicalResult readBuffer(const Tensor &table, ImportedTensor &tensor,
                                 EmitError emitError);
  mlir::Type elementType(const ImportedTensor &tensor) const;

  const ModelFile &file;
  mlir::MLIRContext *context;
  std::vector<std::unique_ptr<ImportedTensor>> tensors;
};

} // namespace thimble::tflite

#endif // THIMBLE_LIB_IMPORT_TFLITE_TENSORREADER_H

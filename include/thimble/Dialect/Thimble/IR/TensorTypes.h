//===- TensorTypes.h - Reading types and constants of the graph -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the implementations of ops ask of tensor types: quantization, rows,
// bytes, and the numbers behind an operand that is constant.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_TENSORTYPES_H
#define THIMBLE_DIALECT_THIMBLE_IR_TENSORTYPES_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Support/QuantizedParameters.h"

namespace thimble {

mlir::RankedTensorType tensorType(mlir::Value value);
/// The encoding of a tensor's numbers, null if they are stored as they are.
EncodingAttr encodingOf(mlir::RankedTensorType type);
/// The type without its encoding.
mlir::RankedTensorType decodedType(mlir::RankedTensorType type);
bool isFloat(mlir::Value value);
/// True for per-tensor quantized int8.
bool isInt8(mlir::Value value);
/// True for per-tensor quantized int16 with zero point 0, the only one that
/// TFLite's 16-bit kernels take.
bool isInt16(mlir::Value value);
/// True for either.
bool isQuantized(mlir::Value value);
/// True if both are f32, both int8 or both int16.
bool areSameKind(mlir::Value first, mlir::Value second);
/// An operand and the result of `op` are of one kind, and one that the op has a
/// form for (see Int8Only); emits an error otherwise.
mlir::LogicalResult verifySameKind(mlir::Operation *op, mlir::Value operand,
                                   mlir::Value result);
/// The quantization of a tensor; it must be per tensor.
TensorQuantization quantization(mlir::Value value);
/// Scale of channel `channel` of a weight (per tensor or per axis).
double channelScale(mlir::Value weight, int64_t channel);

/// What an element of this type is stored as: i8, i16, i32 or f32.
mlir::Type storageType(mlir::Type element);
/// Bytes of one element, of a row, of the tensor as stored.
int64_t elementBytes(mlir::RankedTensorType type);
int64_t tensorBytes(mlir::RankedTensorType type);
/// Elements of a row: W*C for rank 4, the last dimension otherwise.
int64_t rowElements(mlir::RankedTensorType type);
int64_t rowCount(mlir::RankedTensorType type);
/// Dimensions whose indices count rows: all but the two last for rank 4, all
/// but the last otherwise.
int64_t rowRank(mlir::RankedTensorType type);
/// The dimension whose index alone counts the rows: the last one of those that
/// do, if all before it are 1.
std::optional<int64_t> rowDimension(mlir::RankedTensorType type);
/// The type with so many rows, if there is a row dimension.
mlir::RankedTensorType withRows(mlir::RankedTensorType type, int64_t rows);
/// Elements of the last dimension (1 for a scalar).
int64_t lastDimension(mlir::RankedTensorType type);

/// The thimble.constant that a value is or, as the argument of a kernel's body
/// or decoded there, comes from; null otherwise.
ConstantOp constantOf(mlir::Value value);
/// The raw little-endian bytes of dense elements, splats expanded.
std::vector<uint8_t> elementsBytes(mlir::ElementsAttr value);
/// The same of a constant as it is stored.
std::vector<uint8_t> payloadBytes(ConstantOp constant);
/// Its numbers, decoded; null if the value is not constant.
mlir::ElementsAttr constantValue(mlir::Value value);
/// The same as raw little-endian bytes, splats expanded.
std::vector<uint8_t> constantBytes(mlir::Value value);
/// An i32 (or i64 that fits) constant's elements; `size` zeros if absent.
llvm::SmallVector<int32_t> constantIntegers(mlir::Value value, int64_t size);
/// The same of any i32 or i64 constant.
llvm::SmallVector<int64_t> constantWideIntegers(mlir::Value value,
                                                int64_t size);
/// An f32 constant's elements; `size` zeros if absent.
llvm::SmallVector<float> constantFloats(mlir::Value value, int64_t size);

/// A window over the identical row of operand `index`.
RowOperand rowOperand(mlir::Operation *op, unsigned index, RowWindow window);
/// Operand `index` read as a whole.
RowOperand wholeOperand(mlir::Operation *op, unsigned index);

/// [low, high] in real numbers of a fused activation; infinite if unbounded.
std::pair<float, float> activationRange(Activation activation);
/// The activation as the arithmetic library names it.
FusedActivation fusedActivation(Activation activation);
/// The same in the quantized numbers of an int8 or int16 output.
ClampRange quantizedActivationRange(Activation activation, mlir::Value output);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_TENSORTYPES_H

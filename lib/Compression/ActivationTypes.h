//===- ActivationTypes.h - Quantized types of activations -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which int8 or int16 type each float value of a function gets.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_ACTIVATIONTYPES_H
#define THIMBLE_LIB_COMPRESSION_ACTIVATIONTYPES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "llvm/ADT/IntEqClasses.h"

namespace thimble {

/// int8 with one byte for each 1/255 of [low, high], widened to hold 0, which
/// is exact: scale = (high - low) / 255 as float32. As TFLite's converter.
TensorQuantization chooseQuantization(double low, double high);
/// int16 with zero point 0: scale = max(-low, high) / 32767 as float32.
TensorQuantization chooseInt16Quantization(double low, double high);

/// Types by the calibrated ranges. Values that an op must not rescale between
/// (KeepsQuantization) share one type, the union of their ranges; an op whose
/// result has only one quantization gives it to what shares it.
class ActivationTypes {
public:
  /// `bits` of activations: 8 or 16.
  explicit ActivationTypes(unsigned bits) : bits(bits) {}

  /// Reads the ranges of all values of `function`, whose constant activations
  /// get a copy for each use so that each can have the type of its consumer.
  /// Emits an error where a range is missing or is none, or at an op without a
  /// form for these bits.
  mlir::LogicalResult assign(mlir::func::FuncOp function);
  /// The quantized type of a float value that is no weight and no bias.
  mlir::RankedTensorType typeOf(mlir::Value value) const;

private:
  struct Range {
    double low = 0, high = 0;
    std::optional<TensorQuantization> fixed;
  };
  mlir::LogicalResult add(mlir::Value value, mlir::Attribute range,
                          mlir::Operation *owner);
  mlir::LogicalResult addOp(mlir::Operation &op);
  void uniteOperands(mlir::Operation &op);

  unsigned bits;
  llvm::DenseMap<mlir::Value, unsigned> indices;
  llvm::IntEqClasses classes;
  llvm::SmallVector<Range> ranges; ///< by leader, once values are united
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_ACTIVATIONTYPES_H

//===- OpTables.h - Operators that are imported -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table a category, each in Ops/<Category>.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_IMPORT_TFLITE_OPTABLES_H
#define THIMBLE_LIB_IMPORT_TFLITE_OPTABLES_H

#include "OpImporter.h"

namespace thimble::tflite {

llvm::ArrayRef<OpRow> activationRows();
llvm::ArrayRef<OpRow> arithmeticRows();
llvm::ArrayRef<OpRow> contractionRows();
llvm::ArrayRef<OpRow> joinRows();
llvm::ArrayRef<OpRow> poolRows();
llvm::ArrayRef<OpRow> quantizationRows();
llvm::ArrayRef<OpRow> shapeRows();
llvm::ArrayRef<OpRow> sliceRows();

/// The row of `code`, null if it is not supported.
const OpRow *findRow(BuiltinOperator code);

/// Padding in front of and behind a dimension, as TensorFlow computes it.
struct PaddingPair {
  int64_t before = 0, after = 0;
};
/// What a window's options say of one dimension.
struct WindowDimension {
  int64_t input, kernel, stride, dilation;
  /// Outputs, and the padding they need.
  int64_t outputs(Padding padding) const;
  PaddingPair pad(Padding padding) const;
};
/// Checks strides, dilations and padding and gives [top, bottom, left, right];
/// requires the output's height and width to be what they imply.
mlir::FailureOr<llvm::SmallVector<int64_t>>
windowPadding(OpImporter &op, WindowDimension height, WindowDimension width,
              Padding padding);

} // namespace thimble::tflite

#endif // THIMBLE_LIB_IMPORT_TFLITE_OPTABLES_H

//===- TensorFile.h - A model's tensors in files ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inputs, outputs and expected outputs of a model for any number of vectors,
// as .npy files or as raw bytes.
//
// A .npy file has the tensor's type and shape, or that shape with one more axis
// in front, which counts the vectors. Every other file holds the tensor's bytes
// once for each vector, without a header.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_TENSORFILE_H
#define THIMBLE_EXECUTION_TENSORFILE_H

#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include "thimble/Target/ModelInfo.h"

namespace thimble {

/// Values of several tensors for the same vectors.
struct TensorVectors {
  uint64_t count = 1;   ///< vectors
  bool hasAxis = false; ///< a .npy file has an axis for the vectors
  /// One entry a tensor: its bytes for the first vector, for the second, ...
  llvm::SmallVector<std::string, 2> tensors;
};

/// Reads one file per tensor. `option` is the name of the option that gave the
/// paths, without dashes; `what` says what the tensors are, as `input`. Emits
/// one error at `location` if a file is missing, or is not what the tensor is,
/// or if two disagree about the number of vectors.
mlir::FailureOr<TensorVectors> readTensors(mlir::Location location,
                                           llvm::ArrayRef<TensorInfo> tensors,
                                           llvm::ArrayRef<std::string> paths,
                                           llvm::StringRef option,
                                           llvm::StringRef what);

/// The content of the file `path` for the values `bytes` of one tensor.
std::string formatTensorFile(llvm::StringRef path, const TensorInfo &tensor,
                             const TensorVectors &vectors,
                             llvm::StringRef bytes);

/// As `int8[1,49,10,1]`.
std::string describeType(const TensorInfo &tensor);

/// One element as its number, whatever its type.
double readElement(ElementKind kind, llvm::StringRef bytes, uint64_t index);

/// Prints all values, as stored and, of quantized tensors, what they stand for.
void printTensors(llvm::ArrayRef<TensorInfo> tensors,
                  const TensorVectors &vectors, llvm::raw_ostream &stream);

} // namespace thimble

#endif // THIMBLE_EXECUTION_TENSORFILE_H

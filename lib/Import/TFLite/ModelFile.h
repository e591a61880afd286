//===- ModelFile.h - A checked .tflite file ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The envelope of a model: what must hold before tensors and operators can be
// looked at.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_IMPORT_TFLITE_MODELFILE_H
#define THIMBLE_LIB_IMPORT_TFLITE_MODELFILE_H

#include "mlir/IR/Diagnostics.h"
#include "thimble/Import/TFLite/schema_generated.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <vector>

namespace thimble::tflite {

/// Bytes that FlatBuffers may read in place, with all offsets in bounds.
class ModelFile {
public:
  /// Checks `file`; emits one error at `location` if it is no model.
  mlir::LogicalResult open(llvm::MemoryBufferRef file, mlir::Location location);

  const Model &model() const { return *root; }
  /// The subgraph that is imported.
  const SubGraph &graph() const { return *root->subgraphs()->Get(0); }

private:
  mlir::LogicalResult checkEnvelope(mlir::Location location) const;

  /// A copy if the file's own bytes are not aligned as FlatBuffers needs.
  std::vector<uint64_t> aligned;
  llvm::ArrayRef<uint8_t> bytes;
  const Model *root = nullptr;
};

/// A vector of the file that may be absent.
template <typename T>
llvm::SmallVector<int64_t> toIntegers(const flatbuffers::Vector<T> *vector) {
  return vector ? llvm::SmallVector<int64_t>(vector->begin(), vector->end())
                : llvm::SmallVector<int64_t>();
}

template <typename T>
size_t sizeOf(const flatbuffers::Vector<T> *vector) {
  return vector ? vector->size() : 0;
}

} // namespace thimble::tflite

#endif // THIMBLE_LIB_IMPORT_TFLITE_MODELFILE_H

//===- TFLite.h - Reading TensorFlow Lite models ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A .tflite file (FlatBuffers, identifier TFL3, version 3) becomes a module of
// `thimble` graph ops. Files are not trusted: whatever is in them ends in a
// module that verifies or in one located error.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_IMPORT_TFLITE_H
#define THIMBLE_IMPORT_TFLITE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>

namespace thimble {

struct ImportOptions {
  /// The model's name, a C identifier; it names the function. If empty, it is
  /// made from the name of the file.
  std::string name;
};

/// The stem of `path` as a C identifier: `models/kws-1.tflite` gives `kws_1`.
std::string modelNameFromPath(llvm::StringRef path);

/// Reads the first subgraph of `file`, whose identifier is its path.
///
/// The module has one public function with the model's inputs and outputs as
/// arguments and results, each with its tensor's name as `thimble.name`. Ops
/// carry `thimble.id` = `<mnemonic>_<operator index>` and the location
/// `loc("<output tensor>"("<file>":<operator index>:0))`.
///
/// Types: int8 tensors have `!quant.uniform<i8:f32, s:z>` (scales are doubles
/// of the file's float32; constants also per axis), biases are i32, float
/// tensors f32. Shapes are the file's and static; a batch of unknown size is 1
/// if the file says so. Operators on constants are folded.
///
/// Returns null after exactly one error, at the file and, as the line, the
/// index of the operator that it is about.
mlir::OwningOpRef<mlir::ModuleOp> importTFLite(llvm::MemoryBufferRef file,
                                               const ImportOptions &options,
                                               mlir::MLIRContext *context);

/// Registers `--import-tflite` of thimble-translate.
void registerFromTFLite();

} // namespace thimble

#endif // THIMBLE_IMPORT_TFLITE_H

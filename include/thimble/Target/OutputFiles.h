//===- OutputFiles.h - All files or none ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the files of one compilation so that a failure leaves none behind.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_OUTPUTFILES_H
#define THIMBLE_TARGET_OUTPUTFILES_H

#include "mlir/IR/Location.h"

namespace thimble {

/// A file to be written.
struct OutputFile {
  std::string path;
  llvm::StringRef bytes;
};

/// Writes `files`: first all of them beside their places under other names,
/// then it renames them, so that a reader sees an old file or a whole new one.
/// What exists and is no regular file (a pipe, a device) is written to as it
/// is. On failure emits one error at `location` and removes what it wrote.
mlir::LogicalResult writeFiles(mlir::Location location,
                               llvm::ArrayRef<OutputFile> files);

} // namespace thimble

#endif // THIMBLE_TARGET_OUTPUTFILES_H

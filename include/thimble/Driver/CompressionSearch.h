//===- CompressionSearch.h - The smallest network within budgets -*- C++
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes compress to a number of weight bytes; here that number is found for
// which the whole object, its RAM, its cycles and its accuracy keep what the
// user asked for. Every point tried is compiled, and run on samples that are
// kept aside for it: figures are those of the object.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DRIVER_COMPRESSIONSEARCH_H
#define THIMBLE_DRIVER_COMPRESSIONSEARCH_H

#include "thimble/Driver/Compilation.h"

namespace thimble {

/// A compressed network that was compiled and, if that was asked for, run.
struct CompressedPoint {
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< the numbers are final
  int64_t weightLimit = -1; ///< what thimble-allocate was told; -1: 8 bits
  bool isDistilled = false;
  uint64_t weightBytes = 0, flashBytes = 0, ramBytes = 0;
  std::optional<uint64_t> cycles; ///< an estimate, one inference
  /// Percent lost against the teacher on the samples kept aside: points of
  /// accuracy or agreement, or of the mean error.
  std::optional<double> drop;
};

/// Compresses `graph`, a float model at the end of Stage::Graph, as `options`
/// ask; returns it with final numbers. Tells `log` (which may be null) about
/// each point. Emits an error if budgets cannot be kept: it says what comes
/// nearest.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
searchCompression(mlir::ModuleOp graph, const CompilationOptions &options,
                  llvm::raw_ostream *log);

} // namespace thimble

#endif // THIMBLE_DRIVER_COMPRESSIONSEARCH_H

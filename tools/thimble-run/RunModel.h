//===- RunModel.h - Compiles, runs and judges a model -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that thimble-run does.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_RUN_RUNMODEL_H
#define THIMBLE_TOOLS_THIMBLE_RUN_RUNMODEL_H

#include "RunOptions.h"

namespace thimble {

/// Compiles and runs the model, prints or writes what was asked for. Fails,
/// with an error that has been emitted, also if outputs, layers or the stack
/// are not as expected. Files appear only if the model ran to its end.
mlir::LogicalResult runModel(mlir::MLIRContext &context,
                             const RunOptions &options);

} // namespace thimble

#endif // THIMBLE_TOOLS_THIMBLE_RUN_RUNMODEL_H

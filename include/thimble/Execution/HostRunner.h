//===- HostRunner.h - Runs a model in this process --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads an object that was compiled for the host and calls it. The object is
// the compiler's own output, the same bytes that thimblec writes; nothing is
// lowered in another way for the host.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_HOSTRUNNER_H
#define THIMBLE_EXECUTION_HOSTRUNNER_H

#include "thimble/Execution/Execution.h"

namespace thimble {

/// Runs `object`, the model that `model` describes, on all vectors. Emits an
/// error at `location` if the object cannot be loaded or writes outside its
/// arena (or, with IOMode::pointers, outside its outputs or to its inputs).
mlir::FailureOr<ExecutionResult> runOnHost(mlir::Location location,
                                           const ModelInfo &model,
                                           llvm::StringRef object,
                                           const TensorVectors &inputs);

} // namespace thimble

#endif // THIMBLE_EXECUTION_HOSTRUNNER_H

//===- EmulatorRunner.h - Runs a model on an emulated core ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Links an object with the board of its core, which brings the firmware that
// runs models (runtime/include/thimble_rt/job.h), and starts the emulator.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_EMULATORRUNNER_H
#define THIMBLE_EXECUTION_EMULATORRUNNER_H

#include "thimble/Execution/EmulatorToolchain.h"
#include "thimble/Execution/Execution.h"

namespace thimble {

struct EmulatorOptions {
  std::string prefix; ///< see EmulatorToolchain::find
  std::string cpu;    ///< as `cortex-m4`
  /// Seconds after which the emulator is stopped.
  unsigned timeoutSeconds = 600;
  bool countCycles = false;
};

/// Runs `object`, the model that `model` describes, on all vectors, in a
/// temporary folder that is removed in the end. Emits one error at `location`
/// if something that it needs is missing, if the emulator does not end in time,
/// or if the model does what no model may: a fault, a write outside its memory,
/// a register that is not preserved.
mlir::FailureOr<ExecutionResult> runInEmulator(mlir::Location location,
                                               const ModelInfo &model,
                                               llvm::StringRef object,
                                               const TensorVectors &inputs,
                                               const EmulatorOptions &options);

} // namespace thimble

#endif // THIMBLE_EXECUTION_EMULATORRUNNER_H

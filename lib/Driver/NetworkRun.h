//===- NetworkRun.h - A network's outputs for samples -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What scores are made of.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DRIVER_NETWORKRUN_H
#define THIMBLE_LIB_DRIVER_NETWORKRUN_H

#include "mlir/IR/BuiltinOps.h"
#include "thimble/Evaluation/ModelSamples.h"
#include "thimble/Evaluation/Scores.h"

namespace thimble {

/// The function of a module that is the model, null without one.
/// Runs the model on some samples on this host; the first output is judged.
/// Emits an error if the model cannot be compiled or a sample not be read.
mlir::FailureOr<NetworkOutputs> runOnSamples(mlir::ModuleOp module,
                                             const SampleSet &samples,
                                             llvm::ArrayRef<uint64_t> indices);

} // namespace thimble

#endif // THIMBLE_LIB_DRIVER_NETWORKRUN_H

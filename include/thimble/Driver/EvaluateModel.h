//===- EvaluateModel.h - How a compiled model does on samples ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the networks of a compilation on the same samples, on this host: the
// model as it was read, its plain int8 form if it was compressed, and what was
// compiled. Targets compute the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DRIVER_EVALUATEMODEL_H
#define THIMBLE_DRIVER_EVALUATEMODEL_H

#include "thimble/Driver/Compilation.h"
#include "thimble/Evaluation/SampleSet.h"
#include "thimble/Evaluation/Scores.h"

namespace thimble {

class ModelEvaluation {
public:
  /// Opens the samples of --evaluate for a compilation that was loaded, so that
  /// mistakes are found before minutes of work. Warns if some of them are among
  /// those of --calibrate. Emits an error on failure, as does run.
  static mlir::FailureOr<std::unique_ptr<ModelEvaluation>>
  prepare(Compilation &compilation);

  /// Scores the networks of the compilation, which is done. The first output of
  /// a network is judged.
  mlir::FailureOr<EvaluationInfo> run();

private:
  explicit ModelEvaluation(Compilation &compilation)
      : compilation(compilation) {}
  mlir::LogicalResult open();
  mlir::LogicalResult countShared(mlir::func::FuncOp model);
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> quantize();

  Compilation &compilation;
  std::unique_ptr<SampleSet> samples;
  Task task = Task::agreement;
  uint64_t shared = 0;
};

} // namespace thimble

#endif // THIMBLE_DRIVER_EVALUATEMODEL_H

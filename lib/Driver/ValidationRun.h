//===- ValidationRun.h - What a compressed network loses --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The samples that compression keeps aside, and what its points lose on them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DRIVER_VALIDATIONRUN_H
#define THIMBLE_LIB_DRIVER_VALIDATIONRUN_H

#include "mlir/IR/BuiltinOps.h"
#include "thimble/Driver/CompressionOptions.h"
#include "thimble/Evaluation/SampleSet.h"
#include "thimble/Evaluation/Scores.h"

namespace thimble {

/// Part of the samples that is kept aside where a drop is to be kept.
constexpr double validationPart = 0.2;

class ValidationRun {
public:
  /// Runs the teacher, `graph`. Emits an error if samples cannot be read or
  /// are too few.
  static mlir::FailureOr<std::unique_ptr<ValidationRun>>
  create(mlir::ModuleOp graph, const CompressionOptions &options);

  /// Percent that `student` loses against the teacher.
  mlir::FailureOr<double> getDrop(mlir::ModuleOp student) const;

private:
  ValidationRun() = default;
  mlir::FailureOr<NetworkOutputs> runNetwork(mlir::ModuleOp module) const;

  std::unique_ptr<SampleSet> samples;
  std::vector<uint64_t> indices;
  std::vector<int64_t> labels;
  Task task = Task::agreement;
  NetworkOutputs teacher;
};

} // namespace thimble

#endif // THIMBLE_LIB_DRIVER_VALIDATIONRUN_H

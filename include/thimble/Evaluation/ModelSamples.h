//===- ModelSamples.h - Samples that fit a model ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place where what a user says about samples becomes a set of them, and
// errors of files become diagnostics.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_MODELSAMPLES_H
#define THIMBLE_EVALUATION_MODELSAMPLES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "thimble/Evaluation/SampleSet.h"

namespace thimble {

/// The one public function of a module that has a body. Emits an error if there
/// is none or more than one.
mlir::FailureOr<mlir::func::FuncOp> findModel(mlir::ModuleOp module);

/// Where samples are, as options of passes and tools say it.
struct SampleSource {
  std::string path;          ///< see SampleSet.h
  std::string scale, offset; ///< numbers; empty: not given
  std::string labels;        ///< path; empty: not given
};

/// Opens samples for a model. Emits an error at the model unless it has one
/// input of a ranked, static type that samples of this shape fit.
mlir::FailureOr<std::unique_ptr<SampleSet>>
openSamples(mlir::func::FuncOp model, const SampleSource &source);

} // namespace thimble

#endif // THIMBLE_EVALUATION_MODELSAMPLES_H

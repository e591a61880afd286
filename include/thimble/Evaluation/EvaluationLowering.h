//===- EvaluationLowering.h - How evaluated functions are lowered -*- C++ -*-=//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Running a function takes the pipelines, which are above everything that runs
// functions. So the dialect carries them as an interface: lib/Pipeline adds it
// when dialects are registered, and passes find it in their context, whether
// they were built by a tool or from text.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_EVALUATIONLOWERING_H
#define THIMBLE_EVALUATION_EVALUATIONLOWERING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectInterface.h"

namespace thimble {

/// From the GRAPH stage to code for the host, with the reference nests only and
/// one kernel an op, so that every value is what the op by itself says.
class EvaluationLowering
    : public mlir::DialectInterface::Base<EvaluationLowering> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EvaluationLowering)
  explicit EvaluationLowering(mlir::Dialect *dialect) : Base(dialect) {}

  /// Brings a module with one public function to the end of the PLAN stage:
  /// every value has a place in the arena, and all results are there at the
  /// end. Emits an error on failure, as does lower.
  virtual mlir::LogicalResult plan(mlir::ModuleOp module) const = 0;
  /// Brings such a module to the LLVM dialect.
  virtual mlir::LogicalResult lower(mlir::ModuleOp module) const = 0;

  /// That of the context; null if nobody registered one.
  static const EvaluationLowering *find(mlir::MLIRContext *context);
};

} // namespace thimble

#endif // THIMBLE_EVALUATION_EVALUATIONLOWERING_H

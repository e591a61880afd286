//===- CostEstimate.h - Instructions and cycles of layers -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The static cost model behind the report: the emitted instructions, weighed by
// how often LLVM says their block runs and timed by the core's table. Nothing
// is run. docs/rationale/cost-estimate.md says how good it is.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_COSTESTIMATE_H
#define THIMBLE_TARGET_COSTESTIMATE_H

#include "mlir/Support/LLVM.h"
#include "thimble/Target/CodeProfile.h"
#include "thimble/Target/ModelInfo.h"

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace thimble {
struct TargetInfo;

/// Fills in `instructions`, `cycles` and `cycleSource` of `model`. `object` is
/// the ELF object of emitCode with its profile. Does nothing for a core without
/// a timing table, as the host. Emits an error on `module` if the object cannot
/// be read.
mlir::LogicalResult estimateLayers(mlir::ModuleOp module,
                                   llvm::StringRef object,
                                   const CodeProfile &profile,
                                   const TargetInfo &target, ModelInfo &model);

} // namespace thimble

#endif // THIMBLE_TARGET_COSTESTIMATE_H

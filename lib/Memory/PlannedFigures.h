//===- PlannedFigures.h - What the report says about a plan -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: how full the arena is and how full it has to be, as
// attributes of the model's function.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_PLANNEDFIGURES_H
#define THIMBLE_LIB_MEMORY_PLANNEDFIGURES_H

#include "StreamModel.h"

namespace thimble::detail {

/// Sets the attributes but for rowBoundBytesAttrName.
void recordFigures(mlir::func::FuncOp model, const PlanFigures &figures);

/// Sets rowBoundBytesAttrName. `streams` is of a plan of whole tensors, which
/// needs `needed` bytes; nothing is set if it is not supported or decodes
/// weights: how they are stored depends on --max-ram.
void recordLeastBudget(mlir::func::FuncOp model, const StreamModel &streams,
                       int64_t needed);

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_PLANNEDFIGURES_H

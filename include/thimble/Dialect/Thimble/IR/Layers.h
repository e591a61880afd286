//===- Layers.h - The layers of a planned model -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels and the placements of values, wherever they stand: in the function or
// in a stream.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_LAYERS_H
#define THIMBLE_DIALECT_THIMBLE_IR_LAYERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

namespace thimble {

/// All kernels of a model's function, those of streams included, in program
/// order.
llvm::SmallVector<KernelOp> kernelsOf(mlir::func::FuncOp model);
/// The kernel that computes a value, also if a stream hands it on; null if none
/// does.
KernelOp producerOf(mlir::Value value);
/// The placement of an argument of the model's function, or of the result of a
/// kernel or stream; null if it has none.
PlacementAttr placementOf(mlir::Value value);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_LAYERS_H

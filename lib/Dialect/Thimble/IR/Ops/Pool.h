//===- Pool.h - What the pools share ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Geometry, specification and verification of pools over windows.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_POOL_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_POOL_H

#include "Windows.h"
#include "thimble/LoopNest/PoolNest.h"

namespace thimble {

WindowGeometry poolGeometry(mlir::Operation *op);
PoolNest makePoolNest(mlir::Operation *op, PoolKind kind);
StepSpec poolSpec(mlir::Operation *op, PoolKind kind);
/// An average or a maximum of numbers within bounds is within them, rounded or
/// not; then it is clamped.
ChannelRanges poolRanges(mlir::Operation *op, const ChannelRanges &input);
mlir::LogicalResult verifyPool(mlir::Operation *op);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_POOL_H

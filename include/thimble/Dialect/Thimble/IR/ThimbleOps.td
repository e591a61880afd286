//===- ThimbleOps.td - All ops of the dialect --------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One place to generate the ops from.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEOPS_TD

include "thimble/Dialect/Thimble/IR/ThimbleContractionOps.td"
include "thimble/Dialect/Thimble/IR/ThimbleElementwiseOps.td"
include "thimble/Dialect/Thimble/IR/ThimbleKernelOps.td"
include "thimble/Dialect/Thimble/IR/ThimblePoolOps.td"
include "thimble/Dialect/Thimble/IR/ThimbleShapeOps.td"
include "thimble/Dialect/Thimble/IR/ThimbleStreamOps.td"

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEOPS_TD

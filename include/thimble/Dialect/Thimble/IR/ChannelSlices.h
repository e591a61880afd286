//===- ChannelSlices.h - Constants with fewer channels ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// New constants from old ones, for ops that rebuild themselves.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_CHANNELSLICES_H
#define THIMBLE_DIALECT_THIMBLE_IR_CHANNELSLICES_H

#include "mlir/IR/Builders.h"
#include "llvm/ADT/BitVector.h"

namespace thimble {

/// The elements of `constant` at the indices `kept` of dimension `axis`, with
/// the scales that belong to them; `constant` itself if all are kept.
mlir::Value sliceConstant(mlir::OpBuilder &builder, mlir::Value constant,
                          int64_t axis, const llvm::BitVector &kept);

/// Element type `element` of a tensor whose dimension `axis` keeps the indices
/// `kept`: per-axis scales and zero points are sliced.
mlir::Type sliceElementType(mlir::Type element, int64_t axis,
                            const llvm::BitVector &kept);

/// A per-channel or per-tensor quantized int8 constant of `type`.
mlir::Value createInt8Constant(mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::RankedTensorType type,
                               llvm::ArrayRef<int8_t> values);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_CHANNELSLICES_H

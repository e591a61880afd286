//===- Windows.h - What convolutions and pools share ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images and the windows over them, as ops hold them in types and attributes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_WINDOWS_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_WINDOWS_H

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/WindowGeometry.h"

namespace thimble {

/// A geometry with the sizes of two NHWC images and nothing else.
WindowGeometry imageGeometry(mlir::Value input, mlir::Value output);

/// `values`, the attribute `name` of `op`, are `count` numbers of at least
/// `least` that no sum of sizes overflows.
mlir::LogicalResult verifySizes(mlir::Operation *op, llvm::StringRef name,
                                llvm::ArrayRef<int64_t> values, size_t count,
                                int64_t least);

/// Windows of `span` elements, `stride` apart, that fit into `size` elements.
int64_t windowCount(int64_t size, int64_t span, int64_t stride);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_WINDOWS_H

//===- Operations.h - Makers of all operations ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the files of this folder define and Network.cpp calls.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_OPS_OPERATIONS_H
#define THIMBLE_COMPRESSION_GRADIENT_OPS_OPERATIONS_H

#include "thimble/Compression/Gradient/Operation.h"
#include "thimble/Compression/Numerics/Patches.h"
#include <memory>

namespace thimble::gradient {

using Shape = std::vector<int64_t>;
using OperationPointer = std::unique_ptr<Operation>;

/// Convolution.cpp. A matrix product is one with a window of one tap.
OperationPointer makeConvolution(const PatchGeometry &geometry,
                                 int64_t outputChannels);
/// Depthwise.cpp.
OperationPointer makeDepthwise(const PatchGeometry &geometry,
                               int64_t multiplier);

/// Binary.cpp: shapes broadcast to `result`.
OperationPointer makeAdd(const Shape &lhs, const Shape &rhs,
                         const Shape &result);
OperationPointer makeSub(const Shape &lhs, const Shape &rhs,
                         const Shape &result);
OperationPointer makeMul(const Shape &lhs, const Shape &rhs,
                         const Shape &result);

/// Unary.cpp: of `size` elements.
OperationPointer makeIdentity(int64_t size);
OperationPointer makeLeakyRelu(int64_t size, float alpha);
OperationPointer makeHardSwish(int64_t size);
OperationPointer makeLogistic(int64_t size);
OperationPointer makeTanh(int64_t size);
/// Softmax.cpp: over rows of `depth` elements.
OperationPointer makeSoftmax(int64_t size, int64_t depth, float beta);

/// Pool.cpp.
OperationPointer makeAveragePool(const PatchGeometry &geometry);
OperationPointer makeMaxPool(const PatchGeometry &geometry);
/// Mean.cpp.
OperationPointer makeMean(const Shape &input, const std::vector<int64_t> &axes);

/// Move.cpp: result element i is input element sources[i], or `value` where
/// that is negative.
OperationPointer makeMove(int64_t inputSize, std::vector<int32_t> sources,
                          float value);
/// Move.cpp: blocks[i] elements of input i by turns.
OperationPointer makeConcatenation(std::vector<int64_t> blocks,
                                   int64_t repetitions);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_OPS_OPERATIONS_H

//===- FloatMath.h - Elementary functions on floats -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp, tanh and their kin from multiplications, additions, comparisons and
// integer ops: the same bits on every core and on the host, no libm.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_FLOATMATH_H
#define THIMBLE_LOOPNEST_FLOATMATH_H

#include "thimble/LoopNest/Requantize.h"

namespace thimble {

mlir::Value buildExp(StepBuilder &b, mlir::Value x);
/// 1 / (1 + exp(-x)), with the saturation of TFLite's reference.
mlir::Value buildLogistic(StepBuilder &b, mlir::Value x);
mlir::Value buildTanh(StepBuilder &b, mlir::Value x);
/// `b.pixels` groups of `size` floats: softmax of beta * x.
void buildFloatSoftmax(StepBuilder &b, int64_t size, float beta);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_FLOATMATH_H

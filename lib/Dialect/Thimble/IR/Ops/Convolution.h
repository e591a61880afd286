//===- Convolution.h - What multiply-accumulate ops share -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Geometry, requantization and verification of conv_2d, depthwise_conv_2d and
// fully_connected.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_CONVOLUTION_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_CONVOLUTION_H

#include "Windows.h"
#include "thimble/Dialect/Thimble/IR/Contraction.h"
#include "thimble/LoopNest/MacNest.h"

namespace thimble {

WindowGeometry convolutionGeometry(Conv2DOp op);
WindowGeometry convolutionGeometry(DepthwiseConv2DOp op);

/// The bias operand; null without one.
mlir::Value contractionBias(mlir::Operation *op);

/// The multiplier of each output channel of an int8 op; `channelAxis` is the
/// filter's output-channel dimension.
llvm::SmallVector<QuantizedMultiplier>
contractionMultipliers(mlir::Operation *op, int64_t channelAxis);

/// Bias, multipliers and clamp with TFLite's arithmetic.
Requantizer contractionRequantizer(mlir::Operation *op, int64_t channelAxis);

/// The byte of an element of real value 0.
uint8_t paddingByte(mlir::Value input);

/// What contractionOf and addContractionRows say of an op.
Contraction contraction(Conv2DOp op);
Contraction contraction(FullyConnectedOp op);
void addRows(Conv2DOp op, StepSpec &spec);
void addRows(FullyConnectedOp op, StepSpec &spec);
/// The nest that reads every weight.
MacNest denseNest(Contraction contraction, const TargetInfo &target);

/// Attributes and shapes of a convolution agree with each other.
mlir::LogicalResult verifyConvolution(Conv2DOp op, bool depthwise);
mlir::LogicalResult verifyConvolution(DepthwiseConv2DOp op, bool depthwise);
/// Element types of a multiply-accumulate op (operands input, filter, bias)
/// agree; the filter and the bias are constant; the output channels fit.
mlir::LogicalResult verifyContraction(mlir::Operation *op, int64_t channelAxis);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_OPS_CONVOLUTION_H

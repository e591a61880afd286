//===- ThimblePoolOps.td - Pooling and reductions ----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that summarise windows or whole dimensions.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEPOOLOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEPOOLOPS_TD

include "thimble/Dialect/Thimble/IR/ThimbleOpBase.td"

/// A pool over windows of an NHWC tensor; `padding` is [top, bottom, left,
/// right], `kernel_size` and `strides` are [height, width].
class Thimble_PoolOp<string mnemonic, list<Trait> traits = []>
    : Thimble_GraphOp<mnemonic,
          [Thimble_Windowed, Thimble_ActivatedOp, Thimble_KeepsQuantization,
           Thimble_Channelwise<["inferChannelRanges"]>] # traits> {
  let arguments = (ins Thimble_Tensor:$input, DenseI64ArrayAttr:$kernel_size,
      DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding,
      DefaultValuedAttr<Thimble_ActivationAttr, "Activation::None">:$activation);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
}

def Thimble_AveragePool2DOp
    : Thimble_PoolOp<"average_pool_2d", [Thimble_Absorbing]> {
  let summary = "average over windows; the divisor counts the taps inside";
}

def Thimble_MaxPool2DOp : Thimble_PoolOp<"max_pool_2d"> {
  let summary = "maximum over windows; taps outside are never the maximum";
}

def Thimble_MeanOp
    : Thimble_GraphOp<"mean", [Thimble_Absorbing,
                               Thimble_Channelwise<["inferChannelRanges",
                                                    "keepNeededChannels"]>]> {
  let summary = "mean over whole dimensions";
  let description = [{
    `axes` are the dimensions of the input that are averaged, ascending and
    not negative; the result has them as 1 or not at all.
  }];
  let arguments = (ins Thimble_Tensor:$input, DenseI64ArrayAttr:$axes);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEPOOLOPS_TD

//===- ThimbleContractionOps.td - Multiply-accumulate ops --*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and fully connected layers.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLECONTRACTIONOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLECONTRACTIONOPS_TD

include "thimble/Dialect/Thimble/IR/ThimbleOpBase.td"

def Thimble_ChannelwiseContraction
    : Thimble_Channelwise<["inferChannelRanges", "keepNeededChannels",
                           "rebuildWithChannels"]>;

/// A 2-D convolution of an NHWC tensor. `padding` is [top, bottom, left,
/// right] in elements; `strides` and `dilations` are [height, width].
class Thimble_ConvolutionOp<string mnemonic, list<Trait> traits = []>
    : Thimble_GraphOp<mnemonic, [Thimble_Windowed, Thimble_Weighted,
                                 Thimble_ActivatedOp, Thimble_HasMacs,
                                 Thimble_ChannelwiseContraction] # traits> {
  let arguments = (ins Thimble_Tensor:$input, Thimble_WeightTensor:$filter,
      Optional<Thimble_Tensor>:$bias, DenseI64ArrayAttr:$strides,
      DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$padding,
      DefaultValuedAttr<Thimble_ActivationAttr, "Activation::None">:$activation);
  let assemblyFormat = [{
    $input `,` $filter (`,` $bias^)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def Thimble_Conv2DOp : Thimble_ConvolutionOp<"conv_2d"> {
  let summary = "2-D convolution";
  let description = [{
    input NxHxWxI, filter OxKHxKWxI, bias O (f32 for float tensors, i32 for
    int8 ones). Quantized filters are symmetric int8, per tensor or per output
    channel (axis 0). Taps outside the image read the input's zero point.

    int16 tensors (zero point 0) have a bias of i64, or none: sums are exact
    then and rounded once. With a bias of i32 they wrap and are rounded twice,
    as those of int8.

    ```mlir
    %y = thimble.conv_2d %x, %w, %b {strides = array<i64: 2, 2>,
        dilations = array<i64: 1, 1>, padding = array<i64: 0, 1, 0, 1>,
        activation = #thimble.activation<relu>}
      : (tensor<1x8x8x3x!q>, tensor<4x3x3x3x!w>, tensor<4xi32>)
      -> tensor<1x4x4x4x!r>
    ```
  }];
}

def Thimble_DepthwiseConv2DOp
    : Thimble_ConvolutionOp<"depthwise_conv_2d", [Thimble_Absorbing]> {
  let summary = "2-D depthwise convolution";
  let description = [{
    input NxHxWxI, filter 1xKHxKWx(I*M), bias I*M. Output channel c reads input
    channel c / M. Quantized filters are per tensor or per channel (axis 3).
    int16 tensors have a bias of i64, or none.
  }];
}

def Thimble_FullyConnectedOp
    : Thimble_GraphOp<"fully_connected", [Thimble_Windowed, Thimble_Weighted,
                                          Thimble_ActivatedOp, Thimble_HasMacs,
                                          Thimble_ChannelwiseContraction]> {
  let summary = "matrix product with a constant matrix";
  let description = [{
    filter NxK; the input is read as rows of K elements whatever its rank, the
    output written as rows of N. Per tensor or per channel (axis 0).
  }];
  let arguments = (ins Thimble_Tensor:$input, Thimble_WeightTensor:$filter,
      Optional<Thimble_Tensor>:$bias,
      DefaultValuedAttr<Thimble_ActivationAttr, "Activation::None">:$activation);
  let assemblyFormat = [{
    $input `,` $filter (`,` $bias^)? attr-dict `:`
    functional-type(operands, results)
  }];
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLECONTRACTIONOPS_TD

//===- ThimbleShapeOps.td - Ops that move elements ---------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, reshapes, pads, slices and their kin: no arithmetic.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLESHAPEOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLESHAPEOPS_TD

include "thimble/Dialect/Thimble/IR/ThimbleOpBase.td"

def Thimble_ConstantOp
    : Op<Thimble_Dialect, "constant", [Pure, ConstantLike]> {
  let summary = "a tensor of numbers known when compiling";
  let description = [{
    `value` holds the numbers in the storage type of the result's element type,
    or, if the type has a `#thimble.encoding`, the bytes of their encoded form.

    ```mlir
    %w = thimble.constant dense<[1, -2]> : tensor<2xi8> : tensor<2x!w>
    %p = thimble.constant dense<0xE1> : tensor<1xi8>
        : tensor<2x!w, #thimble.encoding<[#thimble.packed<4>]>>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Thimble_WeightTensor:$output);
  let assemblyFormat = "attr-dict $value `:` type($output)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Thimble_DelayOp
    : Thimble_GraphOp<"delay", [Thimble_KeepsQuantization]> {
  let summary = "the last rows of a stream of which each call brings the newest";
  let description = [{
    The result ends in the rows of `input`; before them are rows that earlier
    calls brought, in the order of time, which are kept in between. Behind a
    reset it is as if all earlier rows had been `initial`, one row in the storage
    type of the elements; `thimble-prime-delays` sets it.

    The rows of a tensor are indices of its one dimension, but for those inside
    of a row, that is not 1.

    ```mlir
    %w = thimble.delay %x {initial = dense<-128> : tensor<40xi8>}
        : (tensor<1x1x1x40x!q>) -> tensor<1x3x1x40x!q>
    ```
  }];
  let arguments = (ins Thimble_Tensor:$input,
                       OptionalAttr<ElementsAttr>:$initial);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = [{
    /// Rows that are kept from call to call, and their bytes.
    int64_t getKeptRows();
    int64_t getStateBytes();
  }];
}

def Thimble_ReshapeOp
    : Thimble_GraphOp<"reshape", [Thimble_KeepsQuantization, Thimble_Windowed, Thimble_ChannelwiseView]> {
  let summary = "the same elements in the same order with another shape";
  let arguments = (ins Thimble_Tensor:$input);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Thimble_PadOp
    : Thimble_GraphOp<"pad", [Thimble_KeepsQuantization, Thimble_ChannelwiseMove]> {
  let summary = "adds elements of real value 0 around a tensor";
  let description = [{
    `low` and `high` count the elements added before and after, a dimension.
  }];
  let arguments = (ins Thimble_Tensor:$input, DenseI64ArrayAttr:$low,
                       DenseI64ArrayAttr:$high);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Thimble_ConcatenationOp
    : Thimble_GraphOp<"concatenation", [Thimble_KeepsQuantization, Thimble_Windowed, Thimble_ChannelwiseJoin]> {
  let summary = "joins tensors along one dimension";
  let arguments = (ins Variadic<Thimble_Tensor>:$inputs, I64Attr:$axis);
  let assemblyFormat =
      "$inputs attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Thimble_StridedSliceOp
    : Thimble_GraphOp<"strided_slice", [Thimble_KeepsQuantization, Thimble_WindowedSlice, Thimble_ChannelwiseMove]> {
  let summary = "every stride-th element of a box";
  let description = [{
    Result element i of a dimension is input element offset + i * stride. There
    are `sizes` of them; strides may be negative. The result's shape is `sizes`,
    dimensions of size 1 left out as the source asks.
  }];
  let arguments = (ins Thimble_Tensor:$input, DenseI64ArrayAttr:$offsets,
                       DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Thimble_TransposeOp
    : Thimble_GraphOp<"transpose", [Thimble_KeepsQuantization, Thimble_ChannelwiseView]> {
  let summary = "permutes the dimensions";
  let description = [{
    Dimension i of the result is dimension `permutation[i]` of the input.
  }];
  let arguments = (ins Thimble_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLESHAPEOPS_TD

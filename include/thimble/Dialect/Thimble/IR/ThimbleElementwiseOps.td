//===- ThimbleElementwiseOps.td - Ops on single elements ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic, activations, changes of quantization, softmax.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEELEMENTWISEOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEELEMENTWISEOPS_TD

include "thimble/Dialect/Thimble/IR/ThimbleOpBase.td"

/// Two operands, element by element, the smaller broadcast as in NumPy.
class Thimble_BinaryOp<string mnemonic>
    : Thimble_GraphOp<mnemonic,
          [Thimble_Windowed, Thimble_ActivatedOp,
           Thimble_Channelwise<["inferChannelRanges"]>]> {
  let arguments = (ins Thimble_Tensor:$lhs, Thimble_Tensor:$rhs,
      DefaultValuedAttr<Thimble_ActivationAttr, "Activation::None">:$activation);
  let assemblyFormat =
      "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Thimble_AddOp : Thimble_BinaryOp<"add"> {
  let summary = "lhs + rhs";
}
def Thimble_SubOp : Thimble_BinaryOp<"sub"> {
  let summary = "lhs - rhs";
}
def Thimble_MulOp : Thimble_BinaryOp<"mul"> {
  let summary = "lhs * rhs";
}

def Thimble_LogisticOp : Thimble_TabulatedUnaryOp<"logistic", [Thimble_FixedQuantization]> {
  let summary = "1 / (1 + exp(-x))";
}
def Thimble_TanhOp : Thimble_TabulatedUnaryOp<"tanh", [Thimble_FixedQuantization]> {
  let summary = "hyperbolic tangent";
}
def Thimble_ReluOp : Thimble_TabulatedUnaryOp<"relu"> {
  let summary = "max(x, 0)";
}
def Thimble_Relu6Op : Thimble_TabulatedUnaryOp<"relu6", [Thimble_KeepsQuantization]> {
  let summary = "min(max(x, 0), 6)";
}
def Thimble_HardSwishOp : Thimble_TabulatedUnaryOp<"hard_swish", [Thimble_Int8Only]> {
  let summary = "x * relu6(x + 3) / 6";
  let description = "float or int8; TFLite has no form for int16.";
}
def Thimble_QuantizeOp : Thimble_TabulatedUnaryOp<"quantize"> {
  let summary = "float to integer, or one quantization to another";
  let hasFolder = 1;
}
def Thimble_DequantizeOp : Thimble_UnaryOp<"dequantize"> {
  let summary = "integer to float";
}

def Thimble_LeakyReluOp : Thimble_TabulatedUnaryOp<"leaky_relu"> {
  let summary = "x for positive x, alpha * x otherwise";
  let arguments = (ins Thimble_Tensor:$input, F32Attr:$alpha);
}

def Thimble_SoftmaxOp : Thimble_UnaryOp<"softmax", [Thimble_FixedQuantization]> {
  let summary = "softmax of beta * x over the last dimension";
  let arguments = (ins Thimble_Tensor:$input, F32Attr:$beta);
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEELEMENTWISEOPS_TD

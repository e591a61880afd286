//===- ThimbleAttributes.td - Attributes of the dialect -----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fused activation of a graph op and the place that the memory planner
// gives a value.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEATTRIBUTES_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEATTRIBUTES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "thimble/Dialect/Thimble/IR/ThimbleDialect.td"
include "thimble/Dialect/Thimble/IR/ThimbleEncodingAttr.td"

def Thimble_Activation : I32Enum<"Activation",
    "clamp that is fused into an op, in real numbers",
    [I32EnumCase<"None", 0, "none">, I32EnumCase<"Relu", 1, "relu">,
     I32EnumCase<"Relu6", 2, "relu6">,
     I32EnumCase<"ReluN1To1", 3, "relu_n1_to_1">]> {
  let cppNamespace = "::thimble";
}
def Thimble_ActivationAttr
    : EnumAttr<Thimble_Dialect, Thimble_Activation, "activation"> {
  let assemblyFormat = "`<` $value `>`";
}

def Thimble_PlacementAttr : AttrDef<Thimble_Dialect, "Placement"> {
  let mnemonic = "placement";
  let summary = "where a value lives: a memory region and a byte offset in it";
  let description = [{
    `region` is `arena`, or `input<N>` / `output<N>` for a tensor that the
    caller passes by pointer. `offset` counts bytes from the region's start.

    ```mlir
    #thimble.placement<"arena", 8000>
    ```
  }];
  let parameters = (ins StringRefParameter<"memory region">:$region,
                        "int64_t":$offset);
  let assemblyFormat = "`<` $region `,` $offset `>`";
  let genVerifyDecl = 1;
}
def Thimble_PlacementArrayAttr
    : TypedArrayAttrBase<Thimble_PlacementAttr, "array of placements">;

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEATTRIBUTES_TD

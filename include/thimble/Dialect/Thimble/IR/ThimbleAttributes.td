//===- ThimbleAttributes.td - Attributes of the dialect -----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fused activation of a graph op, the place that the memory planner gives a
// value, and how a weight is to be compressed.
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

def Thimble_RecipeAttr : AttrDef<Thimble_Dialect, "Recipe"> {
  let mnemonic = "recipe";
  let summary = "how the numbers of one weight are to be compressed";
  let description = [{
    What thimble-allocate decides for an op with a weight, and what the passes
    behind it carry out. Discardable, on the op, as `thimble.recipe`.

    - `bits`: codes lie in [-(2^(bits-1) - 1), 2^(bits-1) - 1], one scale an
      output channel.
    - `step` (real numbers): one step for the whole weight, codes of any size
      that fits `bits`; meant for entropy coding. `rate` is the price of a bit
      of a code in squared steps, when codes are chosen.
    - `entries`: at most so many different codes in the tensor.
    - `pattern`, `sparsity`: which weights are zero (`unstructured`, `2:4`,
      `4x2` blocks, `channels`), and what part of them.
    - `rank`: two thinner ops, with so many channels between them.

    ```mlir
    {thimble.recipe = #thimble.recipe<bits = 8, step = 1.250000e-02 : f64>}
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "8">:$bits,
                        OptionalParameter<"::mlir::FloatAttr">:$step,
                        OptionalParameter<"::mlir::FloatAttr">:$rate,
                        DefaultValuedParameter<"int64_t", "0">:$entries,
                        OptionalParameter<"::mlir::StringAttr">:$pattern,
                        OptionalParameter<"::mlir::FloatAttr">:$sparsity,
                        DefaultValuedParameter<"int64_t", "0">:$rank);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEATTRIBUTES_TD

//===- ThimbleAttributes.td - Attributes of the dialect -----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fused activation of a graph op, the place that the memory planner gives a
// value, what a row step needs, and how a weight is to be compressed.
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
    `region` is `arena`, `input<N>` / `output<N>` for a tensor that the caller
    passes by pointer, or `state` for what is kept from call to call. `offset`
    counts bytes from the region's start.

    A value inside a `thimble.stream` may be a line buffer, of which only some
    rows exist at a time. `rows` = K is a ring: row r lies at `offset` plus
    r mod K times the bytes of a row (0: the whole tensor). `newest` is where a
    row is written first, in bytes from the region's start (-1: in its place at
    once); the order of the stream says when it is copied into its place, if
    ever.

    ```mlir
    #thimble.placement<"arena", 8000>
    #thimble.placement<"arena", 640, rows = 2, newest = 0>
    ```
  }];
  let parameters = (ins StringRefParameter<"memory region">:$region,
                        "int64_t":$offset,
                        DefaultValuedParameter<"int64_t", "0">:$rows,
                        DefaultValuedParameter<"int64_t", "-1">:$newest);
  let builders = [
    AttrBuilder<(ins "::llvm::StringRef":$region, "int64_t":$offset), [{
      return $_get($_ctxt, region, offset, /*rows=*/0, /*newest=*/-1);
    }]>
  ];
  let assemblyFormat =
      "`<` $region `,` $offset `` custom<Line>($rows, $newest) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// True if all rows lie in the region, one behind the other.
    bool isWhole() const { return getRows() == 0 && getNewest() < 0; }
    bool hasNewest() const { return getNewest() >= 0; }
    /// The byte of the region where row `row` of `rowBytes` bytes has its place.
    int64_t getRowOffset(int64_t row, int64_t rowBytes) const {
      return getOffset() + (getRows() ? row % getRows() : row) * rowBytes;
    }
  }];
}
def Thimble_PlacementArrayAttr
    : TypedArrayAttrBase<Thimble_PlacementAttr, "array of placements">;

def Thimble_RowStepAttr : AttrDef<Thimble_Dialect, "RowStep"> {
  let mnemonic = "row_step";
  let summary = "what a kernel needs to compute one row at a time";
  let description = [{
    Of a kernel whose rows can be computed at different times. A step computes
    the next output row, or, if the kernel `absorbs`, adds the next row of its
    only activation into sums, of which the last step makes the output row.

    `scratch` bytes (8-byte aligned) are live in a step whose window lies inside
    the image, `edge` in one that also reads rows above or below it. `kept`
    bytes (8-byte aligned) are live from before the first step to the end of the
    last one: the sums, or the decoded weights.

    ```mlir
    #thimble.row_step<scratch = 16, edge = 336>
    #thimble.row_step<scratch = 0, edge = 0, kept = 128, absorbs = true>
    ```
  }];
  let parameters = (ins "int64_t":$scratch, "int64_t":$edge,
                        DefaultValuedParameter<"int64_t", "0">:$kept,
                        DefaultValuedParameter<"bool", "false">:$absorbs);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

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
    - `trellis`: the codes of each output channel follow Support/Trellis.h, for
      #thimble.trellis; `step` is that of the union of its codebooks.
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
                        DefaultValuedParameter<"int64_t", "0">:$rank,
                        DefaultValuedParameter<"bool", "false">:$trellis);
  let builders = [
    /// Codes of so many bits, and nothing else decided.
    AttrBuilder<(ins CArg<"int64_t", "8">:$bits), [{
      return $_get($_ctxt, bits, /*step=*/::mlir::FloatAttr(),
                   /*rate=*/::mlir::FloatAttr(), /*entries=*/0,
                   /*pattern=*/::mlir::StringAttr(),
                   /*sparsity=*/::mlir::FloatAttr(), /*rank=*/0,
                   /*trellis=*/false);
    }]>
  ];
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// The recipe with these fields changed and all others as they are.
    RecipeAttr withStep(::mlir::FloatAttr step, ::mlir::FloatAttr rate,
                        bool trellis) const;
    RecipeAttr withEntries(int64_t entries) const;
    RecipeAttr withZeros(::mlir::StringAttr pattern,
                         ::mlir::FloatAttr sparsity) const;
    RecipeAttr withRank(int64_t rank) const;
  }];
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEATTRIBUTES_TD

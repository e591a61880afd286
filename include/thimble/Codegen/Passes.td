//===- Passes.td - Kernel selection and code emission ------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the KERNEL stage and the step to CODE.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_CODEGEN_PASSES_TD
#define THIMBLE_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def SelectKernelsPass : Pass<"thimble-select-kernels", "::mlir::ModuleOp"> {
  let summary = "Chooses the cheapest kernel of each layer";
  let description = [{
    Asks every registered kernel that matches for its cost on the module's
    target and records the cheapest, its scratch and what it may overwrite.

    ```mlir
    %1 = thimble.kernel "relu_4"(%0) : ...                             // before
    %1 = thimble.kernel "relu_4"(%0) {kernel = "reference",
        overwrites = array<i64: 0>, scratch_bytes = 0 : i64} : ...     // after
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def EncodePass : Pass<"thimble-encode", "::mlir::ModuleOp"> {
  let summary = "Stores weights in the encoding that is cheapest in flash";
  let description = [{
    For every integer weight of a kernel, the stack of schemes with the fewest
    bytes of flash, tables and decoders included, such that the inference takes
    at most `max-decode-overhead` percent more estimated cycles than with the
    fastest choice. A kernel that reads weights as a stack stores them takes the
    place of the one that was selected, where `fuse` is set and it is the better
    choice: nothing is decoded then. Otherwise a tile of output channels is
    decoded at a time, as large as the arena allows without growing, or
    `max-ram`. Weights that gain nothing stay as they are. Remarks (category
    `encoding`) say what was chosen and why not the others.

    `encoding` forces a stack on every integer weight, whatever it costs (a
    kernel that reads it takes over if that is faster); a weight that it cannot
    hold stays dense, which a remark reports.

    ```mlir
    %w = thimble.constant dense<...> : tensor<8x1x1x4xi8> : tensor<8x1x1x4x!w>
    %y = thimble.kernel "conv_0"(%x, %w, %b) : ... {             // before
    ^bb0(%a0: ..., %a1: tensor<8x1x1x4x!w>, %a2: ...):
      %0 = thimble.conv_2d %a0, %a1, %a2 ...

    %w = thimble.constant dense<...> : tensor<16xi8>
        : tensor<8x1x1x4x!w, #thimble.encoding<[#thimble.packed<4>]>>
    %y = thimble.kernel "conv_0"(%x, %w, %b) : ... {             // after
    ^bb0(%a0: ..., %a1: tensor<8x1x1x4x!w, #thimble.encoding<...>>, %a2: ...):
      %d = thimble.decode %a1 : ...
      %0 = thimble.conv_2d %a0, %d, %a2 ...
    ```
  }];
  let options = [
    Option<"encoding", "encoding", "std::string", /*default=*/"",
           "stack that every integer weight gets, as palette,huffman">,
    Option<"maxDecodeOverhead", "max-decode-overhead", "double",
           /*default=*/"5.0",
           "percent of an inference's cycles for decoding; negative: any">,
    Option<"growArena", "grow-arena", "bool", /*default=*/"false",
           "tiles and look-up tables may make the arena larger">,
    Option<"maxRam", "max-ram", "int64_t", /*default=*/"-1",
           "bytes of RAM, -1 for any">,
    Option<"fuse", "fuse", "bool", /*default=*/"true",
           "let kernels read encoded weights">,
    Option<"entropyCoding", "entropy-coding", "bool", /*default=*/"true",
           "consider stacks that end in an entropy code">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def EmitLayersPass : Pass<"thimble-emit-layers", "::mlir::ModuleOp"> {
  let summary = "Turns planned kernels into functions";
  let description = [{
    Each kernel becomes a layer function `<model>.<id>(regions..., first, last)`
    that loops over row steps, a step function below it, and its constant
    tables. `<model>_invoke` calls the layers and replaces the model's function.

    The layers of a `thimble.stream` become `<model>.<id>(regions..., row)`, one
    row step each, called in the stream's order by `<model>.stream`. If that is
    fed rows, `<model>_begin`, `<model>_push_row` and `<model>_finish` take the
    place of `<model>_invoke`. `row-driver` adds a
    `<model>_invoke(arena, input, ...)` that calls them with the input's rows,
    for running the model as one that is not fed.
  }];
  let options = [
    Option<"rowDriver", "row-driver", "bool", /*default=*/"false",
           "emit a function that delivers all rows">
  ];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::scf::SCFDialect"];
}

def AnnotateTripCountsPass
    : Pass<"thimble-annotate-trip-counts", "::mlir::ModuleOp"> {
  let summary = "Writes the trip counts of loops down as branch weights";
  let description = [{
    Bounds are evaluated for every call of the function around the loop and for
    every value of the outer induction variables that they depend on; the
    weights are the iterations and the entries of the loop. A call in a loop
    counts with the mean of its arguments. Loops whose bounds are not known stay
    as they are.

    ```mlir
    %more = arith.cmpi slt, %i, %c37 : i32
    cf.cond_br %more, ^body, ^end                   // before
    cf.cond_br %more weights([37, 1]), ^body, ^end  // after
    ```
  }];
}

#endif // THIMBLE_CODEGEN_PASSES_TD

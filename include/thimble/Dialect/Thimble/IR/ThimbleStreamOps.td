//===- ThimbleStreamOps.td - Layers computed row by row ----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the planner makes of layers whose tensors never exist as a whole.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLESTREAMOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLESTREAMOPS_TD

include "thimble/Dialect/Thimble/IR/ThimbleKernelOps.td"

def Thimble_StreamOp
    : Op<Thimble_Dialect, "stream",
         [SingleBlock, NoRegionArguments, RecursiveMemoryEffects,
          RecursivelySpeculatable]> {
  let summary = "layers that are computed row by row, in a given order";
  let description = [{
    The body is planned kernels; `order` says when each of their row steps runs.
    Values inside may be line buffers (see `#thimble.placement`); the results
    are the values that are read behind the stream, and are placed whole. The
    body captures constants and whole tensors from outside.

    `fed` is an argument of the function whose rows the caller delivers one at a
    time (`--io=rows`); its placement may be a line buffer as well. `state` are
    the bytes (4-byte aligned, `getStateBytes()` of them) that keep the position
    between two rows.

    The events of `order`, separated by spaces (k is the number of a kernel in
    the body, from 0):

    - `k`: kernel k runs its next step. The row is written to `newest`, or to
      its place if the placement has none. Only the last step of a kernel that
      absorbs writes a row; a kernel without `row_step` runs as a whole.
    - `k!`: the same, the row is written to its place at once.
    - `k+`: the row in `newest` of kernel k is copied into its place. From then
      on it is read from there.
    - `i`, `i!`, `i+`: the same for the next row of `fed`, which the caller
      delivers.
    - `n(...)`: n times what stands in the parentheses.

    ```mlir
    %y = thimble.stream order = "0! 6(0 1 0+) 1" -> tensor<1x7x8x4x!q> {
      %1 = thimble.kernel "conv_2d_0" (%x, %w, %b)
          {placements = [#thimble.placement<"arena", 64, rows = 2, newest = 0>],
           row_step = #thimble.row_step<scratch = 0, edge = 0>, ...} : ...
      %2 = thimble.kernel "depthwise_conv_2d_1" (%1, %v, %c) ...
      thimble.yield %2 : tensor<1x7x8x4x!q>
    }
    ```
  }];
  let arguments = (ins Optional<Thimble_Tensor>:$fed, StrAttr:$order,
      OptionalAttr<Thimble_PlacementAttr>:$state);
  let results = (outs Variadic<Thimble_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`fed` `(` $fed^ `:` type($fed) `)`)? `order` `=` $order
        (`->` type($results)^)? attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The kernels as `order` counts them.
    ::llvm::SmallVector<::thimble::KernelOp> getKernels();
    /// `order`, which the verifier has seen.
    ::thimble::RowOrder getRowOrder();
    /// Bytes that keep the position between two rows of `fed`, for so many
    /// kernels.
    static int64_t getStateBytes(int64_t kernels);
    int64_t getStateBytes();
  }];
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLESTREAMOPS_TD

//===- Passes.td - The memory planning pass ----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass around the algorithms of this folder.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_PASSES_TD
#define THIMBLE_MEMORY_PASSES_TD

include "mlir/Pass/PassBase.td"

def PlaceStatePass : Pass<"thimble-place-state", "::mlir::ModuleOp"> {
  let summary = "Places what is kept from call to call";
  let description = [{
    Sets `state` of the kernels that delay rows and `thimble.state_bytes` of the
    function, if there are any: a region of memory that is the model's between
    calls, too.

    ```mlir
    %1 = thimble.kernel "conv_2d_0"(%0) {...} : ... {                  // before
      %2 = thimble.delay ...
    %1 = thimble.kernel "conv_2d_0"(%0) {...,                          // after
        state = #thimble.placement<"state", 80>} : ... {
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def PlanMemoryPass : Pass<"thimble-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Orders the kernels and gives every value an address";
  let description = [{
    Chooses the order of lowest peak and places inputs, outputs, activations and
    scratch in one arena. A result may lie where an operand that dies lay: in its
    place if the kernel allows it, or so that its rows follow the rows that have
    been read. Where `max-ram` asks for it, layers are computed row by row, in
    `thimble.stream`. Sets `placements` and `scratch` of the kernels,
    `thimble.placement` of the arguments and `thimble.arena_bytes` of the
    function.

    ```mlir
    %1 = thimble.kernel "relu_4"(%0) {...} : ...                      // before
    %1 = thimble.kernel "relu_4"(%0) {...,
        placements = [#thimble.placement<"arena", 0>]} : ...           // after
    ```
  }];
  let options = [
    Option<"inPlace", "in-place", "bool", /*default=*/"true",
           "let a kernel's result overwrite rows of an input that dies there">,
    Option<"preserveTensors", "preserve-tensors", "bool", /*default=*/"false",
           "keep every result in bytes of its own until the end">,
    Option<"pointerIO", "pointer-io", "bool", /*default=*/"false",
           "inputs and outputs are the caller's memory, not the arena">,
    Option<"maxRam", "max-ram", "int64_t", /*default=*/"-1",
           "bytes that the arena and the state may have, -1 for any">,
    Option<"rowIO", "row-io", "bool", /*default=*/"false",
           "the rows of the first input may be delivered one at a time">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def FeedRowsPass : Pass<"thimble-feed-rows", "::mlir::ModuleOp"> {
  let summary = "Lets rows of a resident input be delivered one by one";
  let description = [{
    Of a planned model that no stream feeds yet, the rows of the first argument
    are delivered one by one to where it is, before anything is computed. The
    state of that gets bytes at the end of the arena.

    ```mlir
    func.func @m(%x: tensor<1x8x8x3x!q>) ...                        // before
    func.func @m(%x: tensor<1x8x8x3x!q>) ... {                      // after
      thimble.stream fed(%x : tensor<1x8x8x3x!q>) order = "8(i)"
          attributes {state = #thimble.placement<"arena", 640>} {
        thimble.yield
      }
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

#endif // THIMBLE_MEMORY_PASSES_TD

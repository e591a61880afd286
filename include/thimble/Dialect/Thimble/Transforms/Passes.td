//===- Passes.td - Passes on the dialect -------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Target selection, forming kernels, the contracts between the stages.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_TD
#define THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def SetTargetPass : Pass<"thimble-set-target", "::mlir::ModuleOp"> {
  let summary = "Records the core that is compiled for";
  let description = [{
    Sets the module attribute `thimble.cpu`, which later passes read. Fails on a
    core that LLVM does not know as a Cortex-M.

    ```mlir
    module {}                                    // before
    module attributes {thimble.cpu = "cortex-m4"} {}   // after
    ```
  }];
  let options = [Option<"cpu", "cpu", "std::string", /*default=*/"\"host\"",
                        "the core, as LLVM names it, or host">];
}

def FoldPadPass : Pass<"thimble-fold-pad", "::mlir::ModuleOp"> {
  let summary = "Makes pads the padding of the convolutions behind them";
  let description = [{
    A pad of height and width whose users are convolutions becomes padding of
    their windows, so that no padded copy of the tensor is made. Exact: the pad
    writes the zero point that taps outside the image read; a pad whose operand
    and result differ in quantization stays.

    ```mlir
    // before
    %1 = thimble.pad %0 {low = array<i64: 0, 1, 1, 0>,
        high = array<i64: 0, 1, 1, 0>} : (tensor<1x8x8x3x!q>) -> ...
    %2 = thimble.conv_2d %1, %w {padding = array<i64: 0, 0, 0, 0>, ...}
    // after
    %2 = thimble.conv_2d %0, %w {padding = array<i64: 1, 1, 1, 1>, ...}
    ```
  }];
}

def FuseActivationPass : Pass<"thimble-fuse-activation", "::mlir::ModuleOp"> {
  let summary = "Fuses activations into the ops before them";
  let description = [{
    A ReLU or ReLU6 behind an op that can clamp its own result becomes that
    op's activation, if nothing else uses the unclamped tensor, the
    quantization is the same before and after, and one activation does what
    both did. Exact: for int8 all 256 numbers are compared.

    ```mlir
    // before
    %1 = thimble.add %0, %0 {activation = #thimble.activation<none>} : ...
    %2 = thimble.relu %1 : (!t) -> !t
    // after
    %2 = thimble.add %0, %0 {activation = #thimble.activation<relu>} : ...
    ```
  }];
}

def DropDeadChannelsPass
    : Pass<"thimble-drop-dead-channels", "::mlir::ModuleOp"> {
  let summary = "Drops channels that are constant or that nothing reads";
  let description = [{
    A channel (an index of the last dimension) of an int8 tensor goes if no
    weight or result depends on it, or if it holds the same number for every
    input of the network and all that reads it can do without: a convolution or
    fully connected layer adds what it contributed to its bias; other ops lose
    the channel as well. A constant that is not the zero point stays in front of
    a weight on padding, where it would contribute less. What is constant
    follows from bounds of every channel, by the ops' own integer arithmetic.
    The result is the same bit for bit; arguments and results of the function
    keep their shapes, and a tensor that is read one channel.

    ```mlir
    // before: the weights of the second output channel of %1 are 0
    %1 = thimble.conv_2d %0, %w1, %b1 {...}
        : (tensor<1x8x8x3x!q>, tensor<2x1x1x3x!w>, ...) -> tensor<1x8x8x2x!q>
    %2 = thimble.fully_connected %1, %w2, %b2 : (tensor<1x8x8x2x!q>, ...)
    // after
    %1 = thimble.conv_2d %0, %w3, %b3 {...}
        : (tensor<1x8x8x3x!q>, tensor<1x1x1x3x!w>, ...) -> tensor<1x8x8x1x!q>
    %2 = thimble.fully_connected %1, %w4, %b4 : (tensor<1x8x8x1x!q>, ...)
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def TurnRowsPass : Pass<"thimble-turn-rows", "::mlir::ModuleOp"> {
  let summary = "Makes rows of the columns of images of one row";
  let description = [{
    One-dimensional convolutions come as windows of one row over images of one
    row. Seen as images of one column, whose rows lie in memory as the columns
    did, they can be computed row by row and take new rows only. Reshapes stand
    where the other view is needed; canonicalization removes pairs of them. An
    input of one row is taken as one of one column. Exact.

    ```mlir
    // before
    %1 = thimble.conv_2d %0, %w {strides = array<i64: 1, 2>, ...} :
        (tensor<1x1x9x2x!q>, tensor<4x1x3x2x!w>) -> tensor<1x1x4x4x!r>
    // after
    %a = thimble.reshape %0 : (tensor<1x1x9x2x!q>) -> tensor<1x9x1x2x!q>
    %b = thimble.conv_2d %a, %v {strides = array<i64: 2, 1>, ...} :
        (tensor<1x9x1x2x!q>, tensor<4x3x1x2x!w>) -> tensor<1x4x1x4x!r>
    %1 = thimble.reshape %b : (tensor<1x4x1x4x!r>) -> tensor<1x1x4x4x!r>
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def MakeStreamingPass : Pass<"thimble-make-streaming", "::mlir::ModuleOp"> {
  let summary = "Makes a model of a sliding window one of its new rows";
  let description = [{
    A model that is run again and again on a window that slides over the rows
    of its input computes most rows of its tensors anew although it had them in
    the call before. Here the input becomes the new rows only; layers compute
    what follows from them, and where a window reaches further back,
    `thimble.delay` keeps rows from call to call. The results are those of the
    window model, bit for bit. A layer that needs the window as a whole (a
    global pool, a fully connected layer) gets it from a delay.

    Refused where a layer's windows look over the edge of the rows (what is
    there changes as the window slides), where paths of different strides meet,
    and where the first layer needs the window as a whole. The function must
    have one input and all its rows in one dimension.

    ```mlir
    // before
    func.func @m(%x: tensor<1x30x1x40x!q>) ... {
      %1 = thimble.conv_2d %x, %w, %b {...} :  // a filter of 3 rows
          (tensor<1x30x1x40x!q>, ...) -> tensor<1x28x1x8x!r>
    // after
    func.func @m(%x: tensor<1x1x1x40x!q>) ... {
      %0 = thimble.delay %x : (tensor<1x1x1x40x!q>) -> tensor<1x3x1x40x!q>
      %1 = thimble.conv_2d %0, %w, %b {...} :
          (tensor<1x3x1x40x!q>, ...) -> tensor<1x1x1x8x!r>
    ```
  }];
  let options = [
    Option<"rows", "rows", "int64_t", /*default=*/"0",
           "new rows of the input a call, 0 for as few as possible">,
    Option<"offer", "offer", "bool", /*default=*/"false",
           "change nothing, say in a remark what would be gained">
  ];
}

def FormKernelsPass : Pass<"thimble-form-kernels", "::mlir::ModuleOp"> {
  let summary = "Wraps every graph op in a kernel";
  let description = [{
    The step from GRAPH to KERNEL. Each op becomes the body of a
    `thimble.kernel` named by its `thimble.id`; constants stay outside. A delay
    whose only reader reaches over several rows becomes part of its kernel.

    ```mlir
    %1 = thimble.relu %0 {thimble.id = "relu_4"} : (!t) -> !t      // before
    %1 = thimble.kernel "relu_4"(%0) : (!t) -> !t {                // after
    ^bb0(%a: !t):
      %2 = thimble.relu %a {thimble.id = "relu_4"} : (!t) -> !t
      thimble.yield %2 : !t
    }
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def VerifyImportedPass : Pass<"thimble-verify-imported", "::mlir::ModuleOp"> {
  let summary = "Checks the contract of the GRAPH stage";
  let description = [{
    One public function with a body of graph ops and constants only, every op
    with a `thimble.id` of its own, every result computed by an op.
  }];
}

def VerifyCompressedPass
    : Pass<"thimble-verify-compressed", "::mlir::ModuleOp"> {
  let summary = "Checks that the numbers are final";
  let description = [{
    Every op wholly integer or wholly float (quantize and dequantize excepted:
    they lead from one to the other); no private function is left; every op
    still has a `thimble.id` of its own.
  }];
}

def VerifyPlannedPass : Pass<"thimble-verify-planned", "::mlir::ModuleOp"> {
  let summary = "Checks the memory plan";
  let description = [{
    Every kernel has a kernel's name and a placement per result, every argument
    a placement; what is live at the same time overlaps only where a kernel may
    overwrite an input; everything lies inside the arena; no two kernels have
    the same id.
  }];
}

#endif // THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_TD

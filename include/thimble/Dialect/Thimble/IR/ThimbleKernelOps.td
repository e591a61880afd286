//===- ThimbleKernelOps.td - The unit of kernel selection --*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the KERNEL stage is made of.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEKERNELOPS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEKERNELOPS_TD

include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "thimble/Dialect/Thimble/IR/ThimbleOpBase.td"

def Thimble_KernelOp
    : Op<Thimble_Dialect, "kernel",
         [IsolatedFromAbove, SingleBlock, Pure]> {
  let summary = "a group of ops that one kernel computes";
  let description = [{
    The body is the original ops; lowering it is the kernel's fallback and its
    oracle. `id` names the layer (its function is `<model>.<id>`). The selector
    sets `kernel`, `scratch_bytes`, `overwrites` (the inputs whose bytes the
    result may take), `copy` (the result is the first input's bytes unchanged)
    and `row_step` (if its rows can be computed at different times); the planner
    sets `scratch`, `placements` (one a result), `descending` (rows are computed
    from the last to the first) and, in a `thimble.stream`, `kept` (of the bytes
    that the steps share). A body may begin with the `thimble.delay` of an input:
    then `state` is where the rows of earlier calls are kept.
    Constants are operands, so that their encoding can be chosen.

    ```mlir
    %y = thimble.kernel "conv_2d_0" (%x, %w, %b) {kernel = "reference"}
        : (tensor<1x8x8x3x!q>, tensor<4x3x3x3x!w>, tensor<4xi32>)
        -> tensor<1x4x4x4x!r> {
    ^bb0(%a0: tensor<1x8x8x3x!q>, %a1: tensor<4x3x3x3x!w>, %a2: tensor<4xi32>):
      %0 = thimble.conv_2d %a0, %a1, %a2 {...} : ...
      thimble.yield %0 : tensor<1x4x4x4x!r>
    }
    ```
  }];
  let arguments = (ins StrAttr:$id, Variadic<Thimble_WeightTensor>:$inputs,
      OptionalAttr<StrAttr>:$kernel,
      OptionalAttr<I64Attr>:$scratch_bytes,
      OptionalAttr<DenseI64ArrayAttr>:$overwrites, UnitAttr:$copy,
      UnitAttr:$descending,
      OptionalAttr<Thimble_RowStepAttr>:$row_step,
      OptionalAttr<Thimble_PlacementAttr>:$scratch,
      OptionalAttr<Thimble_PlacementAttr>:$kept,
      OptionalAttr<Thimble_PlacementAttr>:$state,
      OptionalAttr<Thimble_PlacementArrayAttr>:$placements);
  let results = (outs Variadic<Thimble_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $id `(` $inputs `)` attr-dict `:` functional-type($inputs, $results) $body
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The op whose value the body yields.
    ::mlir::Operation *getRoot();
    /// How many steps a stream runs of this kernel: one per output row, per
    /// input row if it absorbs, 1 if it has no row steps.
    int64_t getStepCount();
    /// The delay in the body, or null: the root, or what its first operand is.
    ::thimble::DelayOp getDelay();
  }];
}

def Thimble_DecodeOp
    : Op<Thimble_Dialect, "decode", [Pure, HasParent<"KernelOp">]> {
  let summary = "the numbers of an encoded weight";
  let description = [{
    Stands in a kernel that does not decode in its own loops. The result is the
    whole weight; code is emitted for a chunk of output channels at a time (the
    encoding's `tile`), which is decoded into the kernel's scratch before all
    rows of these channels are computed.

    ```mlir
    %d = thimble.decode %w
        : tensor<8x3x3x4x!w, #thimble.encoding<[#thimble.packed<4>], tile = 2>>
        -> tensor<8x3x3x4x!w>
    ```
  }];
  let arguments = (ins Thimble_WeightTensor:$input);
  let results = (outs Thimble_Tensor:$output);
  let assemblyFormat =
      "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def Thimble_YieldOp
    : Op<Thimble_Dialect, "yield",
         [Pure, Terminator, ReturnLike,
          ParentOneOf<["KernelOp", "StreamOp"]>]> {
  let summary = "ends the body of a kernel or of a stream";
  let arguments = (ins Variadic<Thimble_Tensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEKERNELOPS_TD

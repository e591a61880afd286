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

def FormKernelsPass : Pass<"thimble-form-kernels", "::mlir::ModuleOp"> {
  let summary = "Wraps every graph op in a kernel";
  let description = [{
    The step from GRAPH to KERNEL. Each op becomes the body of a
    `thimble.kernel` named by its `thimble.id`; constants stay outside.

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
    they lead from one to the other); no private function is left.
  }];
}

def VerifyPlannedPass : Pass<"thimble-verify-planned", "::mlir::ModuleOp"> {
  let summary = "Checks the memory plan";
  let description = [{
    Every kernel has a kernel's name and a placement per result, every argument
    a placement; what is live at the same time overlaps only where a kernel may
    overwrite an input; everything lies inside the arena.
  }];
}

#endif // THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_TD

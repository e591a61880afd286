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

def EmitLayersPass : Pass<"thimble-emit-layers", "::mlir::ModuleOp"> {
  let summary = "Turns planned kernels into functions";
  let description = [{
    Each kernel becomes a layer function `<model>.<id>(regions..., first, last)`
    that loops over row steps, a step function below it, and its constant
    tables. `<model>_invoke` calls the layers and replaces the model's function.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::scf::SCFDialect"];
}

def AnnotateTripCountsPass
    : Pass<"thimble-annotate-trip-counts", "::mlir::ModuleOp"> {
  let summary = "Writes the trip counts of loops down as branch weights";
  let description = [{
    Bounds are evaluated for every call of the function around the loop and for
    every value of the outer induction variables that they depend on; the
    weights are the iterations and the entries of the loop. Loops whose bounds
    are not known stay as they are.

    ```mlir
    %more = arith.cmpi slt, %i, %c37 : i32
    cf.cond_br %more, ^body, ^end                   // before
    cf.cond_br %more weights([37, 1]), ^body, ^end  // after
    ```
  }];
}

#endif // THIMBLE_CODEGEN_PASSES_TD

//===- Passes.td - Passes that run functions on the host ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What takes the numbers that a function computes, and nobody's samples.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_PASSES_TD
#define THIMBLE_EVALUATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def PrimeDelaysPass : Pass<"thimble-prime-delays", "::mlir::ModuleOp"> {
  let summary = "Sets what delays hold before the first call";
  let description = [{
    Runs the function on an input of real zeros, as if it had been so at all
    times: then all rows of a tensor are equal, and delays hold nothing else.
    So the first calls of a streaming model give what the window model gives of
    a window that begins with zeros. Delays that have initial rows keep them.

    ```mlir
    %1 = thimble.delay %0 : (...) -> ...                              // before
    %1 = thimble.delay %0 {initial = dense<-128> : tensor<40xi8>}      // after
        : (...) -> ...
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

#endif // THIMBLE_EVALUATION_PASSES_TD

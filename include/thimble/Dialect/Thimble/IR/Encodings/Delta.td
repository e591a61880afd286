//===- Delta.td - Differences ------------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.delta: each symbol less an earlier one.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_DELTA_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_DELTA_TD

def Thimble_DeltaAttr : Thimble_Scheme<"Delta", "delta", []> {
  let summary = "differences of symbols";
  let description = [{
    The outer symbols are the inner ones less, modulo 256, the one `distance`
    places before: 1, or 4 for weights of four interleaved channels. What is
    before the first symbol of a chunk is 0.

    Left open, the distance is the one whose differences have the least entropy.

    ```mlir
    #thimble.delta
    #thimble.delta<1>
    ```
  }];
  let parameters = (ins OptionalParameter<"unsigned">:$distance);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_DELTA_TD

//===- RunLength.td - Runs of zeros ------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.run_length: how many zeros are before each other symbol.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_RUNLENGTH_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_RUNLENGTH_TD

def Thimble_RunLengthAttr
    : Thimble_Scheme<"RunLength", "run_length",
                     ["keepsCount", "getOuterCount"]> {
  let summary = "all symbols but one, and the lengths of its runs";
  let description = [{
    The outer symbols are the inner ones that differ from `symbol`, which is
    between -128 and 127. For each of them a field of `bits` bits (2, 4 or 8,
    the first field in the lowest bits of the first byte) says how many of
    `symbol` are before it; the field's largest value says that there are at
    least as many and that a field for the others follows.

    Left open, `symbol` is what stands for the weight 0, or the most frequent
    symbol if there is none; `bits` is what takes the fewest bytes.

    ```mlir
    #thimble.run_length
    #thimble.run_length<4>
    #thimble.run_length<4, 0>  // symbol = 0
    ```
  }];
  let parameters = (ins OptionalParameter<"unsigned">:$bits,
                        OptionalParameter<"::std::optional<int64_t>">:$symbol);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_RUNLENGTH_TD

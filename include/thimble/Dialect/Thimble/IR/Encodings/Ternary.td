//===- Ternary.td - Three consecutive numbers --------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.ternary: five symbols a byte.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TERNARY_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TERNARY_TD

def Thimble_TernaryAttr
    : Thimble_Scheme<"Ternary", "ternary",
                     ["keepsCount", "getOuterCount", "buildOuterCount"]> {
  let summary = "three consecutive numbers, five a byte";
  let description = [{
    Every symbol is `first`, `first` + 1 or `first` + 2. Five of them, less
    `first`, are the digits of a fraction to the base 3, which an outer symbol
    holds in 256ths, rounded up.

    Digit d of outer symbol 4 * i + j is symbol 20 * i + 4 * d + j; of those
    after the last four, digit d of symbol 4 * i + j is symbol
    20 * i + 5 * j + d.

    Left open, `first` is -1 or else the smallest number of the tensor.

    ```mlir
    #thimble.ternary
    #thimble.ternary<-1>
    ```
  }];
  let parameters = (ins OptionalParameter<"::std::optional<int64_t>">:$first);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TERNARY_TD

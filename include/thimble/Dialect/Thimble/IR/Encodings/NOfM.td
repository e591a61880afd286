//===- NOfM.td - A bounded number of weights in each few ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.n_m: structured zeros.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_NOFM_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_NOFM_TD

def Thimble_NOfMAttr
    : Thimble_Scheme<"NOfM", "n_m",
                     ["keepsCount", "getOuterCount", "buildOuterCount"],
                     [DeclareAttrInterfaceMethods<Thimble_SparseSchemeInterface>]> {
  let summary = "at most n of each m weights are not zero";
  let description = [{
    Of each `m` (2, 4, 8 or 16) weights of an output channel for consecutive
    input channels of one tap, at most `n` are not zero. The outer symbols are
    those and enough of the others to make it `n`, in the order of their places;
    the places are fields of log2(m) bits, in the order of the symbols, the first
    in the lowest bits of the first byte. Of `lanes` interleaved output channels
    the first symbols come first, then the second ones. `zero` is the symbol that
    stands for the weight 0.

    Left open, `n` and `m` are what takes the fewest bytes.

    ```mlir
    #thimble.n_m
    #thimble.n_m<2:4>
    #thimble.n_m<2:4, lanes = 4, zero = 0>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$n,
                        DefaultValuedParameter<"int64_t", "0">:$m,
                        DefaultValuedParameter<"int64_t", "1">:$lanes,
                        OptionalParameter<"::std::optional<int64_t>">:$zero);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_NOFM_TD

//===- Tans.td - Table-driven asymmetric numeral systems ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.tans: entropy coding, fractions of a bit a symbol.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TANS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TANS_TD

def Thimble_TansAttr
    : Thimble_Scheme<"Tans", "tans",
                     ["mapsSymbols", "getTables", "getNumbers",
                      "getScratchBytes", "buildSetup"]> {
  let summary = "asymmetric numeral systems with 64 to 2048 states";
  let description = [{
    The symbols of a chunk are stored as one stream of bits that states of a
    finite automaton read. `counts` are how many states stand for the symbols
    `first`, `first` + 1, ... modulo 256; 0 is a symbol that does not occur. The
    first and the last of them do occur. Their sum is 2^6 to 2^11.

    Shorter than `#thimble.huffman` where symbols are worth less than a bit or
    few, and slower to decode. The table of states is made in RAM once a layer,
    4 bytes a state.

    Nothing needs be given: counts and their sum are those with the fewest bytes.

    ```mlir
    #thimble.tans
    #thimble.tans<first = -1, counts = [4, 56, 4]>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$first,
                        OptionalParameter<"::mlir::DenseI16ArrayAttr">:$counts);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TANS_TD

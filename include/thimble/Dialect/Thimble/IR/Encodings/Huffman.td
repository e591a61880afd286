//===- Huffman.td - Prefix codes ---------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.huffman: entropy coding, a whole number of bits a symbol.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_HUFFMAN_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_HUFFMAN_TD

def Thimble_HuffmanAttr
    : Thimble_Scheme<"Huffman", "huffman",
                     ["mapsSymbols", "getTables", "getScratchBytes",
                      "buildSetup"]> {
  let summary = "a canonical prefix code of words of up to 12 bits";
  let description = [{
    Each symbol is stored as its word of a canonical code, the words of a chunk
    as one stream of bits. `lengths` are the bits of the words of the symbols
    `first`, `first` + 1, ... modulo 256; 0 is a symbol that does not occur. The
    first and the last of them do occur. If the only symbol is `first`, its word
    has no bits.

    A decoder looks the next `index_bits` bits up in a table, which is made in
    RAM once a layer, or with `in_flash` stored in flash. It yields a symbol a
    look-up, or with `pairs` up to two, at twice the bytes.

    Nothing needs be given: the lengths are those of the shortest code, the
    table is the one that decodes the tensor soonest.

    ```mlir
    #thimble.huffman
    #thimble.huffman<first = -1, lengths = [2, 1, 2], index_bits = 4, pairs>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$first,
                        OptionalParameter<"::mlir::DenseI8ArrayAttr">:$lengths,
                        OptionalParameter<"unsigned">:$indexBits,
                        DefaultValuedParameter<"bool", "false">:$pairs,
                        DefaultValuedParameter<"bool", "false">:$inFlash);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_HUFFMAN_TD

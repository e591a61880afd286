//===- Palette.td - Codebooks ------------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.palette: few distinct numbers.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_PALETTE_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_PALETTE_TD

def Thimble_PaletteAttr
    : Thimble_Scheme<"Palette", "palette",
                     ["getSymbolMap", "getTables", "getScratchBytes",
                      "buildSetup"]> {
  let summary = "indices into a codebook";
  let description = [{
    Each symbol is stored as its index in `codebook`, which has up to 256
    entries. Up to 16 entries are looked up in pairs, in a table that is made in
    RAM once a layer.

    Left open, the codebook is what the tensor holds, in ascending order; with
    `entries` it may have no more than as many.

    ```mlir
    #thimble.palette<16>             // or <entries = 16>
    #thimble.palette<[-3, 0, 5, 7]>
    ```
  }];
  let parameters = (ins OptionalParameter<"unsigned">:$entries,
                        OptionalParameter<"::mlir::DenseI8ArrayAttr">:$codebook);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_PALETTE_TD

//===- Bitmap.td - Zeros left out --------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.bitmap: a bit a symbol says which ones are there.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_BITMAP_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_BITMAP_TD

def Thimble_BitmapAttr
    : Thimble_Scheme<"Bitmap", "bitmap",
                     ["keepsCount", "getOuterCount", "getTables"],
                     [DeclareAttrInterfaceMethods<Thimble_SparseSchemeInterface>]> {
  let summary = "all symbols but one, and a bit for each";
  let description = [{
    The outer symbols are the inner ones that differ from `symbol`, which is
    between -128 and 127. A bit for each inner one, the first in the lowest bit
    of the first byte, says whether it does.

    Left open, `symbol` is what stands for the weight 0, or the most frequent
    symbol if there is none.

    ```mlir
    #thimble.bitmap
    #thimble.bitmap<0>
    ```
  }];
  let parameters = (ins OptionalParameter<"::std::optional<int64_t>">:$symbol);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_BITMAP_TD

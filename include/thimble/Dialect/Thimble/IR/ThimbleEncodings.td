//===- ThimbleEncodings.td - Schemes of compressed tensors -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `#thimble.encoding` is stacked from, one file each. Generated apart from
// the other attributes: only lib/Dialect/Thimble/IR/Encodings sees the classes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGS_TD

include "mlir/IR/AttrTypeBase.td"
include "thimble/Dialect/Thimble/IR/ThimbleDialect.td"
include "thimble/Dialect/Thimble/IR/ThimbleEncodingInterface.td"
include "thimble/Dialect/Thimble/IR/ThimbleSparseInterface.td"

/// A scheme: an attribute of the dialect that can be stacked. `overridden` are
/// the methods of the interface that differ from their default. It has at least
/// one parameter, which may be open. `traits` are interfaces of few schemes.
class Thimble_Scheme<string name, string keyword, list<string> overridden,
                     list<Trait> traits = []>
    : AttrDef<Thimble_Dialect, name,
              [DeclareAttrInterfaceMethods<Thimble_EncodingAttrInterface,
                                           overridden>] # traits> {
  let mnemonic = keyword;
}

include "thimble/Dialect/Thimble/IR/Encodings/Bitmap.td"
include "thimble/Dialect/Thimble/IR/Encodings/Block.td"
include "thimble/Dialect/Thimble/IR/Encodings/ChannelPalette.td"
include "thimble/Dialect/Thimble/IR/Encodings/Delta.td"
include "thimble/Dialect/Thimble/IR/Encodings/Huffman.td"
include "thimble/Dialect/Thimble/IR/Encodings/NOfM.td"
include "thimble/Dialect/Thimble/IR/Encodings/Packed.td"
include "thimble/Dialect/Thimble/IR/Encodings/Palette.td"
include "thimble/Dialect/Thimble/IR/Encodings/RunLength.td"
include "thimble/Dialect/Thimble/IR/Encodings/Tans.td"
include "thimble/Dialect/Thimble/IR/Encodings/Ternary.td"
include "thimble/Dialect/Thimble/IR/Encodings/Trellis.td"

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGS_TD

//===- Block.td - Zeros in blocks --------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.block: structured zeros.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_BLOCK_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_BLOCK_TD

def Thimble_BlockAttr
    : Thimble_Scheme<"Block", "block", ["keepsCount", "getOuterCount"],
                     [DeclareAttrInterfaceMethods<Thimble_SparseSchemeInterface>]> {
  let summary = "all weights but blocks of zeros";
  let description = [{
    A block are the weights of `rows` output channels for `columns` consecutive
    input channels of one tap. The outer symbols are the weights of the blocks
    that are not all zero, in the order of the inner ones. A bit for each block
    says whether it is there: for `rows` output channels after the others, block
    after block along them, the first in the lowest bit of the first byte.

    The output channels of a block are either interleaved, or each follows the
    one before it: its `depth` weights are then a parameter of the decoder.
    `zero` is the symbol that stands for the weight 0.

    Left open, the shape is the one that takes the fewest bytes.

    ```mlir
    #thimble.block
    #thimble.block<4x2>
    #thimble.block<4x2, depth = 36, zero = 0>  // one channel after the other
    #thimble.block<4x2, zero = 0>              // interleaved
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$rows,
                        DefaultValuedParameter<"int64_t", "0">:$columns,
                        DefaultValuedParameter<"int64_t", "0">:$depth,
                        OptionalParameter<"::std::optional<int64_t>">:$zero);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_BLOCK_TD

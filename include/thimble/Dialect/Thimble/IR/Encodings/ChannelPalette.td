//===- ChannelPalette.td - Codebooks of channels -----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.channel_palette: few distinct numbers in each output channel.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_CHANNELPALETTE_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_CHANNELPALETTE_TD

def Thimble_ChannelPaletteAttr
    : Thimble_Scheme<"ChannelPalette", "channel_palette", []> {
  let summary = "indices into a codebook of the output channel";
  let description = [{
    As `palette`, with a codebook of its own for each output channel: 2 to 256
    entries, the most frequent symbol first. Unlike the one codebook of
    `palette` they are part of the payload, `entries` bytes for each output
    channel of a tile, so that a tile has all that decodes it. A channel with
    fewer distinct symbols leaves the rest of its entries zero.

    `depth` is the number of weights of an output channel, `lanes` the number of
    output channels that are interleaved; both are chosen for the tensor. Left
    open, `entries` is the most distinct symbols of a channel; a wish for as
    many or more is met by that, too.

    ```mlir
    #thimble.channel_palette
    #thimble.channel_palette<16>
    #thimble.channel_palette<16, depth = 27>
    #thimble.channel_palette<16, depth = 27, lanes = 4>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$entries,
                        DefaultValuedParameter<"int64_t", "0">:$depth,
                        DefaultValuedParameter<"int64_t", "1">:$lanes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_CHANNELPALETTE_TD

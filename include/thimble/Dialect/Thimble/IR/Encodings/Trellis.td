//===- Trellis.td - Weights that follow a trellis ----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.trellis: indices into codebooks that the weights before choose.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TRELLIS_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TRELLIS_TD

def Thimble_TrellisAttr : Thimble_Scheme<"Trellis", "trellis", []> {
  let summary = "indices of weights that follow a trellis";
  let description = [{
    For weights that were rounded to trellis-coded quantization with union
    codebooks (Marcellin & Fischer 1990; Joshi, Fischer & Bamberger 1994; JPEG
    2000 part 2 has it, too). Each weight is from one of two codebooks, the even
    numbers that are not negative and the odd ones that are, or their negatives;
    the outer symbol is its index there, -64 to 63. Which codebook it is follows
    from the weights before it in the output channel. A machine of three bits
    (z, s1, s2), all 0 before the first weight, says so: a weight v has

        u = z ? -v : v
        k = u >> 1, the index; so u = 2 k + (k < 0)
        (z, s1, s2) <- (s2 ^ z, z, s1 ^ (k & 1))

    and v follows the trellis if u is even and not negative or odd and negative.
    Weights that do not, as nearly all that were not made for it, cannot be
    stored. `Support/Trellis.h` has the machine.

    The indices need a bit less than the weights, and an entropy coder around
    this scheme makes use of it. `lanes` is the number of output channels that
    are interleaved, 1 or 4, and is chosen for the tensor. The number of weights
    of an output channel is in the payload, two bytes a tile, so that layers
    share a decoder.

    ```mlir
    #thimble.trellis
    #thimble.trellis<lanes = 1>
    #thimble.trellis<lanes = 4>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$lanes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_TRELLIS_TD

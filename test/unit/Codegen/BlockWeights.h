//===- BlockWeights.h - Weights with blocks of zeros for tests --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random numbers in the blocks that are there.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CODEGEN_BLOCKWEIGHTS_H
#define THIMBLE_TEST_UNIT_CODEGEN_BLOCKWEIGHTS_H

#include "ReferenceConvolution.h"
#include "thimble/LoopNest/SparseBlocks.h"

namespace thimble::test {

/// int8 weights of OHWI shape: a block is zero in `percent` of all cases.
inline Bytes blockWeights(Random &random, const WindowShape &shape,
                          SparseBlocks blocks, int64_t percent) {
  int64_t taps = shape.kernelH * shape.kernelW, depth = taps * shape.channels;
  Bytes weights(shape.outputChannels * depth, 0);
  for (int64_t o = 0; o < shape.outputChannels; o += blocks.rows)
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t c = 0; c < shape.channels; c += blocks.columns) {
        if (random.pick(1, 100) <= percent)
          continue;
        for (int64_t r = o; r < std::min(o + blocks.rows, shape.outputChannels);
             ++r)
          for (int64_t k = c; k < std::min(c + blocks.columns, shape.channels);
               ++k)
            weights[r * depth + tap * shape.channels + k] =
                random.pick(0, 2) ? random.pick(-128, 127)
                                  : random.oneOf<int64_t>({-128, 127, 0});
      }
  return weights;
}

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_CODEGEN_BLOCKWEIGHTS_H

//===- Windows.cpp - What convolutions and pools share --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes are bounded so that the arithmetic on them stays far within 64 bits.
//
//===----------------------------------------------------------------------===//

#include "Windows.h"

using namespace mlir;
using namespace thimble;

WindowGeometry thimble::imageGeometry(Value input, Value output) {
  RankedTensorType from = tensorType(input), to = tensorType(output);
  WindowGeometry g;
  g.inputHeight = from.getDimSize(1);
  g.inputWidth = from.getDimSize(2);
  g.inputChannels = from.getDimSize(3);
  g.outputHeight = to.getDimSize(1);
  g.outputWidth = to.getDimSize(2);
  g.outputChannels = to.getDimSize(3);
  return g;
}

LogicalResult thimble::verifySizes(Operation *op, StringRef name,
                                   ArrayRef<int64_t> values, size_t count,
                                   int64_t least) {
  if (values.size() == count && llvm::all_of(values, [&](int64_t v) {
        return v >= least && v < (1 << 24);
      }))
    return success();
  return op->emitOpError("expected ")
         << count << " values of at least " << least << " as " << name;
}

int64_t thimble::windowCount(int64_t size, int64_t span, int64_t stride) {
  return size < span ? 0 : (size - span) / stride + 1;
}

//===- StepSpec.cpp - What a row step needs -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of output channels.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/StepSpec.h"
#include "llvm/Support/MathExtras.h"
#include <cassert>

using namespace thimble;

llvm::SmallVector<int64_t> thimble::channelBounds(const StepSpec &spec,
                                                  int64_t size) {
  assert(spec.channels && size > 0 && "the step has no ranges of channels");
  int64_t granule = spec.channelGranule, channels = *spec.channels;
  size = llvm::divideCeil(size, granule) * granule;
  llvm::SmallVector<int64_t> bounds = {0};
  for (int64_t end = size; end + granule <= channels; end += size)
    bounds.push_back(end);
  bounds.push_back(channels);
  return bounds;
}

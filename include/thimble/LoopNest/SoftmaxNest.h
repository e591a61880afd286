//===- SoftmaxNest.h - Integer softmax loops --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax over groups of int8 with a table of exponentials.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_SOFTMAXNEST_H
#define THIMBLE_LOOPNEST_SOFTMAXNEST_H

#include "thimble/LoopNest/StepBuilder.h"
#include "thimble/Support/QuantizedParameters.h"

namespace thimble {

/// The table `exponentials`: exp of each difference to the maximum, as TFLite's
/// fixed point has it; 0 for differences that it leaves out.
ConstantTable softmaxTable(const SoftmaxParameters &parameters);

/// `b.pixels` groups of `size` int8 elements, in place if the caller wants.
void buildInt8Softmax(StepBuilder &b, int64_t size);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_SOFTMAXNEST_H

//===- TrellisDecoder.h - Decodes indices of a trellis ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The code that `#thimble.trellis` runs on the target.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TRELLISDECODER_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TRELLISDECODER_H

#include "thimble/Dialect/Thimble/IR/Symbols.h"
#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// Emits what turns the indices of a chunk into weights, in place; `lanes`
/// output channels are interleaved, 1 or 4.
void buildTrellisDecode(StepBuilder &b, DecodeLevel &level, int64_t lanes);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TRELLISDECODER_H

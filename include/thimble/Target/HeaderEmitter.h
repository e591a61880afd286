//===- HeaderEmitter.h - The C header of a compiled model -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the header through which firmware uses a model: macros with sizes,
// shapes and quantization, accessors of inputs and outputs, the entry point.
// C99 and C++, nothing included but <stdint.h>. thimble_rt/abi.h says what the
// macros mean.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_HEADEREMITTER_H
#define THIMBLE_TARGET_HEADEREMITTER_H

#include "mlir/Support/LLVM.h"
#include "thimble/Target/ModelInfo.h"

namespace thimble {

/// Writes the header of `model`, whose entry point needs at most `stackBytes`
/// of stack.
void emitHeader(const ModelInfo &model, uint64_t stackBytes,
                llvm::raw_ostream &stream);

} // namespace thimble

#endif // THIMBLE_TARGET_HEADEREMITTER_H

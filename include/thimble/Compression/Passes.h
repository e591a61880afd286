//===- Passes.h - Passes that compress --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations generated from Passes.td beside this file.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_PASSES_H
#define THIMBLE_COMPRESSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace thimble {
#define GEN_PASS_DECL
#include "thimble/Compression/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

#endif // THIMBLE_COMPRESSION_PASSES_H

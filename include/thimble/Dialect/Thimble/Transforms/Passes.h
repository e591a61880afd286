//===- Passes.h - Passes on the dialect -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations generated from Passes.td beside this file.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_H
#define THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace thimble {
#define GEN_PASS_DECL
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_TRANSFORMS_PASSES_H

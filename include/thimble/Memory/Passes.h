//===- Passes.h - The memory planning pass ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations generated from Passes.td beside this file.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_MEMORY_PASSES_H
#define THIMBLE_MEMORY_PASSES_H

#include "mlir/Pass/Pass.h"

namespace thimble {
#define GEN_PASS_DECL
#include "thimble/Memory/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "thimble/Memory/Passes.h.inc"
} // namespace thimble

#endif // THIMBLE_MEMORY_PASSES_H

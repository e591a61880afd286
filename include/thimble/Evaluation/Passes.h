//===- Passes.h - Passes that run functions on the host ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations generated from Passes.td beside this file.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_PASSES_H
#define THIMBLE_EVALUATION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace thimble {
#define GEN_PASS_DECL
#include "thimble/Evaluation/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "thimble/Evaluation/Passes.h.inc"
} // namespace thimble

#endif // THIMBLE_EVALUATION_PASSES_H

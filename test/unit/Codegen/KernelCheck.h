//===- KernelCheck.h - Runs every kernel of an op ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every kernel has to keep to, whatever it computes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CODEGEN_KERNELCHECK_H
#define THIMBLE_TEST_UNIT_CODEGEN_KERNELCHECK_H

#include "CompiledModel.h"

namespace thimble::test {

/// Compiles a model of one op with every kernel that matches it and expects
/// equal results from the layer at once, the layer in pieces of 1, 2 and all
/// steps, and the steps one by one on scattered rows; of ranges of channels,
/// where the kernel has them. Returns the result (empty on failure).
Bytes checkKernels(const OpModel &model, llvm::ArrayRef<Bytes> inputs);

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_CODEGEN_KERNELCHECK_H

//===- Kernels.h - Factories of the kernels ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line a kernel; the classes are private to their files.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_KERNELS_KERNELS_H
#define THIMBLE_LIB_CODEGEN_KERNELS_KERNELS_H

#include "thimble/Codegen/Kernel.h"

namespace thimble {
std::unique_ptr<Kernel> createBlockSparseKernel();
std::unique_ptr<Kernel> createReferenceKernel();
} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_KERNELS_KERNELS_H

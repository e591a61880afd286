//===- KernelRegistry.cpp - The list of all kernels -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that names every kernel.
//
//===----------------------------------------------------------------------===//

#include "Kernels/Kernels.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/Support/MathExtras.h"

using namespace thimble;

Kernel::~Kernel() = default;

llvm::ArrayRef<std::unique_ptr<Kernel>> thimble::registeredKernels() {
  static const std::unique_ptr<Kernel> kernels[] = {
      createReferenceKernel(),
  };
  return kernels;
}

const Kernel *thimble::findKernel(llvm::StringRef name) {
  for (const std::unique_ptr<Kernel> &kernel : registeredKernels())
    if (kernel->getName() == name)
      return kernel.get();
  return nullptr;
}

LayerScratch thimble::layOutScratch(const StepSpec &spec,
                                    const TargetInfo &target) {
  LayerScratch layout;
  for (const RowOperand &operand : spec.operands) {
    bool needsArray = !operand.window.whole && operand.window.rows > 1;
    layout.rowPointers.push_back(needsArray ? layout.bytes : -1);
    if (needsArray)
      layout.bytes += operand.window.rows * target.pointerBytes;
  }
  layout.paddingRow = layout.bytes = llvm::alignTo(layout.bytes, 8);
  layout.bytes += llvm::alignTo(spec.paddingRowBytes, 8);
  layout.kernel = layout.bytes;
  layout.bytes += llvm::alignTo(spec.scratchBytes, 8);
  return layout;
}

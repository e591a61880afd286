//===- KernelRegistry.cpp - The list of all kernels -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that names every kernel.
//
//===----------------------------------------------------------------------===//

#include "Kernels/Kernels.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

Kernel::~Kernel() = default;

llvm::ArrayRef<std::unique_ptr<Kernel>> thimble::registeredKernels() {
  static const std::unique_ptr<Kernel> kernels[] = {
      createBlockSparseKernel(),
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

std::optional<WeightDecoding> thimble::findWeightDecoding(KernelOp op) {
  auto weighted = dyn_cast<WeightedOp>(op.getRoot());
  if (!weighted)
    return std::nullopt;
  auto decode = weighted.getWeightOperand().get().getDefiningOp<DecodeOp>();
  ConstantOp constant = decode ? constantOf(decode.getInput()) : ConstantOp();
  if (!constant)
    return std::nullopt;
  RankedTensorType type = constant.getOutput().getType();
  return WeightDecoding{constant, encodingOf(type), type};
}

//===- KernelRegistry.cpp - The list of all kernels -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that names every kernel.
//
//===----------------------------------------------------------------------===//

#include "Kernels/Kernels.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/Support/MathExtras.h"

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

bool thimble::marksPadding(const StepSpec &spec) {
  return spec.paddingRowBytes == 1 && spec.paddingTapBytes == 0 &&
         spec.scratchBytes > 0;
}

LayerScratch
thimble::layOutScratch(const StepSpec &spec,
                       const std::optional<WeightDecoding> &decoding,
                       const TargetInfo &target) {
  LayerScratch layout;
  // What needs 8-byte alignment first, then words, then bytes.
  layout.bytes = llvm::alignTo(spec.scratchBytes, target.pointerBytes);
  for (const RowOperand &operand : spec.operands) {
    bool needsArray = !operand.window.whole && operand.window.rows > 1;
    layout.rowPointers.push_back(needsArray ? layout.bytes : -1);
    if (needsArray)
      layout.bytes += operand.window.rows * target.pointerBytes;
  }
  layout.paddingRow = marksPadding(spec) ? layout.kernel : layout.bytes;
  if (!marksPadding(spec))
    layout.bytes += spec.paddingRowBytes;
  layout.bytes = llvm::alignTo(layout.bytes, 8);
  layout.tile = layout.lookup = layout.bytes;
  if (decoding) {
    const EncodingAttr &encoding = decoding->encoding;
    layout.bytes += llvm::alignTo(encoding.getChunk(decoding->type).size(), 8);
    layout.lookup = layout.bytes;
    layout.bytes +=
        llvm::alignTo(StackDecoder(encoding, target).getScratchBytes(), 8);
  }
  return layout;
}

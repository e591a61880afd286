//===- ScratchLayout.cpp - What lies in the scratch of layers -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Of a layer that runs as a whole, and of a row step of a stream. There the
// padding row comes last: most steps need little or nothing of it, and a plan
// charges the rest only to those that look over the image's edge.
//
//===----------------------------------------------------------------------===//

#include "thimble/Codegen/Kernel.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

bool thimble::marksPadding(const StepSpec &spec) {
  return spec.paddingRowBytes == 1 && spec.paddingTapBytes == 0 &&
         spec.scratchBytes > 0;
}

/// The kernel's own part and the arrays of row pointers: what needs 8-byte
/// alignment first, then words. Returns where they end.
static int64_t layOutKernel(const StepSpec &spec, const TargetInfo &target,
                            SmallVectorImpl<int64_t> &rowPointers) {
  int64_t bytes = llvm::alignTo(spec.scratchBytes, target.pointerBytes);
  for (const RowOperand &operand : spec.operands) {
    bool needsArray = !operand.window.whole && operand.window.rows > 1;
    rowPointers.push_back(needsArray ? bytes : -1);
    if (needsArray)
      bytes += operand.window.rows * target.pointerBytes;
  }
  return bytes;
}

LayerScratch
thimble::layOutScratch(const StepSpec &spec,
                       const std::optional<WeightDecoding> &decoding,
                       const TargetInfo &target) {
  LayerScratch layout;
  layout.bytes = layOutKernel(spec, target, layout.rowPointers);
  layout.paddingRow = marksPadding(spec) ? layout.kernel : layout.bytes;
  if (!marksPadding(spec))
    layout.bytes += spec.paddingRowBytes;
  layout.tile = llvm::alignTo(layout.bytes, 8);
  KeptLayout decoded = layOutKept(decoding, 0, target);
  layout.lookup = layout.tile + decoded.lookup;
  layout.bytes = layout.tile + decoded.bytes;
  return layout;
}

StepScratch thimble::layOutStepScratch(const StepSpec &spec,
                                       const TargetInfo &target) {
  StepScratch layout;
  int64_t bytes = layOutKernel(spec, target, layout.rowPointers);
  layout.paddingRow = marksPadding(spec) ? layout.kernel : bytes;
  int64_t inside = 0, edge = 0;
  if (spec.paddingRowBytes > 0 && !marksPadding(spec)) {
    // No row that is read may begin at the address of the padding row.
    inside = std::max<int64_t>(spec.paddingTapBytes, 1);
    edge = spec.paddingRowBytes;
  }
  layout.insideBytes = llvm::alignTo(bytes + inside, 8);
  layout.edgeBytes = llvm::alignTo(bytes + edge, 8);
  return layout;
}

KeptLayout thimble::layOutKept(const std::optional<WeightDecoding> &decoding,
                               int64_t sumBytes, const TargetInfo &target) {
  KeptLayout layout;
  layout.bytes = llvm::alignTo(sumBytes, 8);
  if (!decoding)
    return layout;
  const EncodingAttr &encoding = decoding->encoding;
  layout.bytes += llvm::alignTo(encoding.getChunk(decoding->type).size(), 8);
  layout.lookup = layout.bytes;
  layout.bytes +=
      llvm::alignTo(StackDecoder(encoding, target).getScratchBytes(), 8);
  return layout;
}

/// Bytes of sums if the reference lowering may add up its input row by row.
static int64_t sumBytesOf(KernelOp op, const StepSpec &spec,
                          const TargetInfo &target) {
  auto absorbing = dyn_cast<AbsorbingOp>(op.getRoot());
  bool isReference = op.getKernel() == "reference";
  if (!absorbing || !isReference || spec.operands.size() != 1 ||
      spec.operands[0].images != 1 || spec.operands[0].index != 0)
    return 0;
  return absorbing.getSumBytes(target);
}

RowStepAttr thimble::rowStepOf(KernelOp op, const Kernel &kernel,
                               const TargetInfo &target) {
  StepSpec spec = kernel.describe(op, target);
  std::optional<WeightDecoding> decoding = findWeightDecoding(op);
  if (op.getDelay() ||
      (decoding && decoding->encoding.getChunkCount(decoding->type) > 1))
    return {};
  MLIRContext *context = op.getContext();
  if (int64_t sumBytes = sumBytesOf(op, spec, target))
    if (!decoding)
      return RowStepAttr::get(context, 0, 0, llvm::alignTo(sumBytes, 8), true);
  for (const RowOperand &operand : spec.operands)
    if (operand.window.whole || operand.images != 1)
      return {};
  StepScratch scratch = layOutStepScratch(spec, target);
  return RowStepAttr::get(context, scratch.insideBytes, scratch.edgeBytes,
                          layOutKept(decoding, 0, target).bytes, false);
}

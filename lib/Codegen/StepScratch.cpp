//===- StepScratch.cpp - What a row step of a stream needs ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The padding row comes last: most steps need little or nothing of it, and a
// plan charges the rest only to those that look over the image's edge.
//
//===----------------------------------------------------------------------===//

#include "thimble/Codegen/Kernel.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

StepScratch thimble::layOutStepScratch(const StepSpec &spec,
                                       const TargetInfo &target) {
  StepScratch layout;
  // What needs 8-byte alignment first, then words, then bytes.
  int64_t bytes = llvm::alignTo(spec.scratchBytes, target.pointerBytes);
  for (const RowOperand &operand : spec.operands) {
    bool needsArray = !operand.window.whole && operand.window.rows > 1;
    layout.rowPointers.push_back(needsArray ? bytes : -1);
    if (needsArray)
      bytes += operand.window.rows * target.pointerBytes;
  }
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
  if (decoding && decoding->encoding.getChunkCount(decoding->type) > 1)
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

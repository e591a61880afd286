//===- StoredSize.cpp - What a weight takes in flash ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thimble-encode decides later, and knows lanes and tiles; these move a few
// bytes.
//
//===----------------------------------------------------------------------===//

#include "StoredSize.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

StoredSize StoredSizes::measure(WeightedOp op, const CodeMatrix &codes) const {
  std::vector<uint8_t> bytes = getTensorBytes(op, codes);
  ArrayRef<int64_t> shape = tensorType(op.getWeightOperand().get()).getShape();
  Builder b(op.getContext());
  // Encodings look at the storage alone.
  auto element = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, b.getI8Type(), b.getF32Type(), 1.0, 0,
      -128, 127);
  auto type = RankedTensorType::get(shape, element);
  StoredSize best{static_cast<int64_t>(bytes.size()), 0};
  for (const EncodingStack &stack : stacks) {
    std::string reason;
    FailureOr<EncodingAttr> encoding =
        EncodingAttr::specialize(stack, op.getOutputChannelAxis(), /*lanes=*/1,
                                 /*tile=*/0, type, bytes, reason);
    if (failed(encoding))
      continue;
    int64_t size =
        encoding->sizeInBits(encoding->encode(type, bytes), target) / 8;
    if (size >= best.bytes)
      continue;
    best.bytes = size;
    best.cycles =
        encoding->getCost(encoding->getSymbols(type, bytes), target).cycles;
  }
  return best;
}

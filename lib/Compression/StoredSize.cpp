//===- StoredSize.cpp - What a weight takes in flash ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thimble-encode decides later, and knows lanes and tiles; these move a few
// bytes.
//
//===----------------------------------------------------------------------===//

#include "StoredSize.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace thimble;

namespace {
/// A weight without the channels that thimble-drop-dead-channels removes.
struct LiveWeight {
  SmallVector<int64_t> shape;
  std::vector<uint8_t> bytes;
};
} // namespace

/// Indices of dimension `axis` at which some byte is not 0.
static SmallVector<int64_t> getLive(ArrayRef<uint8_t> bytes,
                                    ArrayRef<int64_t> shape, int64_t axis) {
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  llvm::BitVector seen(shape[axis]);
  for (auto [i, byte] : llvm::enumerate(bytes))
    if (byte != 0)
      seen.set(i / inner % shape[axis]);
  auto set = seen.set_bits();
  return SmallVector<int64_t>(set.begin(), set.end());
}

/// The tensor with only those indices along one dimension.
static void keepOnly(LiveWeight &weight, int64_t axis,
                     ArrayRef<int64_t> indices) {
  int64_t inner = 1, outer = 1;
  for (int64_t size : ArrayRef(weight.shape).drop_front(axis + 1))
    inner *= size;
  for (int64_t size : ArrayRef(weight.shape).take_front(axis))
    outer *= size;
  std::vector<uint8_t> kept;
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t index : indices) {
      auto from =
          weight.bytes.begin() + (i * weight.shape[axis] + index) * inner;
      kept.insert(kept.end(), from, from + inner);
    }
  weight.bytes = std::move(kept);
  weight.shape[axis] = indices.size();
}

/// Output channels without weights go, and inputs that no weight reads: the
/// last dimension, where that does not count output channels.
static LiveWeight dropDead(WeightedOp op, const CodeMatrix &codes) {
  LiveWeight weight;
  weight.shape =
      llvm::to_vector(tensorType(op.getWeightOperand().get()).getShape());
  weight.bytes = getTensorBytes(op, codes);
  int64_t axis = op.getOutputChannelAxis();
  int64_t last = weight.shape.size() - 1;
  for (int64_t dimension : {axis, last}) {
    SmallVector<int64_t> live = getLive(weight.bytes, weight.shape, dimension);
    if (!live.empty())
      keepOnly(weight, dimension, live);
  }
  return weight;
}

StoredSize StoredSizes::measure(WeightedOp op, const CodeMatrix &codes) const {
  auto [shape, bytes] = dropDead(op, codes);
  Builder b(op.getContext());
  // Encodings look at the storage alone.
  auto element = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, b.getI8Type(), b.getF32Type(), 1.0, 0,
      -128, 127);
  auto type = RankedTensorType::get(shape, element);
  StoredSize best{static_cast<int64_t>(bytes.size()), 0};
  int64_t channels = shape[op.getOutputChannelAxis()];
  int64_t channelBytes = best.bytes / std::max<int64_t>(channels, 1);
  // Whole, unless that is more than a decoder may be given at a time.
  int64_t tile = best.bytes <= maxChunkSymbols
                     ? 0
                     : std::max<int64_t>(1, maxChunkSymbols / channelBytes);
  for (const EncodingStack &stack : stacks) {
    std::string reason;
    FailureOr<EncodingAttr> encoding =
        EncodingAttr::specialize(stack, op.getOutputChannelAxis(), /*lanes=*/1,
                                 tile, type, bytes, reason);
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

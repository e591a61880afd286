//===- StridedSlice.cpp - thimble.strided_slice ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::StridedSlice, masks resolved by the
// importer.
//
//===----------------------------------------------------------------------===//

#include "IdentityFold.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

LogicalResult StridedSliceOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  size_t rank = input.getRank();
  if (getOffsets().size() != rank || getSizes().size() != rank ||
      getStrides().size() != rank)
    return emitOpError("expected ") << rank << " offsets, sizes and strides";
  int64_t elements = 1;
  for (size_t d = 0; d < rank; ++d) {
    int64_t first = getOffsets()[d], size = getSizes()[d];
    int64_t stride = getStrides()[d], limit = input.getDimSize(d);
    bool bounded = size >= 1 && size <= limit && first >= 0 && first < limit &&
                   stride >= -limit && stride <= limit;
    int64_t last = bounded ? first + (size - 1) * stride : -1;
    if (last < 0 || last >= limit)
      return emitOpError("expected elements inside dimension ")
             << d << " of " << input;
    elements *= size;
  }
  if (output.getNumElements() != elements ||
      elementBytes(input) != elementBytes(output))
    return emitOpError("expected a result of ")
           << elements << " elements, found " << output;
  return success();
}

RowWindow StridedSliceOp::getRowWindow(unsigned) {
  RankedTensorType input = tensorType(getInput());
  std::optional<int64_t> rows = rowDimension(input);
  RowWindow window;
  window.whole = !rows || getSizes() != tensorType(getOutput()).getShape() ||
                 (getStrides()[*rows] <= 0 && getSizes()[*rows] > 1);
  if (window.whole)
    return window;
  window.stride = std::max<int64_t>(getStrides()[*rows], 1);
  window.padBefore = -getOffsets()[*rows];
  return window;
}

StepSpec StridedSliceOp::getStepSpec(const TargetInfo &) {
  RankedTensorType output = tensorType(getOutput());
  StepSpec spec;
  spec.operands.push_back(rowOperand(*this, 0, getRowWindow(0)));
  if (spec.operands[0].window.whole)
    return spec;
  spec.steps = rowCount(output);
  spec.outputRowBytes = rowElements(output) * elementBytes(output);
  return spec;
}

void StridedSliceOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput());
  int64_t bytes = elementBytes(input);
  SmallVector<int64_t> strides = rowMajorStrides(input.getShape(), bytes);
  StridedOperand from{step.operands[0], 0, {}};
  // What chooses rows is in the row pointer.
  int64_t first = getRowWindow(0).whole ? 0 : rowRank(input);
  for (int64_t d = first; d < input.getRank(); ++d) {
    from.offset += strides[d] * getOffsets()[d];
    from.strides.push_back(strides[d] * getStrides()[d]);
  }
  ArrayRef<int64_t> sizes = getSizes().drop_front(first);
  StridedOperand to{step.output, 0, rowMajorStrides(sizes, bytes)};
  buildStridedCopy(step, sizes, to, from, bytes);
}

Operation *StridedSliceOp::rebuildWithRows(OpBuilder &builder,
                                           ValueRange operands,
                                           RankedTensorType result) {
  auto clone =
      cast<StridedSliceOp>(rebuildOp(*this, builder, operands, result));
  int64_t rows = *rowDimension(result);
  SmallVector<int64_t> offsets(getOffsets()), strides(getStrides());
  offsets[rows] = 0;
  if (result.getDimSize(rows) == 1)
    strides[rows] = 1; // There is nothing to step over.
  clone.setOffsets(offsets);
  clone.setSizes(result.getShape());
  clone.setStrides(strides);
  return clone;
}

OpFoldResult StridedSliceOp::fold(FoldAdaptor) {
  // As many elements as before, forwards: all of them in order.
  bool forwards =
      llvm::all_of(llvm::zip_equal(getSizes(), getStrides()), [](auto pair) {
        return std::get<0>(pair) == 1 || std::get<1>(pair) > 0;
      });
  return forwards ? foldToOperand(*this) : OpFoldResult();
}

/// The last dimensions correspond and the slice takes consecutive channels.
static bool keepsChannels(StridedSliceOp op) {
  return !op.getSizes().empty() &&
         op.getSizes().back() == lastDimension(tensorType(op.getOutput())) &&
         (op.getStrides().back() == 1 || op.getSizes().back() == 1);
}

ChannelRanges
StridedSliceOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  int64_t count = lastDimension(tensorType(getOutput()));
  if (!keepsChannels(*this))
    return ChannelRanges(count, hull(operands[0]));
  auto first = operands[0].begin() + getOffsets().back();
  return ChannelRanges(first, first + count);
}

void StridedSliceOp::keepNeededChannels(ChannelFlow &flow) {
  if (!keepsChannels(*this))
    return keepAllChannels(flow);
  unsigned first = getOffsets().back();
  for (unsigned c = 0; c < flow.result.size(); ++c)
    if (flow.result.test(c) || flow.operands[0].test(first + c)) {
      flow.result.set(c);
      flow.operands[0].set(first + c);
    }
}

Operation *StridedSliceOp::rebuildWithChannels(OpBuilder &builder,
                                               ValueRange operands,
                                               const ChannelFlow &flow) {
  auto clone =
      cast<StridedSliceOp>(rebuildElementwise(*this, builder, operands, flow));
  if (!keepsChannels(*this))
    return clone;
  SmallVector<int64_t> offsets(getOffsets()), sizes(getSizes());
  SmallVector<int64_t> strides(getStrides());
  offsets.back() =
      llvm::count_if(llvm::seq<unsigned>(0, getOffsets().back()),
                     [&](unsigned c) { return flow.operands[0].test(c); });
  sizes.back() = flow.result.count();
  strides.back() = 1; // That of one element means nothing.
  clone.setOffsets(offsets);
  clone.setSizes(sizes);
  clone.setStrides(strides);
  return clone;
}

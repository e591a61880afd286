//===- Slice.cpp - Operators that rearrange or cut ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// STRIDED_SLICE, TRANSPOSE and PAD.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"
#include "../StridedCopy.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

/// What a strided slice takes of each dimension of its input.
struct SliceBox {
  SmallVector<int64_t> offsets, sizes, strides;
  /// The sizes without the dimensions that shrink.
  SmallVector<int64_t> shape;
};

/// First and one past the last index along a dimension, as NumPy counts them:
/// negative ones from the end, then limited to the dimension.
static int64_t clampIndex(int64_t index, int64_t size, bool forward) {
  if (index < 0)
    index += size;
  return forward ? std::clamp<int64_t>(index, 0, size)
                 : std::clamp<int64_t>(index, -1, size - 1);
}

static LogicalResult sliceDimension(OpImporter &op, SliceBox &box,
                                    ArrayRef<int64_t> spec, bool fromFirst,
                                    bool toLast, bool shrink) {
  int64_t dimension = box.sizes.size();
  int64_t size = op.input(0).shape[dimension];
  int64_t begin = spec[0], end = spec[1], stride = spec[2];
  if (stride == 0)
    return op.emitError() << "expected strides other than 0, found 0 for "
                             "dimension "
                          << dimension;
  bool forward = stride > 0;
  int64_t first =
      fromFirst ? (forward ? 0 : size - 1) : clampIndex(begin, size, forward);
  if (shrink) {
    int64_t index = begin < 0 ? begin + size : begin;
    if (index < 0 || index >= size)
      return op.emitError()
             << "expected an index below " << size << " for dimension "
             << dimension << ", found " << begin;
    box.offsets.push_back(index);
    box.sizes.push_back(1);
    box.strides.push_back(1);
    return success();
  }
  int64_t last =
      toLast ? (forward ? size : -1) : clampIndex(end, size, forward);
  int64_t span = forward ? last - first : first - last;
  int64_t step = forward ? stride : -stride;
  int64_t count = span <= 0 ? 0 : (span - 1) / step + 1;
  box.offsets.push_back(first);
  box.sizes.push_back(count);
  box.strides.push_back(count == 1 ? 1 : stride);
  box.shape.push_back(count);
  return success();
}

static FailureOr<SliceBox> sliceBox(OpImporter &op,
                                    const StridedSliceOptions &options) {
  auto begin = op.integers(1, "begin");
  if (failed(begin))
    return failure();
  auto end = op.integers(2, "end");
  if (failed(end))
    return failure();
  auto strides = op.integers(3, "strides");
  if (failed(strides))
    return failure();
  int64_t rank = op.input(0).shape.size(), specs = begin->size();
  int64_t ellipses = 0;
  for (int64_t i = 0; i < std::min(specs, rank + 1); ++i)
    ellipses += (options.ellipsis_mask() >> i) & 1;
  if (specs != int64_t(end->size()) || specs != int64_t(strides->size()) ||
      ellipses > 1 || specs - ellipses > rank)
    return op.emitError() << "expected begin, end and strides for at most "
                          << rank << " dimensions, found " << specs << ", "
                          << end->size() << " and " << strides->size();
  SliceBox box;
  auto whole = [&](int64_t count) {
    for (int64_t d = 0; d < count; ++d)
      (void)sliceDimension(op, box, {0, 0, 1}, true, true, false);
  };
  for (int64_t i = 0; i < specs; ++i) {
    int32_t bit = int32_t(1) << i;
    if (options.ellipsis_mask() & bit)
      whole(rank - (specs - 1));
    else if (failed(sliceDimension(
                 op, box, {(*begin)[i], (*end)[i], (*strides)[i]},
                 options.begin_mask() & bit, options.end_mask() & bit,
                 options.shrink_axis_mask() & bit)))
      return failure();
  }
  whole(rank - box.sizes.size());
  return box;
}

static LogicalResult importStridedSlice(OpImporter &op) {
  auto options = op.requiredOptions<StridedSliceOptions>();
  if (failed(options))
    return failure();
  if ((*options)->new_axis_mask() != 0 || (*options)->offset())
    return op.emitError() << "expected no new axes and absolute ends, found "
                          << ((*options)->offset() ? "offset" : "new_axis_mask")
                          << "; use a reshape for new axes";
  FailureOr<SliceBox> box = sliceBox(op, **options);
  if (failed(box) || failed(op.expectOutputShape(box->shape)) ||
      failed(op.expectOutputElementType(0)))
    return failure();
  if (op.input(0).constant) {
    StridedCopy copy(op.input(0).shape);
    for (auto [d, offset] : llvm::enumerate(box->offsets)) {
      copy.start += offset * copy.steps[d];
      copy.steps[d] *= box->strides[d];
    }
    copy.sizes = box->sizes;
    return op.fold(copy.run(op.input(0)));
  }
  if (failed(op.expectActivations()))
    return failure();
  return op.create<StridedSliceOp>(op.value(0), ArrayRef<int64_t>(box->offsets),
                                   ArrayRef<int64_t>(box->sizes),
                                   ArrayRef<int64_t>(box->strides));
}

static LogicalResult importTranspose(OpImporter &op) {
  auto permutation = op.integers(1, "permutation");
  if (failed(permutation))
    return failure();
  ArrayRef<int64_t> input = op.input(0).shape;
  int64_t rank = input.size();
  SmallVector<int64_t> sorted(*permutation), shape;
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return op.emitError() << "expected a permutation of " << rank
                          << " dimensions, found " << shapeText(*permutation);
  StridedCopy whole(input), copy(input);
  for (auto [i, d] : llvm::enumerate(*permutation)) {
    shape.push_back(input[d]);
    copy.steps[i] = whole.steps[d];
  }
  if (failed(op.expectOutputShape(shape)) ||
      failed(op.expectOutputElementType(0)))
    return failure();
  if (op.input(0).constant) {
    copy.sizes = shape;
    return op.fold(copy.run(op.input(0)));
  }
  if (failed(op.expectActivations()))
    return failure();
  return op.create<TransposeOp>(op.value(0), ArrayRef<int64_t>(*permutation));
}

static LogicalResult importPad(OpImporter &op) {
  auto paddings = op.integers(1, "paddings");
  if (failed(paddings) || failed(op.expectActivations()) ||
      failed(op.expectOutputElementType(0)))
    return failure();
  ArrayRef<int64_t> input = op.input(0).shape;
  if (paddings->size() != 2 * input.size())
    return op.emitError() << "expected " << 2 * input.size()
                          << " paddings, two a dimension, found "
                          << paddings->size();
  constexpr int64_t limit = int64_t(1) << 31;
  SmallVector<int64_t> low, high, shape;
  for (auto [d, size] : llvm::enumerate(input)) {
    low.push_back((*paddings)[2 * d]);
    high.push_back((*paddings)[2 * d + 1]);
    if (low[d] < 0 || high[d] < 0 || low[d] > limit || high[d] > limit)
      return op.emitError()
             << "expected paddings of at least 0, found " << low[d] << " and "
             << high[d] << " for dimension " << d;
    shape.push_back(low[d] + size + high[d]);
  }
  if (failed(op.expectOutputShape(shape)))
    return failure();
  return op.create<PadOp>(op.value(0), ArrayRef<int64_t>(low),
                          ArrayRef<int64_t>(high));
}

llvm::ArrayRef<OpRow> thimble::tflite::sliceRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::PAD, 2, 2, importPad},
      {BuiltinOperator::STRIDED_SLICE, 4, 4, importStridedSlice},
      {BuiltinOperator::TRANSPOSE, 2, 2, importTranspose},
  };
  return rows;
}

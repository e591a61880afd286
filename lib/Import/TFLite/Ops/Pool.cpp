//===- Pool.cpp - Pooling and reductions ----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// AVERAGE_POOL_2D, MAX_POOL_2D and MEAN.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"
#include "thimble/Support/QuantizedParameters.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

template <typename OpT>
static LogicalResult importPool(OpImporter &op) {
  auto options = op.requiredOptions<Pool2DOptions>();
  if (failed(options) || failed(op.expectActivations()) ||
      failed(op.expectRank(op.input(0), 4)) ||
      failed(op.expectRank(op.output(), 4)))
    return failure();
  ArrayRef<int64_t> input = op.input(0).shape;
  if (input[3] != op.output().shape[3])
    return op.emitError() << "expected " << input[3]
                          << " output channels, as the input has, found "
                          << op.output().shape[3];
  if (op.input(0).isQuantized() &&
      !isPoolSupported(op.input(0).quantization(), op.output().quantization()))
    return op.expectOutputElementType(0);
  const Pool2DOptions &pool = **options;
  auto padding = windowPadding(
      op, {input[1], pool.filter_height(), pool.stride_h(), 1},
      {input[2], pool.filter_width(), pool.stride_w(), 1}, pool.padding());
  if (failed(padding))
    return failure();
  FailureOr<Activation> activation = op.activationOf(&pool);
  if (failed(activation))
    return failure();
  return op.create<OpT>(
      op.value(0), ArrayRef<int64_t>{pool.filter_height(), pool.filter_width()},
      ArrayRef<int64_t>{pool.stride_h(), pool.stride_w()},
      ArrayRef<int64_t>(*padding), *activation);
}

static LogicalResult importMean(OpImporter &op) {
  auto options = op.options<ReducerOptions>();
  if (failed(options) || failed(op.expectActivations()))
    return failure();
  auto axes = op.integers(1, "axes");
  if (failed(axes))
    return failure();
  ArrayRef<int64_t> input = op.input(0).shape;
  int64_t rank = input.size();
  SmallVector<bool> reduced(rank, false);
  for (int64_t axis : *axes) {
    if (axis < -rank || axis >= rank)
      return op.emitError() << "expected axes from " << -rank << " to "
                            << rank - 1 << ", found " << axis;
    reduced[axis < 0 ? axis + rank : axis] = true;
  }
  SmallVector<int64_t> shape, ascending;
  for (int64_t d = 0; d < rank; ++d) {
    if (reduced[d])
      ascending.push_back(d);
    if (!reduced[d])
      shape.push_back(input[d]);
    else if (*options && (*options)->keep_dims())
      shape.push_back(1);
  }
  if (failed(op.expectOutputShape(shape)))
    return failure();
  return op.create<MeanOp>(op.value(0), ArrayRef<int64_t>(ascending));
}

llvm::ArrayRef<OpRow> thimble::tflite::poolRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::AVERAGE_POOL_2D, 1, 1, importPool<AveragePool2DOp>},
      {BuiltinOperator::MAX_POOL_2D, 1, 1, importPool<MaxPool2DOp>},
      {BuiltinOperator::MEAN, 2, 2, importMean},
  };
  return rows;
}

//===- Shape.cpp - Operators that only change a shape ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RESHAPE, SQUEEZE and EXPAND_DIMS become thimble.reshape; SHAPE is known when
// importing.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

/// The same elements with the output's shape, as an op or folded.
static LogicalResult buildReshape(OpImporter &op) {
  ImportedTensor &input = op.input(0), &output = op.output();
  if (input.elements() != output.elements())
    return op.emitError() << "expected as many elements in the output as in "
                             "the input, found shapes "
                          << shapeText(input.shape) << " and "
                          << shapeText(output.shape);
  if (failed(op.expectOutputElementType(0)))
    return failure();
  if (op.input(0).constant)
    return op.fold(std::vector<uint8_t>(input.bytes));
  if (failed(op.expectActivations()))
    return failure();
  return op.create<ReshapeOp>(op.value(0));
}

/// `wanted` with its -1 replaced by what `elements` leaves for it.
static SmallVector<int64_t> inferSize(ArrayRef<int64_t> wanted,
                                      int64_t elements) {
  SmallVector<int64_t> shape(wanted);
  int64_t *open = nullptr, known = 1;
  for (int64_t &size : shape) {
    if (size == -1 && !open)
      open = &size;
    else if (size < 1 || size > elements || (known *= size) > elements)
      return shape;
  }
  if (open && elements % known == 0)
    *open = elements / known;
  return shape;
}

static LogicalResult importReshape(OpImporter &op) {
  auto options = op.options<ReshapeOptions>();
  if (failed(options))
    return failure();
  SmallVector<int64_t> wanted = op.output().shape;
  if (op.has(1)) {
    auto operand = op.integers(1, "sizes of the new shape");
    if (failed(operand))
      return failure();
    wanted = *operand;
  } else if (*options && (*options)->new_shape()) {
    wanted = toIntegers((*options)->new_shape());
  }
  // Old converters write a scalar's shape as [0].
  if (op.output().shape.empty() && wanted == SmallVector<int64_t>{0})
    wanted.clear();
  if (failed(op.expectOutputShape(inferSize(wanted, op.input(0).elements()))))
    return failure();
  return buildReshape(op);
}

static LogicalResult importSqueeze(OpImporter &op) {
  auto options = op.options<SqueezeOptions>();
  if (failed(options))
    return failure();
  ArrayRef<int64_t> input = op.input(0).shape;
  int64_t rank = input.size();
  SmallVector<int64_t> dimensions;
  if (*options)
    dimensions = toIntegers((*options)->squeeze_dims());
  SmallVector<bool> gone(rank, false);
  for (int64_t d = 0; d < rank; ++d)
    gone[d] = dimensions.empty() && input[d] == 1;
  for (int64_t d : dimensions) {
    int64_t dimension = d < 0 ? d + rank : d;
    if (dimension < 0 || dimension >= rank || input[dimension] != 1)
      return op.emitError()
             << "expected dimensions of size 1 to squeeze, found " << d
             << " of shape " << shapeText(input);
    gone[dimension] = true;
  }
  SmallVector<int64_t> shape;
  for (int64_t d = 0; d < rank; ++d)
    if (!gone[d])
      shape.push_back(input[d]);
  if (failed(op.expectOutputShape(shape)))
    return failure();
  return buildReshape(op);
}

static LogicalResult importExpandDims(OpImporter &op) {
  auto axis = op.integers(1, "axis");
  if (failed(axis))
    return failure();
  int64_t rank = op.input(0).shape.size();
  if (axis->size() != 1 || axis->front() < -rank - 1 || axis->front() > rank)
    return op.emitError() << "expected one axis from " << -rank - 1 << " to "
                          << rank << ", found " << shapeText(*axis);
  int64_t position =
      axis->front() < 0 ? axis->front() + rank + 1 : axis->front();
  SmallVector<int64_t> shape(op.input(0).shape);
  shape.insert(shape.begin() + position, 1);
  if (failed(op.expectOutputShape(shape)))
    return failure();
  return buildReshape(op);
}

static LogicalResult importShape(OpImporter &op) {
  ImportedTensor &output = op.output();
  int64_t rank = op.input(0).shape.size();
  if (!output.isInteger())
    return op.emitError() << "expected an output of INT32 or INT64, found "
                          << kindText(output.kind);
  if (failed(op.expectOutputShape({rank})))
    return failure();
  return op.fold(writeIntegers(op.input(0).shape, output.kind));
}

llvm::ArrayRef<OpRow> thimble::tflite::shapeRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::RESHAPE, 1, 2, importReshape},
      {BuiltinOperator::SQUEEZE, 1, 1, importSqueeze},
      {BuiltinOperator::EXPAND_DIMS, 2, 2, importExpandDims},
      {BuiltinOperator::SHAPE, 1, 1, importShape},
  };
  return rows;
}

//===- Join.cpp - Operators that join tensors -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CONCATENATION, and PACK of constants.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

/// The inputs' bytes, taken in turns: each is a sequence of `turns` blocks.
static std::vector<uint8_t> interleave(OpImporter &op, int64_t turns) {
  std::vector<uint8_t> bytes;
  for (int64_t turn = 0; turn < turns; ++turn)
    for (unsigned i = 0; i < op.inputCount(); ++i) {
      llvm::ArrayRef<uint8_t> input = op.input(i).bytes;
      size_t block = input.size() / turns;
      input = input.slice(turn * block, block);
      bytes.insert(bytes.end(), input.begin(), input.end());
    }
  return bytes;
}

static int64_t product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes)
    result *= size;
  return result;
}

/// The axis counted from 0; `rank` is that of the output.
static FailureOr<int64_t> axisOf(OpImporter &op, int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  return op.emitError() << "expected an axis from " << -rank << " to "
                        << rank - 1 << ", found " << axis;
}

static LogicalResult importConcatenation(OpImporter &op) {
  auto options = op.requiredOptions<ConcatenationOptions>();
  if (failed(options))
    return failure();
  auto activation = op.activationOf(*options);
  if (failed(activation))
    return failure();
  if (*activation != Activation::None)
    return op.emitError() << "expected no fused activation, found "
                          << stringifyActivation(*activation)
                          << "; make it a layer of its own";
  auto axis = axisOf(op, (*options)->axis(), op.output().shape.size());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(op.output().shape);
  shape[*axis] = 0;
  SmallVector<unsigned> all;
  for (unsigned i = 0; i < op.inputCount(); ++i) {
    all.push_back(i);
    SmallVector<int64_t> expected(op.output().shape);
    if (op.input(i).shape.size() == expected.size())
      expected[*axis] = op.input(i).shape[*axis];
    if (ArrayRef(op.input(i).shape) != ArrayRef(expected))
      return op.emitError()
             << "expected inputs of the output's shape but for "
                "dimension "
             << *axis << ", found " << shapeText(op.input(i).shape)
             << " for output " << shapeText(op.output().shape);
    shape[*axis] += expected[*axis];
    if (failed(op.expectOutputElementType(i)))
      return failure();
  }
  if (failed(op.expectOutputShape(shape)))
    return failure();
  if (op.isConstant())
    return op.fold(interleave(op, product(ArrayRef(shape).take_front(*axis))));
  if (failed(op.expectActivations(all)))
    return failure();
  SmallVector<Value> values;
  for (unsigned i : all)
    values.push_back(op.value(i));
  return op.create<ConcatenationOp>(ValueRange(values),
                                    static_cast<uint64_t>(*axis));
}

static LogicalResult importPack(OpImporter &op) {
  auto options = op.requiredOptions<PackOptions>();
  if (failed(options))
    return failure();
  auto axis = axisOf(op, (*options)->axis(), op.output().shape.size());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(op.input(0).shape);
  if (*axis <= static_cast<int64_t>(shape.size()))
    shape.insert(shape.begin() + *axis, op.inputCount());
  if (failed(op.expectOutputShape(shape)))
    return failure();
  for (unsigned i = 0; i < op.inputCount(); ++i) {
    if (op.input(i).shape != op.input(0).shape)
      return op.emitError() << "expected inputs of one shape, found "
                            << shapeText(op.input(0).shape) << " and "
                            << shapeText(op.input(i).shape);
    if (failed(op.expectOutputElementType(i)))
      return failure();
    if (!op.input(i).constant)
      return op.emitError()
             << "expected constants to pack, found '" << op.input(i).name
             << "' (" << op.input(i).index
             << "), computed at run time; use a reshape and a concatenation";
  }
  return op.fold(interleave(op, product(ArrayRef(shape).take_front(*axis))));
}

llvm::ArrayRef<OpRow> thimble::tflite::joinRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::CONCATENATION, 1, manyInputs, importConcatenation},
      {BuiltinOperator::PACK, 1, manyInputs, importPack},
  };
  return rows;
}

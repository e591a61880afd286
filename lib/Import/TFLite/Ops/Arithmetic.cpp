//===- Arithmetic.cpp - Operators with two operands -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ADD, SUB and MUL; on integers only of constants, as converters write them to
// compute shapes.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"
#include "../StridedCopy.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

/// The shape of both operands after broadcasting, sizes aligned at the right.
static FailureOr<SmallVector<int64_t>> broadcastShape(OpImporter &op) {
  ArrayRef<int64_t> lhs = op.input(0).shape, rhs = op.input(1).shape;
  size_t rank = std::max(lhs.size(), rhs.size());
  SmallVector<int64_t> shape(rank);
  for (size_t d = 0; d < rank; ++d) { // from the right
    int64_t left = d < lhs.size() ? lhs[lhs.size() - 1 - d] : 1;
    int64_t right = d < rhs.size() ? rhs[rhs.size() - 1 - d] : 1;
    if (left != right && left != 1 && right != 1)
      return op.emitError() << "expected shapes that broadcast, found "
                            << shapeText(lhs) << " and " << shapeText(rhs);
    shape[rank - 1 - d] = std::max(left, right);
  }
  return shape;
}

/// The integers of a constant operand, repeated to `shape`.
static SmallVector<int64_t> broadcast(const ImportedTensor &tensor,
                                      ArrayRef<int64_t> shape) {
  size_t missing = shape.size() - tensor.shape.size();
  SmallVector<int64_t> padded(missing, 1);
  padded.append(tensor.shape.begin(), tensor.shape.end());
  StridedCopy copy(padded);
  for (auto [d, size] : llvm::enumerate(padded))
    if (size == 1)
      copy.steps[d] = 0;
  copy.sizes.assign(shape.begin(), shape.end());
  std::vector<uint8_t> bytes = copy.run(tensor);
  ImportedTensor repeated;
  repeated.kind = tensor.kind;
  repeated.bytes = bytes;
  return readIntegers(repeated);
}

/// Integer arithmetic wraps, as the reference kernels' does.
template <typename OpT>
static int64_t apply(int64_t lhs, int64_t rhs) {
  uint64_t a = lhs, b = rhs;
  if (std::is_same_v<OpT, AddOp>)
    return a + b;
  return std::is_same_v<OpT, SubOp> ? a - b : a * b;
}

template <typename OpT>
static LogicalResult foldIntegers(OpImporter &op, Activation activation) {
  if (activation != Activation::None || op.input(0).kind != op.output().kind ||
      op.input(1).kind != op.output().kind)
    return op.emitError() << "expected integers of one type and no fused "
                             "activation, found "
                          << kindText(op.input(0).kind) << ", "
                          << kindText(op.input(1).kind) << " and activation "
                          << stringifyActivation(activation);
  SmallVector<int64_t> lhs = broadcast(op.input(0), op.output().shape);
  SmallVector<int64_t> rhs = broadcast(op.input(1), op.output().shape);
  for (auto [left, right] : llvm::zip_equal(lhs, rhs))
    left = apply<OpT>(left, right);
  return op.fold(writeIntegers(lhs, op.output().kind));
}

/// What the reference's Prepare refuses of integer operands.
template <typename OpT>
static LogicalResult checkScales(OpImporter &op) {
  if (!op.output().isQuantized())
    return success();
  TensorQuantization lhs = op.input(0).quantization(),
                     rhs = op.input(1).quantization(),
                     out = op.output().quantization();
  constexpr FusedActivation none = FusedActivation::None;
  ClampRange storage = op.output().storage();
  bool fits = std::is_same_v<OpT, MulOp>
                  ? bool(multiplicationParameters(lhs, rhs, out, none, storage))
                  : bool(additionParameters(lhs, rhs, out, none, storage));
  if (fits)
    return success();
  return op.emitError() << "expected an output scale near those of the inputs, "
                           "found scales "
                        << lhs.scale << " and " << rhs.scale << " in and "
                        << out.scale << " out";
}

template <typename OpT, typename Options>
static LogicalResult importBinary(OpImporter &op) {
  auto options = op.options<Options>();
  if (failed(options))
    return failure();
  auto activation = op.activationOf(*options);
  if (failed(activation))
    return failure();
  auto shape = broadcastShape(op);
  if (failed(shape) || failed(op.expectOutputShape(*shape)))
    return failure();
  if (op.isConstant() && op.output().isInteger())
    return foldIntegers<OpT>(op, *activation);
  if (failed(op.expectActivations({0, 1})) || failed(checkScales<OpT>(op)))
    return failure();
  return op.create<OpT>(op.value(0), op.value(1), *activation);
}

llvm::ArrayRef<OpRow> thimble::tflite::arithmeticRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::ADD, 2, 2, importBinary<AddOp, AddOptions>},
      {BuiltinOperator::MUL, 2, 2, importBinary<MulOp, MulOptions>},
      {BuiltinOperator::SUB, 2, 2, importBinary<SubOp, SubOptions>},
  };
  return rows;
}

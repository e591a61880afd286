//===- TurnRows.cpp - Makes rows of columns -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact: the pixels of an image of one row lie behind each other as the rows of
// an image of one column do, and every window sees the same taps in the same
// order.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_TURNROWSPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// True for images of one row and several columns.
static bool isLying(Value value) {
  RankedTensorType type = tensorType(value);
  return type.getRank() == 4 && type.getDimSize(0) == 1 &&
         type.getDimSize(1) == 1 && type.getDimSize(2) > 1;
}

/// Height and width exchanged.
static RankedTensorType turned(RankedTensorType type) {
  SmallVector<int64_t> shape(type.getShape());
  std::swap(shape[1], shape[2]);
  return type.clone(shape);
}

/// An activation seen the other way round.
static Value reshape(OpBuilder &b, Value value, RankedTensorType type,
                     const Twine &id) {
  auto op = ReshapeOp::create(b, value.getLoc(), type, value);
  op->setAttr(idAttrName, b.getStringAttr(id));
  return op;
}

/// A filter of one row as one of one column; null if it has more rows.
static Value turnFilter(OpBuilder &b, Value filter) {
  auto constant = filter.getDefiningOp<ConstantOp>();
  RankedTensorType type = tensorType(filter);
  if (!constant || encodingOf(type) || type.getRank() != 4 ||
      type.getDimSize(1) != 1)
    return {};
  auto value = cast<DenseElementsAttr>(constant.getValue());
  RankedTensorType result = turned(type);
  return ConstantOp::create(
      b, constant.getLoc(), result,
      value.reshape(value.getType().clone(result.getShape())));
}

/// Exchanges what stands for height with what stands for width: of [height,
/// width], [top, bottom, left, right] or one number a dimension.
static void turnSizes(Operation *op) {
  for (StringRef name :
       {"strides", "dilations", "kernel_size", "padding", "offsets", "sizes"}) {
    auto sizes = op->getAttrOfType<DenseI64ArrayAttr>(name);
    if (!sizes)
      continue;
    SmallVector<int64_t> values(sizes.asArrayRef());
    if (name == "padding")
      std::rotate(values.begin(), values.begin() + 2, values.end());
    else if (values.size() == 2)
      std::swap(values[0], values[1]);
    else
      std::swap(values[1], values[2]);
    op->setAttr(name, DenseI64ArrayAttr::get(op->getContext(), values));
  }
}

/// True if the op computes rows of windows of one row. Its other operands are
/// weights.
static bool isTurnable(Operation *op) {
  auto windowed = dyn_cast<WindowedOp>(op);
  if (!windowed || op->getNumResults() != 1 || isa<ReshapeOp>(op))
    return false;
  RankedTensorType result = tensorType(op->getResult(0));
  if (result.getRank() != 4 || result.getDimSize(0) != 1 ||
      result.getDimSize(1) != 1)
    return false;
  unsigned inputs = isa<WeightedOp>(op) ? 1 : op->getNumOperands();
  for (unsigned i = 0; i < inputs; ++i) {
    RowWindow window = windowed.getRowWindow(i);
    if (!isLying(op->getOperand(i)) || constantOf(op->getOperand(i)) ||
        window.whole || window.rows != 1 || window.padBefore > 0)
      return false;
  }
  return true;
}

/// %1 = thimble.conv_2d %0, %w {strides = array<i64: 1, 2>, ...}
///     : (tensor<1x1x9x2x!q>, tensor<4x1x3x2x!w>) -> tensor<1x1x4x4x!r>
///   ->
/// %a = thimble.reshape %0 : (tensor<1x1x9x2x!q>) -> tensor<1x9x1x2x!q>
/// %b = thimble.conv_2d %a, %v {strides = array<i64: 2, 1>, ...}
///     : (tensor<1x9x1x2x!q>, tensor<4x3x1x2x!w>) -> tensor<1x4x1x4x!r>
/// %1 = thimble.reshape %b : (tensor<1x4x1x4x!r>) -> tensor<1x1x4x4x!r>
static void turn(Operation *op) {
  OpBuilder b(op);
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  std::string name = id ? id.str() : std::string();
  SmallVector<Value> operands(op->getOperands());
  if (auto weighted = dyn_cast<WeightedOp>(op)) {
    unsigned index = weighted.getWeightOperand().getOperandNumber();
    operands[index] = turnFilter(b, operands[index]);
    if (!operands[index])
      return;
    operands[0] = reshape(b, operands[0], turned(tensorType(operands[0])),
                          name + ".turned_0");
  } else {
    for (auto [index, operand] : llvm::enumerate(operands))
      operand = reshape(b, operand, turned(tensorType(operand)),
                        name + ".turned_" + Twine(index));
  }
  Operation *clone =
      rebuildOp(op, b, operands, turned(tensorType(op->getResult(0))));
  turnSizes(clone);
  op->getResult(0).replaceAllUsesWith(reshape(b, clone->getResult(0),
                                              tensorType(op->getResult(0)),
                                              name + ".turned_back"));
  op->erase();
}

/// An input of one row is taken as one of one column.
static void turnInput(func::FuncOp model, BlockArgument input) {
  if (!isLying(input))
    return;
  RankedTensorType lying = tensorType(input);
  OpBuilder b = OpBuilder::atBlockBegin(&model.front());
  input.setType(turned(lying));
  Value back = reshape(b, input, lying,
                       "input_" + Twine(input.getArgNumber()) + ".turned");
  input.replaceAllUsesExcept(back, back.getDefiningOp());
  model.setFunctionType(b.getFunctionType(model.front().getArgumentTypes(),
                                          model.getResultTypes()));
}

namespace {
struct TurnRowsPass : public thimble::impl::TurnRowsPassBase<TurnRowsPass> {
  void runOnOperation() override {
    for (auto model : getOperation().getOps<func::FuncOp>()) {
      if (model.isDeclaration())
        continue;
      for (BlockArgument argument : model.getArguments())
        turnInput(model, argument);
      for (Operation &op : llvm::make_early_inc_range(model.front()))
        if (isTurnable(&op))
          turn(&op);
    }
  }
};
} // namespace

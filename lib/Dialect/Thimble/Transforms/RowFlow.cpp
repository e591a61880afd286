//===- RowFlow.cpp - How the rows of a sliding window flow ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Row r of what an op computes in one call is row r + n of the call before, n
// being the new rows, if all its operands slide by the rows that its windows
// advance in n steps, and if no window looks over the edge. Induction over the
// ops does the rest; whatever else an op does with its rows, it does with the
// whole window.
//
//===----------------------------------------------------------------------===//

#include "RowFlow.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace thimble;

RowFlow::Rows thimble::windowRows(const RowWindow &window, RowFlow::Rows rows) {
  int64_t span = (window.rows - 1) * window.dilation + 1;
  return {rows.begin * window.stride - window.padBefore,
          (rows.end - 1) * window.stride - window.padBefore + span};
}

RowFlow::Found RowFlow::visitInput(func::FuncOp model) {
  if (model.getNumArguments() != 1)
    return Obstacle{model,
                    llvm::formatv("expected one input, whose rows slide, "
                                  "found {0}",
                                  model.getNumArguments())};
  Value input = model.getArgument(0);
  RankedTensorType type = tensorType(input);
  if (!rowDimension(type) || rowCount(type) < 2)
    return Obstacle{model, "expected an input of several rows in one "
                           "dimension, the first that is not 1"};
  inputRows = rowCount(type);
  flows[input] = {1, {0, inputRows}, {}};
  return std::nullopt;
}

/// True if operand `index` is multiplied by or added to every row alike.
static bool isRowless(Operation *op, unsigned index) {
  Value operand = op->getOperand(index);
  return isa<WeightedOp>(op) ||
         (constantValue(operand) && rowCount(tensorType(operand)) == 1);
}

/// True if a row of the result follows from windows of rows of the operands
/// that slide, and from nothing that changes from call to call.
static bool followsRows(Operation *op,
                        llvm::function_ref<bool(Value)> maySlide) {
  auto windowed = dyn_cast<WindowedOp>(op);
  if (!windowed || op->getNumResults() != 1)
    return false;
  RankedTensorType result = tensorType(op->getResult(0));
  if (!rowDimension(result) || rowCount(result) < 2)
    return false;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!maySlide(operand.get())) {
      if (!isRowless(op, operand.getOperandNumber()))
        return false;
      continue;
    }
    RowWindow window = windowed.getRowWindow(operand.getOperandNumber());
    if (window.whole || window.stride < 1)
      return false;
  }
  return true;
}

static std::string nameOf(Operation *op) {
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  return id ? id.str() : op->getName().getStringRef().str();
}

RowFlow::Found RowFlow::visit(Operation *op) {
  auto maySlide = [&](Value value) { return flows.contains(value); };
  if (llvm::none_of(op->getOperands(), maySlide) || !followsRows(op, maySlide))
    return std::nullopt;
  Value result = op->getResult(0);
  int64_t rows = rowCount(tensorType(result));
  std::optional<int64_t> stride;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!maySlide(operand.get()))
      continue;
    RowWindow window =
        cast<WindowedOp>(op).getRowWindow(operand.getOperandNumber());
    Rows read = windowRows(window, {0, rows});
    if (read.begin < 0 || read.end > rowCount(tensorType(operand.get())))
      return Obstacle{
          op, llvm::formatv("expected layers that read rows of the window "
                            "only, found that '{0}' pads them: what it "
                            "computes at the edge is not what it computed "
                            "there before; pad no rows, or compile without "
                            "--streaming",
                            nameOf(op))};
    int64_t found = flows[operand.get()].stride * window.stride;
    if (stride && *stride != found)
      return Obstacle{op, llvm::formatv("expected operands that slide alike, "
                                        "found that those of '{0}' slide by "
                                        "{1} and {2} rows of the input",
                                        nameOf(op), *stride, found)};
    stride = found;
  }
  // A call brings fewer rows than the window has, so the result would not slide
  // by a whole row.
  if (*stride < inputRows)
    flows[result] = {*stride, {0, rows}, {}};
  return std::nullopt;
}

RowFlow::Found RowFlow::settle(func::FuncOp model, int64_t wanted) {
  int64_t least = 1;
  for (auto &[value, flow] : flows) {
    least = std::lcm(least, flow.stride);
    if (least >= inputRows)
      return Obstacle{model, llvm::formatv("expected a window of more than "
                                           "{0} rows, by multiples of which "
                                           "it has to slide, found {1}",
                                           least, inputRows)};
  }
  hop = wanted > 0 ? wanted : least;
  if (hop % least != 0 || hop >= inputRows)
    return Obstacle{model,
                    llvm::formatv("expected new rows in multiples of {0} and "
                                  "fewer than the window's {1}, found {2}",
                                  least, inputRows, hop)};
  bool hasSliding = flows.size() > 1;
  flows.remove_if([&](auto &entry) {
    Flow &flow = entry.second;
    flow.rows.begin = flow.rows.end - hop / flow.stride;
    return flow.rows.begin <= 0;
  });
  if (flows.size() > 1)
    return std::nullopt;
  if (hasSliding)
    return Obstacle{model, llvm::formatv("expected so few new rows that layers "
                                         "keep some of theirs, found {0}",
                                         hop)};
  Operation *reader = model;
  for (Operation *user : model.getArgument(0).getUsers())
    if (reader == model || user->isBeforeInBlock(reader))
      reader = user;
  return Obstacle{reader, llvm::formatv("expected layers that a new row of the "
                                        "input adds a row to, found that '{0}' "
                                        "needs all rows of its window at once",
                                        nameOf(reader))};
}

RowFlow::Rows RowFlow::readRows(Operation *op, unsigned index) const {
  Value operand = op->getOperand(index);
  if (op->hasTrait<OpTrait::IsTerminator>())
    return newRows(operand);
  Value result = op->getResult(0);
  if (!slides(result))
    return {0, newRows(operand).end};
  return windowRows(cast<WindowedOp>(op).getRowWindow(index), newRows(result));
}

void RowFlow::delay(Value value) {
  Rows fresh = newRows(value), delayed = fresh;
  for (OpOperand &use : value.getUses())
    delayed.begin = std::min(
        delayed.begin, readRows(use.getOwner(), use.getOperandNumber()).begin);
  if (delayed.begin < fresh.begin)
    flows[value].delayed = delayed;
}

std::variant<RowFlow, RowFlow::Obstacle> RowFlow::get(func::FuncOp model,
                                                      int64_t wanted) {
  RowFlow flow;
  if (Found found = flow.visitInput(model))
    return *found;
  for (Operation &op : model.front().without_terminator())
    if (Found found = flow.visit(&op))
      return *found;
  if (Found found = flow.settle(model, wanted))
    return *found;
  for (Value value : llvm::make_first_range(flow.flows))
    flow.delay(value);
  return flow;
}

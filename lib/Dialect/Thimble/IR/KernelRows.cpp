//===- KernelRows.cpp - How rows flow through a kernel --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows are those of the op at the root: every kernel computes exactly it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/KernelRows.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

/// Weights that are decoded in several tiles: each sweeps all rows.
static bool hasChannelTiles(KernelOp op) {
  return llvm::any_of(op.getBody().getOps<DecodeOp>(), [](DecodeOp decode) {
    RankedTensorType type = tensorType(decode.getInput());
    EncodingAttr encoding = encodingOf(type);
    return encoding && encoding.getChunkCount(type) > 1;
  });
}

/// The kernel's input that operand `index` of its root is, or the delay of, or
/// none if it is constant or decoded in the body.
static std::optional<unsigned> activationInput(KernelOp op, unsigned index) {
  Value operand = op.getRoot()->getOperand(index);
  if (auto delay = operand.getDefiningOp<DelayOp>())
    operand = delay.getInput();
  auto argument = dyn_cast<BlockArgument>(operand);
  if (!argument || constantOf(op.getInputs()[argument.getArgNumber()]))
    return std::nullopt;
  return argument.getArgNumber();
}

/// New rows are read in all steps, and then kept for the next call.
static RowWindow windowOf(KernelOp op, unsigned index) {
  if (auto windowed = dyn_cast<WindowedOp>(op.getRoot());
      windowed && !op.getDelay())
    return windowed.getRowWindow(index);
  RowWindow whole;
  whole.whole = true;
  return whole;
}

/// Adds what operand `index` of the root reads, given the number of steps.
static void addOperand(KernelOp op, unsigned index, unsigned input,
                       RowWindow window, KernelRows &rows) {
  RowOperand operand = rowOperand(op.getRoot(), index, window);
  operand.height = rowCount(tensorType(op.getInputs()[input])) / operand.images;
  // A single step for all of the result reads everything.
  if (rows.steps == 1 && rowCount(tensorType(op.getResult(0))) > 1)
    window.whole = true;
  int64_t images = window.whole ? 1 : operand.images;
  RowTable table = makeRowTable(
      window, rows.steps, operand.height * operand.images / images, images);
  for (KernelOperandRows &other : rows.operands)
    if (other.input == input) {
      other.table = mergeRowTables(other.table, table);
      return;
    }
  std::optional<ArrayRef<int64_t>> overwrites = op.getOverwrites();
  rows.operands.push_back(
      {input, operand.rowBytes, std::move(table),
       overwrites && llvm::is_contained(*overwrites, int64_t(input))});
}

std::optional<KernelRows> thimble::kernelRows(KernelOp op) {
  if (op.getNumResults() != 1)
    return std::nullopt;
  RankedTensorType result = tensorType(op.getResult(0));
  KernelRows rows;
  rows.steps = std::max<int64_t>(rowCount(result), 1);
  bool isPointwise = true, isOverwriting = true;
  SmallVector<std::pair<unsigned, unsigned>> read;
  for (unsigned i = 0; i < op.getRoot()->getNumOperands(); ++i)
    if (std::optional<unsigned> input = activationInput(op, i))
      read.emplace_back(i, *input);
  for (auto [index, input] : read) {
    RowWindow window = windowOf(op, index);
    if (window.whole)
      rows.steps = 1;
    isPointwise &= window.isIdentity();
  }
  if (hasChannelTiles(op) || read.empty())
    rows.steps = 1;
  rows.resultRowBytes = tensorBytes(result) / rows.steps;
  for (auto [index, input] : read)
    addOperand(op, index, input, windowOf(op, index), rows);
  for (const KernelOperandRows &operand : rows.operands)
    isOverwriting &= operand.overwritten;
  // A kernel that may overwrite its operand goes through the elements in order.
  rows.lag = isPointwise && !isOverwriting ? 1 : 0;
  rows.mayDescend = !isPointwise && rows.steps > 1 && rows.operands.size() == 1;
  return rows;
}

std::optional<KernelRows> thimble::streamRows(KernelOp op) {
  std::optional<RowStepAttr> step = op.getRowStep();
  std::optional<KernelRows> rows = kernelRows(op);
  if (!step || !rows)
    return std::nullopt;
  rows->lag = 0;
  rows->mayDescend = false;
  if (!step->getAbsorbs())
    return rows->steps == op.getStepCount() ? rows : std::nullopt;
  if (rows->operands.size() != 1)
    return std::nullopt;
  rows->steps = op.getStepCount();
  rows->operands[0].overwritten = false;
  rows->operands[0].table = makeRowTable({}, rows->steps, rows->steps);
  return rows;
}

bool thimble::mayLieOver(const KernelRows &rows, unsigned operand,
                         int64_t difference, bool descending) {
  const KernelOperandRows &read = rows.operands[operand];
  if (descending && !rows.mayDescend)
    return false;
  if (difference == 0 && read.overwritten && !descending)
    return true;
  auto isLive = [&](int64_t row, int64_t step) {
    if (!descending)
      return rows.lastReader(operand, row) >= step;
    int64_t first = rows.firstReader(operand, row);
    return first >= 0 && first <= step;
  };
  int64_t height = read.table.last.size();
  for (int64_t step = 0; step < rows.steps; ++step) {
    int64_t begin = difference + step * rows.resultRowBytes;
    int64_t end = begin + rows.resultRowBytes;
    for (int64_t row = 0; row < height; ++row)
      if (isLive(row, step) && row * read.rowBytes < end &&
          begin < (row + 1) * read.rowBytes)
        return false;
  }
  return true;
}

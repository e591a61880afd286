//===- LiveBytes.cpp - Room in the arena while a layer runs ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums what is live, layer by layer.
//
//===----------------------------------------------------------------------===//

#include "LiveBytes.h"
#include "thimble/Dialect/Thimble/IR/KernelRows.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

static bool diesIn(Value input, KernelOp op) {
  return llvm::all_of(input.getUsers(), [&](Operation *user) {
    return user == op || user->isBeforeInBlock(op);
  });
}

/// Bytes of a result and of inputs that die with the op which are not live at
/// once: a result may lie over an input, or its rows follow those that were
/// read.
static int64_t sharedBytes(KernelOp op) {
  std::optional<KernelRows> rows = kernelRows(op);
  if (!rows)
    return 0;
  int64_t resultBytes = tensorBytes(tensorType(op.getResult(0)));
  int64_t inPlace = 0, total = resultBytes;
  std::vector<int64_t> live(rows->steps, 0);
  for (int64_t step = 0; step < rows->steps; ++step)
    live[step] = (step + 1) * rows->resultRowBytes;
  for (auto [index, operand] : llvm::enumerate(rows->operands)) {
    Value input = op.getInputs()[operand.input];
    if (!diesIn(input, op))
      continue;
    int64_t bytes = tensorBytes(tensorType(input));
    total += bytes;
    if (operand.overwritten)
      inPlace = std::max(inPlace, std::min(bytes, resultBytes));
    for (int64_t row = 0, end = operand.table.last.size(); row < end; ++row)
      for (int64_t step = 0; step <= rows->lastReader(index, row); ++step)
        live[step] += operand.rowBytes;
  }
  return std::max(inPlace, total - *llvm::max_element(live));
}

LiveBytes::LiveBytes(func::FuncOp model) {
  SmallVector<KernelOp> order(model.getOps<KernelOp>());
  DenseMap<Operation *, size_t> position;
  for (KernelOp op : order)
    position.try_emplace(op, position.size());
  // Changes of the sum before each layer.
  std::vector<int64_t> change(order.size() + 1, 0);
  auto add = [&](Value value, size_t first) {
    size_t last = first;
    for (Operation *user : value.getUsers()) {
      auto found = position.find(user);
      last = std::max(last, found == position.end() ? order.size() - 1
                                                    : found->second);
    }
    int64_t bytes = tensorBytes(tensorType(value));
    change[first] += bytes;
    change[last + 1] -= bytes;
  };
  for (Value argument : model.getArguments())
    add(argument, 0);
  for (KernelOp op : order)
    for (Value result : op.getResults())
      add(result, position[op]);
  int64_t sum = 0;
  for (auto [index, op] : llvm::enumerate(order)) {
    sum += change[index];
    Need &need = needs[op];
    need.bytes = sum + op.getScratchBytes().value_or(0);
    need.saved = sharedBytes(op);
    peak = std::max(peak, need.bytes - need.saved);
  }
}

int64_t LiveBytes::room(KernelOp op, int64_t maxRam, bool hasTiles) const {
  Need need = needs.lookup(op);
  int64_t limit = maxRam < 0 ? peak : maxRam;
  int64_t taken = need.bytes - (hasTiles ? 0 : need.saved);
  return std::max<int64_t>(limit - taken, 0);
}

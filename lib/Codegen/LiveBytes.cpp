//===- LiveBytes.cpp - Room in the arena while a layer runs ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums what is live, layer by layer.
//
//===----------------------------------------------------------------------===//

#include "LiveBytes.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

/// Bytes of a result that may lie over an input which dies with the op.
static int64_t overwrittenBytes(KernelOp op) {
  if (!op.getOverwrites())
    return 0;
  ArrayRef<int64_t> overwrites = *op.getOverwrites();
  int64_t most = 0;
  for (int64_t index : overwrites) {
    Value input = op.getInputs()[index];
    bool dies = llvm::all_of(input.getUsers(), [&](Operation *user) {
      return user == op || user->isBeforeInBlock(op);
    });
    if (dies)
      most = std::max(most, std::min(tensorBytes(tensorType(input)),
                                     tensorBytes(tensorType(op.getResult(0)))));
  }
  return most;
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
    need.saved = overwrittenBytes(op);
    peak = std::max(peak, need.bytes - need.saved);
  }
}

int64_t LiveBytes::room(KernelOp op, int64_t maxRam, bool hasTiles) const {
  Need need = needs.lookup(op);
  int64_t limit = maxRam < 0 ? peak : maxRam;
  int64_t taken = need.bytes - (hasTiles ? 0 : need.saved);
  return std::max<int64_t>(limit - taken, 0);
}

//===- ChannelAnalysis.cpp - Channels that need not be there --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges are inferred once, forwards: to drop a channel changes no number of
// those that stay. What stays is the least set that is closed under what ops
// ask for. It starts with what the interface of the function fixes, and ops
// only ever add, so that the order in which they are asked changes nothing.
//
//===----------------------------------------------------------------------===//

#include "ChannelAnalysis.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

/// Channels of int8 activations are told of; a constant that is an operand must
/// be there as numbers.
static bool isTracked(Operation *op) {
  if (!isa<ChannelwiseOp>(op) || !isInt8(op->getResult(0)) ||
      !isInt8(op->getOperand(0)))
    return false;
  return llvm::all_of(op->getOperands(), [](Value operand) {
    if (ElementsAttr elements = constantValue(operand))
      return isa<DenseElementsAttr>(elements) &&
             !tensorType(operand).getEncoding();
    return isInt8(operand);
  });
}

ChannelAnalysis::ChannelAnalysis(func::FuncOp function) {
  Block &block = function.front();
  inferRanges(block);
  keepFixed(block);
  solve();
  while (keepOneOfEmptied())
    solve();
}

const ChannelFlow *ChannelAnalysis::flowOf(Operation *op) const {
  auto entry = flows.find(op);
  return entry == flows.end() ? nullptr : &entry->second;
}

const ChannelRanges &ChannelAnalysis::rangesOf(Value value) {
  auto [entry, inserted] = ranges.try_emplace(value);
  if (inserted) {
    if (constantValue(value) && isInt8(value))
      entry->second = constantRanges(value);
    else
      entry->second.resize(lastDimension(tensorType(value)));
  }
  return entry->second;
}

void ChannelAnalysis::inferRanges(Block &block) {
  for (Operation &op : block) {
    if (!isTracked(&op))
      continue;
    ChannelFlow flow;
    for (Value operand : op.getOperands()) {
      flow.operandRanges.push_back(rangesOf(operand));
      flow.operands.emplace_back(lastDimension(tensorType(operand)));
    }
    flow.resultRanges =
        cast<ChannelwiseOp>(op).inferChannelRanges(flow.operandRanges);
    flow.result.resize(flow.resultRanges.size());
    ranges[op.getResult(0)] = flow.resultRanges;
    flows.insert({&op, std::move(flow)});
  }
}

llvm::BitVector &ChannelAnalysis::keptOf(Value value) {
  llvm::BitVector &channels = kept[value];
  if (channels.empty())
    channels.resize(lastDimension(tensorType(value)));
  return channels;
}

void ChannelAnalysis::keepAll(Value value) {
  if (isGraphTensorType(value.getType()))
    keptOf(value).set();
}

void ChannelAnalysis::keepFixed(Block &block) {
  for (Value argument : block.getArguments())
    keepAll(argument);
  for (Operation &op : block) {
    if (flows.contains(&op))
      continue;
    for (Value operand : op.getOperands())
      keepAll(operand);
    for (Value result : op.getResults())
      keepAll(result);
    // What regions read from outside stays too.
    op.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (operand.getParentBlock() == &block)
          keepAll(operand);
    });
  }
}

bool ChannelAnalysis::add(Value value, const llvm::BitVector &channels) {
  llvm::BitVector &shared = keptOf(value);
  unsigned before = shared.count();
  shared |= channels;
  return shared.count() > before;
}

bool ChannelAnalysis::update(Operation *op, ChannelFlow &flow) {
  flow.result |= keptOf(op->getResult(0));
  // An op whose result goes altogether goes as well, whatever it reads.
  if (flow.result.none())
    return false;
  for (auto [operand, channels] :
       llvm::zip_equal(op->getOperands(), flow.operands))
    if (!constantValue(operand))
      channels |= keptOf(operand);
  cast<ChannelwiseOp>(op).keepNeededChannels(flow);
  bool changed = add(op->getResult(0), flow.result);
  for (auto [operand, channels] :
       llvm::zip_equal(op->getOperands(), flow.operands))
    if (!constantValue(operand))
      changed |= add(operand, channels);
  return changed;
}

void ChannelAnalysis::solve() {
  bool changed = true;
  while (changed) {
    changed = false;
    for (auto &[op, flow] : llvm::reverse(flows))
      changed |= update(op, flow);
  }
}

bool ChannelAnalysis::keepOneOfEmptied() {
  for (auto &[op, flow] : llvm::reverse(flows)) {
    if (flow.result.none())
      continue;
    for (auto [index, operand] : llvm::enumerate(op->getOperands()))
      if (!constantValue(operand) && keptOf(operand).none() &&
          !cast<ChannelwiseOp>(op).canLoseOperand(index)) {
        keptOf(operand).set(0);
        return true;
      }
  }
  return false;
}

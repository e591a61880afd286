//===- LiveModel.cpp - Live bytes of a graph, op by op --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one definition of what an op costs in a given state of the network.
//
//===----------------------------------------------------------------------===//

#include "LiveModel.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;

LiveModel::LiveModel(const OpGraph &graph)
    : graph(graph), operands(graph.ops.size()), consumers(graph.buffers.size()),
      predecessors(graph.ops.size()), successors(graph.ops.size()) {
  constexpr int64_t noOp = -1;
  SmallVector<int64_t> producer(graph.buffers.size(), noOp);
  for (unsigned op = 0; op < graph.ops.size(); ++op) {
    auto &own = operands[op];
    own.assign(graph.ops[op].operands.begin(), graph.ops[op].operands.end());
    llvm::sort(own);
    own.erase(llvm::unique(own), own.end());
    for (unsigned operand : own) {
      consumers[operand].push_back(op);
      assert((producer[operand] != noOp || graph.buffers[operand].isInput) &&
             "read before it is written");
      if (producer[operand] != noOp)
        predecessors[op].push_back(producer[operand]);
    }
    llvm::sort(predecessors[op]);
    predecessors[op].erase(llvm::unique(predecessors[op]),
                           predecessors[op].end());
    for (unsigned predecessor : predecessors[op])
      successors[predecessor].push_back(op);
    for (unsigned result : graph.ops[op].results) {
      assert(producer[result] == noOp && !graph.buffers[result].isInput &&
             "written twice");
      producer[result] = op;
    }
  }
  for (auto [number, buffer] : llvm::enumerate(graph.buffers)) {
    if (!buffer.isInput)
      continue;
    inputBytes += buffer.size;
    if (buffer.isOutput || !consumers[number].empty())
      initialBytes += buffer.size;
  }
}

namespace {
/// Tries all assignments of operands to results; an op has one or two results.
struct InPlaceChoice {
  const OpGraph &graph;
  llvm::ArrayRef<unsigned> results;
  llvm::ArrayRef<InPlaceOption> possible;
  SmallVector<InPlaceOption, 2> current = {};
  SmallVector<InPlaceOption, 2> best = {};
  int64_t bestSaving = 0;

  void run(unsigned index, int64_t saving) {
    if (saving > bestSaving) {
      bestSaving = saving;
      best = current;
    }
    if (index == results.size())
      return;
    for (InPlaceOption option : possible) {
      if (option.result != results[index] ||
          llvm::any_of(current, [&](InPlaceOption other) {
            return other.operand == option.operand;
          }))
        continue;
      current.push_back(option);
      run(index + 1, saving + std::min(graph.buffers[option.operand].size,
                                       graph.buffers[option.result].size));
      current.pop_back();
    }
    run(index + 1, saving);
  }
};
} // namespace

SmallVector<InPlaceOption, 2>
LiveModel::chooseInPlace(unsigned op, IsLastUse isLastUse,
                         llvm::SmallVectorImpl<InPlaceOption> *options) const {
  SmallVector<InPlaceOption, 4> possible;
  for (InPlaceOption option : graph.ops[op].inPlace)
    if (!graph.buffers[option.operand].isOutput && isLastUse(option.operand))
      possible.push_back(option);
  if (options)
    options->append(possible.begin(), possible.end());
  if (possible.empty())
    return {};
  InPlaceChoice choice{graph, graph.ops[op].results, possible};
  choice.run(0, 0);
  return choice.best;
}

LiveModel::Cost LiveModel::getCost(unsigned op, int64_t liveBefore,
                                   IsLastUse isLastUse) const {
  Cost cost{liveBefore + graph.ops[op].scratchBytes, liveBefore};
  for (unsigned result : graph.ops[op].results) {
    const GraphBuffer &buffer = graph.buffers[result];
    cost.during += buffer.size;
    if (buffer.isOutput || !consumers[result].empty())
      cost.after += buffer.size;
  }
  for (unsigned operand : operands[op])
    if (!graph.buffers[operand].isOutput && isLastUse(operand))
      cost.after -= graph.buffers[operand].size;
  for (InPlaceOption option : chooseInPlace(op, isLastUse))
    cost.during -= std::min(graph.buffers[option.operand].size,
                            graph.buffers[option.result].size);
  return cost;
}

int64_t LiveModel::getLowerBound(unsigned op) const {
  int64_t operandBytes = 0;
  for (unsigned operand : operands[op])
    operandBytes += graph.buffers[operand].size;
  return getCost(op, operandBytes, [](unsigned) { return true; }).during;
}

unsigned Replay::countFrom(llvm::ArrayRef<unsigned> ops) const {
  return ops.end() - llvm::lower_bound(ops, begin);
}

LiveModel::Cost Replay::getCost(unsigned op) const {
  return model.getCost(op, live,
                       [&](unsigned buffer) { return isLastUse(buffer); });
}

int64_t Replay::run(unsigned op) {
  assert(isReady(op) && "an operand is not written yet");
  LiveModel::Cost cost = getCost(op);
  live = cost.after;
  for (unsigned operand : model.getOperands(op))
    ++numReadersRun[operand];
  for (unsigned successor : model.getSuccessors(op))
    ++numPredecessorsRun[successor];
  return cost.during;
}

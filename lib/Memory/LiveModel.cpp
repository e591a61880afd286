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

/// Sets of operands that die are tabulated: of so many at most.
static unsigned countOverlaps(const GraphOp &op) {
  return std::min<unsigned>(op.overlaps.size(), 4);
}

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
  for (unsigned op = 0; op < graph.ops.size(); ++op) {
    auto &savings = rowSavings.emplace_back();
    for (unsigned set = 0; set < 1u << countOverlaps(graph.ops[op]); ++set)
      savings.push_back(getRowSaving(op, set));
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
  int64_t saving = 0;
  for (InPlaceOption option : chooseInPlace(op, isLastUse))
    saving += std::min(graph.buffers[option.operand].size,
                       graph.buffers[option.result].size);
  cost.during -= std::max(saving, getRowSaving(op, isLastUse));
  return cost;
}

/// Bytes of the rows of an operand that are still to be read, by step.
static SmallVector<int64_t> getLiveRows(const RowOverlap &overlap,
                                        int64_t numSteps, bool descending) {
  SmallVector<int64_t> live(numSteps, 0);
  int64_t begin = descending ? 0 : numSteps - 1, sum = 0;
  for (int64_t row = 0, end = overlap.last.size(); row < end; ++row)
    if (int64_t step = descending ? overlap.first[row] : overlap.last[row];
        step >= 0)
      live[step] += overlap.operandRowBytes;
  for (int64_t i = 0; i < numSteps; ++i) {
    int64_t step = descending ? begin + i : begin - i;
    live[step] = sum += live[step];
  }
  return live;
}

namespace {
/// Live bytes of operands that die and of the result, row by row.
class RowProfile {
public:
  RowProfile(const OpGraph &graph, const GraphOp &op,
             llvm::ArrayRef<const RowOverlap *> dying)
      : graph(graph), op(op), dying(dying), result(op.overlaps[0].result),
        rowBytes(op.overlaps[0].resultRowBytes) {}

  /// The most that can be saved; a row may overwrite the one of an operand that
  /// is read for the last time, if the op may overwrite that operand.
  int64_t getSaving() const {
    int64_t total = graph.buffers[result].size;
    for (const RowOverlap *overlap : dying)
      total += graph.buffers[overlap->operand].size;
    SmallVector<int64_t> live = getProfile(/*descending=*/false);
    int64_t least = *llvm::max_element(live);
    if (dying.size() == 1 && dying[0]->mayDescend())
      least = std::min(least, *llvm::max_element(getProfile(true)));
    for (const RowOverlap *overlap : dying)
      if (overwrites(*overlap))
        least = std::min(least, getPeakInPlace(live, *overlap));
    return total - least;
  }

private:
  SmallVector<int64_t> getProfile(bool descending) const {
    int64_t size = graph.buffers[result].size;
    int64_t numSteps = size == 0 ? 1 : size / rowBytes;
    SmallVector<int64_t> live(numSteps, 0);
    for (int64_t step = 0; step < numSteps && size > 0; ++step)
      live[step] = (descending ? numSteps - step : step + 1) * rowBytes;
    for (const RowOverlap *overlap : dying)
      for (auto [sum, bytes] :
           llvm::zip_equal(live, getLiveRows(*overlap, numSteps, descending)))
        sum += bytes;
    return live;
  }

  bool overwrites(const RowOverlap &overlap) const {
    return overlap.operandRowBytes == rowBytes &&
           llvm::any_of(op.inPlace, [&](InPlaceOption option) {
             return option.operand == overlap.operand &&
                    option.result == result;
           });
  }

  int64_t getPeakInPlace(llvm::ArrayRef<int64_t> live,
                         const RowOverlap &overlap) const {
    int64_t most = 0;
    for (int64_t row = 0, end = live.size(); row < end; ++row) {
      bool dies =
          row < int64_t(overlap.last.size()) && overlap.last[row] == row;
      most = std::max(most, live[row] - (dies ? rowBytes : 0));
    }
    return most;
  }

  const OpGraph &graph;
  const GraphOp &op;
  llvm::ArrayRef<const RowOverlap *> dying;
  unsigned result;
  int64_t rowBytes;
};
} // namespace

int64_t LiveModel::getRowSaving(unsigned number, unsigned dying) const {
  const GraphOp &op = graph.ops[number];
  if (dying == 0)
    return 0;
  SmallVector<const RowOverlap *> chosen;
  for (unsigned i = 0; i < countOverlaps(op); ++i) {
    assert(op.overlaps[i].result == op.overlaps[0].result &&
           "rows of several results");
    if (dying >> i & 1)
      chosen.push_back(&op.overlaps[i]);
  }
  return RowProfile(graph, op, chosen).getSaving();
}

int64_t LiveModel::getRowSaving(unsigned number, IsLastUse isLastUse) const {
  const GraphOp &op = graph.ops[number];
  unsigned dying = 0;
  for (unsigned i = 0; i < countOverlaps(op); ++i)
    if (mayOverlap(op.overlaps[i], isLastUse))
      dying |= 1u << i;
  return rowSavings[number][dying];
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

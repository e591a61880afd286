//===- ScheduleSearch.cpp - Exact order of ops by best-first search -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A state is the set of finished ops; what is live depends on the set alone, so
// each set is visited once, with the lowest peak that leads to it (Dijkstra's
// algorithm with max in place of plus).
//
// Dominance: let an enabled op v need no more than the peak p reached so far,
// and leave no more bytes live than before. Take any completion and run v first
// instead. As liveness is submodular, every later set with v has at most as
// many live bytes as the one without; an operand that died in a step still dies
// in it, so overwriting remains possible. Thus no step needs more, and v may be
// run without trying anything else.
//
//===----------------------------------------------------------------------===//

#include "LiveModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Allocator.h"
#include <queue>

using namespace thimble;
using namespace thimble::detail;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

constexpr unsigned none = ~0u;

/// A set of finished ops of the segment, and the best way to it.
struct State {
  ArrayRef<uint64_t> done; ///< bit i: op `segment.begin + i`
  SmallVector<unsigned, 4> ready;
  int64_t live;
  int64_t peak;
  unsigned depth;
  unsigned parent;
  unsigned lastOp;
};

class SegmentSearch {
public:
  SegmentSearch(const LiveModel &model, Segment segment)
      : model(model), segment(segment),
        numWords((segment.end - segment.begin + 63) / 64) {}

  SegmentResult run(int64_t liveBefore, int64_t goal, uint64_t limit,
                    uint64_t &visited);

  /// Follows no more than `width` sets of each size.
  SegmentResult runBeam(int64_t liveBefore, int64_t goal, unsigned width);

private:
  /// Lowest peak first; among equals the one that is furthest, then the oldest.
  struct Entry {
    int64_t peak;
    unsigned depth;
    unsigned state;
    bool operator<(const Entry &other) const {
      if (peak != other.peak)
        return peak > other.peak;
      if (depth != other.depth)
        return depth < other.depth;
      return state > other.state;
    }
  };

  bool isDone(ArrayRef<uint64_t> done, unsigned op) const {
    if (op < segment.begin || op >= segment.end)
      return op < segment.begin;
    unsigned bit = op - segment.begin;
    return done[bit / 64] >> (bit % 64) & 1;
  }
  LiveModel::Cost getCost(const State &state, unsigned op) const;
  void addInitialState(int64_t live, int64_t goal);
  void expand(unsigned number);
  void addSuccessor(unsigned number, unsigned op, LiveModel::Cost cost);
  SmallVector<unsigned> getOrder(unsigned number) const;

  const LiveModel &model;
  Segment segment;
  unsigned numWords;
  llvm::BumpPtrAllocator allocator;
  SmallVector<State, 0> states;
  llvm::DenseMap<ArrayRef<uint64_t>, unsigned> numbers;
  std::priority_queue<Entry> queue;
};

} // namespace

LiveModel::Cost SegmentSearch::getCost(const State &state, unsigned op) const {
  return model.getCost(op, state.live, [&](unsigned buffer) {
    return llvm::all_of(model.getConsumers(buffer), [&](unsigned consumer) {
      return consumer == op || isDone(state.done, consumer);
    });
  });
}

void SegmentSearch::addInitialState(int64_t live, int64_t goal) {
  SmallVector<uint64_t> empty(numWords, 0);
  State state{ArrayRef(empty).copy(allocator), {}, live, goal, 0, none, none};
  for (unsigned op = segment.begin; op < segment.end; ++op)
    if (llvm::all_of(model.getPredecessors(op), [&](unsigned predecessor) {
          return isDone(state.done, predecessor);
        }))
      state.ready.push_back(op);
  numbers[state.done] = 0;
  states.push_back(std::move(state));
  queue.push({goal, 0, 0});
}

void SegmentSearch::addSuccessor(unsigned number, unsigned op,
                                 LiveModel::Cost cost) {
  int64_t peak = std::max(states[number].peak, cost.during);
  SmallVector<uint64_t> done(states[number].done);
  unsigned bit = op - segment.begin;
  done[bit / 64] |= uint64_t(1) << (bit % 64);
  unsigned depth = states[number].depth + 1;

  auto known = numbers.find(ArrayRef(done));
  if (known != numbers.end()) {
    State &state = states[known->second];
    if (peak >= state.peak)
      return;
    state.peak = peak;
    state.parent = number;
    state.lastOp = op;
    queue.push({peak, depth, known->second});
    return;
  }
  State state{
      ArrayRef(done).copy(allocator), {}, cost.after, peak, depth, number, op};
  for (unsigned ready : states[number].ready)
    if (ready != op)
      state.ready.push_back(ready);
  for (unsigned successor : model.getSuccessors(op))
    if (successor < segment.end &&
        llvm::all_of(
            model.getPredecessors(successor),
            [&](unsigned other) { return isDone(state.done, other); }))
      state.ready.push_back(successor);
  llvm::sort(state.ready);
  unsigned newNumber = states.size();
  numbers[state.done] = newNumber;
  states.push_back(std::move(state));
  queue.push({peak, depth, newNumber});
}

void SegmentSearch::expand(unsigned number) {
  const State &state = states[number];
  SmallVector<std::pair<unsigned, LiveModel::Cost>> steps;
  for (unsigned op : state.ready) {
    LiveModel::Cost cost = getCost(state, op);
    if (cost.during <= state.peak && cost.after <= state.live)
      return addSuccessor(number, op, cost);
    steps.push_back({op, cost});
  }
  for (auto [op, cost] : steps)
    addSuccessor(number, op, cost);
}

SmallVector<unsigned> SegmentSearch::getOrder(unsigned number) const {
  SmallVector<unsigned> order;
  for (; states[number].lastOp != none; number = states[number].parent)
    order.push_back(states[number].lastOp);
  std::reverse(order.begin(), order.end());
  return order;
}

SegmentResult SegmentSearch::run(int64_t liveBefore, int64_t goal,
                                 uint64_t limit, uint64_t &visited) {
  addInitialState(liveBefore, goal);
  SegmentResult result;
  while (true) {
    Entry entry = queue.top();
    queue.pop();
    if (entry.peak > states[entry.state].peak)
      continue; // a better way was found since
    // A peak of `goal` stands for any peak up to it and proves nothing.
    result.lowerBound = entry.peak > goal ? entry.peak : 0;
    if (entry.depth == segment.end - segment.begin) {
      result.order = getOrder(entry.state);
      result.peak = entry.peak;
      return result;
    }
    // A visit copies a word for every 64 ops and looks at all that are ready.
    uint64_t work = numWords + states[entry.state].ready.size() / 8;
    if (visited + work > limit)
      return result;
    visited += work;
    expand(entry.state);
  }
}

SegmentResult SegmentSearch::runBeam(int64_t liveBefore, int64_t goal,
                                     unsigned width) {
  addInitialState(liveBefore, goal);
  for (unsigned depth = segment.begin; depth < segment.end; ++depth) {
    SmallVector<unsigned> level;
    for (; !queue.empty(); queue.pop())
      level.push_back(queue.top().state);
    auto getKey = [&](unsigned number) {
      return std::tuple(states[number].peak, states[number].live, number);
    };
    llvm::sort(level,
               [&](unsigned a, unsigned b) { return getKey(a) < getKey(b); });
    level.erase(llvm::unique(level), level.end());
    if (level.size() > width)
      level.truncate(width);
    for (unsigned number : level)
      expand(number);
  }
  unsigned last = queue.top().state;
  return {getOrder(last), states[last].peak, /*lowerBound=*/0};
}

SegmentResult thimble::detail::searchSegment(const LiveModel &model,
                                             Segment segment,
                                             int64_t liveBefore, int64_t goal,
                                             uint64_t limit,
                                             uint64_t &visited) {
  return SegmentSearch(model, segment).run(liveBefore, goal, limit, visited);
}

SegmentResult thimble::detail::searchBeam(const LiveModel &model,
                                          Segment segment, int64_t liveBefore,
                                          int64_t goal, uint64_t limit) {
  uint64_t numOps = segment.end - segment.begin;
  uint64_t width = limit / (numOps * (1 + numOps / 64));
  return SegmentSearch(model, segment)
      .runBeam(liveBefore, goal, std::clamp<uint64_t>(width, 1, 32));
}

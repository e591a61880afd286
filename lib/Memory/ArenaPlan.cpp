//===- ArenaPlan.cpp - Order and offsets of a whole network ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns lifetimes into forbidden differences, and checks a finished plan by a
// replay that shares no code with the planner.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/ArenaPlan.h"
#include "OverlapDifferences.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;

ArenaPlan thimble::planArena(const OpGraph &graph,
                             const ScheduleOptions &scheduleOptions,
                             const PlacementOptions &placementOptions) {
  return planArena(graph, scheduleOps(graph, scheduleOptions),
                   placementOptions);
}

/// Forbids all that lifetimes and the order of rows forbid.
static void forbidConflicts(PlacementProblem &problem, const OpGraph &graph,
                            const Schedule &schedule,
                            llvm::ArrayRef<Lifetime> lifetimes,
                            llvm::ArrayRef<int64_t> numbers) {
  llvm::DenseMap<std::pair<unsigned, unsigned>, const RowOverlap *> overlaps;
  for (const InPlacePair &pair : schedule.overlapOptions)
    for (const RowOverlap &overlap : graph.ops[pair.op].overlaps)
      if (overlap.operand == pair.operand && overlap.result == pair.result)
        overlaps[{unsigned(numbers[pair.operand]),
                  unsigned(numbers[pair.result])}] = &overlap;
  auto forbid = [&](unsigned operand, unsigned result) {
    auto found = overlaps.find({operand, result});
    if (found == overlaps.end())
      return false;
    DifferenceSet forbidden =
        findForbidden(*found->second, problem.getBuffer(result).size);
    for (OpenInterval interval : forbidden.getIntervals())
      problem.forbid(operand, result, interval);
    return true;
  };
  forEachMeeting(lifetimes, [&](unsigned a, unsigned b) {
    if (!forbid(a, b) && !forbid(b, a))
      problem.forbidOverlap(a, b);
  });
  for (InPlacePair pair : schedule.inPlaceOptions)
    problem.allowDifference(numbers[pair.operand], numbers[pair.result], 0);
}

ArenaPlan thimble::planArena(const OpGraph &graph, Schedule schedule,
                             const PlacementOptions &placementOptions) {
  ArenaPlan plan;
  plan.lifetimes = computeLifetimes(graph, schedule.order);

  // What is placed: the buffers that are live at some step, then the scratch.
  PlacementProblem problem;
  SmallVector<Lifetime> lifetimes;
  SmallVector<int64_t> numbers(graph.buffers.size(), -1);
  SmallVector<int64_t> scratchNumbers(graph.ops.size(), -1);
  auto add = [&](int64_t size, int64_t alignment, Lifetime lifetime) {
    lifetimes.push_back(lifetime);
    plan.arenaAlignment = std::max(plan.arenaAlignment, alignment);
    return problem.addBuffer(size, alignment);
  };
  for (auto [index, buffer] : llvm::enumerate(graph.buffers))
    if (!plan.lifetimes[index].isEmpty())
      numbers[index] =
          add(buffer.size, buffer.alignment, plan.lifetimes[index]);
  for (auto [index, op] : llvm::enumerate(schedule.order)) {
    int64_t step = index;
    if (int64_t bytes = graph.ops[op].scratchBytes)
      scratchNumbers[op] =
          add(bytes, graph.ops[op].scratchAlignment, {step, step});
  }
  forbidConflicts(problem, graph, schedule, lifetimes, numbers);

  PlacementOptions options = placementOptions;
  options.knownLowerBound =
      std::max(options.knownLowerBound, schedule.peakBytes);
  Placement placement = placeBuffers(problem, options);

  auto getOffset = [&](int64_t number) {
    return number < 0 ? -1 : placement.offsets[number];
  };
  llvm::append_range(plan.offsets, llvm::map_range(numbers, getOffset));
  llvm::append_range(plan.scratchOffsets,
                     llvm::map_range(scratchNumbers, getOffset));
  plan.descending.assign(graph.ops.size(), false);
  for (const InPlacePair &pair : schedule.overlapOptions)
    plan.descending[pair.op] =
        needsDescent(graph, graph.ops[pair.op], plan.offsets);
  plan.arenaBytes = placement.arenaBytes;
  plan.lowerBound = placement.lowerBound;
  plan.buffersPlaced = placement.buffersPlaced;
  plan.nodesSearched = placement.nodesSearched;
  plan.schedule = std::move(schedule);
  return plan;
}

//===----------------------------------------------------------------------===//
// Check
//===----------------------------------------------------------------------===//

namespace {
/// Owners of the arena's bytes while the ops run.
class ArenaReplay {
public:
  ArenaReplay(const OpGraph &graph, const ArenaPlan &plan)
      : graph(graph), plan(plan), numReaders(graph.buffers.size(), 0) {}

  std::optional<ArenaConflict> run();

private:
  /// Something that occupies bytes, named as in ArenaConflict.
  struct Occupant {
    unsigned name;
    int64_t begin, end;
  };

  /// Adds an occupant; a conflict if another one is in the way, unless it is an
  /// operand that `writer` may overwrite.
  std::optional<ArenaConflict> occupy(int64_t step, unsigned name,
                                      const GraphOp *writer = nullptr);
  bool mayOverwrite(const GraphOp &op, const Occupant &operand,
                    const Occupant &result) const;
  bool descends(const GraphOp &op) const {
    return plan.descending[&op - graph.ops.begin()];
  }
  bool isDead(unsigned buffer) const {
    return numReaders[buffer] == 0 && !graph.buffers[buffer].isOutput;
  }
  std::optional<ArenaConflict> runOp(int64_t step, unsigned op);
  Occupant describe(unsigned name) const;
  bool isAligned(unsigned name) const;
  void release(unsigned name) {
    llvm::erase_if(live, [&](const Occupant &o) { return o.name == name; });
  }

  const OpGraph &graph;
  const ArenaPlan &plan;
  SmallVector<unsigned> numReaders; ///< operands still to be read, by buffer
  SmallVector<Occupant> live;
};
} // namespace

ArenaReplay::Occupant ArenaReplay::describe(unsigned name) const {
  unsigned numBuffers = graph.buffers.size();
  bool isBuffer = name < numBuffers;
  int64_t offset =
      isBuffer ? plan.offsets[name] : plan.scratchOffsets[name - numBuffers];
  int64_t size = isBuffer ? graph.buffers[name].size
                          : graph.ops[name - numBuffers].scratchBytes;
  return {name, offset, offset + size};
}

bool ArenaReplay::isAligned(unsigned name) const {
  unsigned numBuffers = graph.buffers.size();
  int64_t alignment = name < numBuffers
                          ? graph.buffers[name].alignment
                          : graph.ops[name - numBuffers].scratchAlignment;
  Occupant occupant = describe(name);
  return occupant.begin >= 0 && occupant.begin % alignment == 0 &&
         occupant.end <= plan.arenaBytes;
}

/// Runs the rows of the op one by one.
static bool overwritesLiveRow(const RowOverlap &overlap, int64_t operand,
                              int64_t result, int64_t resultSize,
                              bool descending) {
  int64_t rowBytes = overlap.resultRowBytes, step = 0;
  for (int64_t at = result; at < result + resultSize; at += rowBytes, ++step)
    for (int64_t row = 0, end = overlap.last.size(); row < end; ++row) {
      int64_t read = operand + row * overlap.operandRowBytes;
      if (overlap.isLive(row, step, descending) &&
          at < read + overlap.operandRowBytes && read < at + rowBytes)
        return true;
    }
  return false;
}

bool ArenaReplay::mayOverwrite(const GraphOp &op, const Occupant &operand,
                               const Occupant &result) const {
  if (operand.name >= graph.buffers.size() || !isDead(operand.name))
    return false;
  for (InPlaceOption option : op.inPlace)
    if (option.operand == operand.name && option.result == result.name &&
        operand.begin == result.begin && !descends(op))
      return true;
  for (const RowOverlap &overlap : op.overlaps)
    if (overlap.operand == operand.name && overlap.result == result.name)
      return !(descends(op) && !overlap.mayDescend()) &&
             !overwritesLiveRow(overlap, operand.begin, result.begin,
                                result.end - result.begin, descends(op));
  return false;
}

std::optional<ArenaConflict> ArenaReplay::occupy(int64_t step, unsigned name,
                                                 const GraphOp *writer) {
  if (!isAligned(name))
    return ArenaConflict{step, name, name};
  Occupant added = describe(name);
  for (const Occupant &other : live) {
    bool isApart = added.end <= other.begin || other.end <= added.begin ||
                   added.begin == added.end || other.begin == other.end;
    if (!isApart && !(writer && mayOverwrite(*writer, other, added)))
      return ArenaConflict{step, other.name, name};
  }
  live.push_back(added);
  return std::nullopt;
}

std::optional<ArenaConflict> ArenaReplay::runOp(int64_t step, unsigned number) {
  const GraphOp &op = graph.ops[number];
  for (unsigned operand : op.operands)
    --numReaders[operand];
  unsigned scratch = graph.buffers.size() + number;
  for (unsigned result : op.results)
    if (auto conflict = occupy(step, result, &op))
      return conflict;
  if (op.scratchBytes > 0)
    if (auto conflict = occupy(step, scratch))
      return conflict;
  release(scratch);
  for (unsigned operand : op.operands)
    if (isDead(operand))
      release(operand);
  for (unsigned result : op.results)
    if (isDead(result))
      release(result);
  return std::nullopt;
}

std::optional<ArenaConflict> ArenaReplay::run() {
  for (const GraphOp &op : graph.ops)
    for (unsigned operand : op.operands)
      ++numReaders[operand];
  for (auto [index, buffer] : llvm::enumerate(graph.buffers))
    if (buffer.isInput)
      if (auto conflict = occupy(-1, index))
        return conflict;
  for (auto [index, buffer] : llvm::enumerate(graph.buffers))
    if (buffer.isInput && !buffer.isOutput && numReaders[index] == 0)
      release(index);
  for (auto [step, op] : llvm::enumerate(plan.schedule.order))
    if (auto conflict = runOp(step, op))
      return conflict;
  return std::nullopt;
}

std::optional<ArenaConflict> thimble::findConflict(const OpGraph &graph,
                                                   const ArenaPlan &plan) {
  return ArenaReplay(graph, plan).run();
}

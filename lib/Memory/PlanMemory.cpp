//===- PlanMemory.cpp - Orders kernels and gives values addresses ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translates the function to the planner's graph of sizes and back.
//
//===----------------------------------------------------------------------===//

#include "PlannedFigures.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Dialect/Thimble/IR/KernelRows.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Memory/ArenaPlan.h"
#include "thimble/Memory/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "thimble/Memory/Passes.h.inc"
} // namespace thimble

using namespace thimble;
using thimble::detail::recordFigures;
using thimble::detail::recordLeastBudget;
using thimble::detail::StreamModel;

/// Word-aligned tensors make row copies fast and hold float rows; the C ABI
/// asks for an arena that 8-byte scratch can live in.
static constexpr int64_t tensorAlignment = 4;
static constexpr int64_t arenaAlignment = 8;

namespace {
/// One model's function as the planner's graph.
class ModelPlanner {
public:
  ModelPlanner(func::FuncOp model, bool inPlace, bool preserveTensors,
               bool pointerIO)
      : model(model), inPlace(inPlace), preserveTensors(preserveTensors),
        pointerIO(pointerIO) {}

  LogicalResult run(int64_t maxRam, bool rowIO) {
    if (maxRam >= 0 && stateBytes() > maxRam)
      return model.emitError("the state needs ")
             << stateBytes() << " bytes, more than --max-ram allows (" << maxRam
             << ")";
    if (maxRam >= 0)
      maxRam -= stateBytes();
    buildGraph();
    plan = planArena(graph);
    int64_t bytes = llvm::alignTo(plan.arenaBytes, arenaAlignment);
    // The position in rows that are fed takes bytes too.
    int64_t needed = rowIO ? bytes + StreamOp::getStateBytes(0) : bytes;
    if (maxRam >= 0 && needed > maxRam) {
      if (mayStream())
        return streamRows(bytes, maxRam, rowIO);
      return reportShortfall(bytes, maxRam);
    }
    explain(bytes);
    reorder();
    record(bytes);
    if (mayStream()) {
      rebuildGraph();
      recordLeastBudget(model, StreamModel(model, graph, rowIO), needed);
    }
    return success();
  }

private:
  bool mayStream() const { return inPlace && !preserveTensors && !pointerIO; }
  void buildGraph();
  /// The same for the order in which the kernels stand now.
  void rebuildGraph();
  void addKernel(KernelOp op);
  void addInPlaceOptions(KernelOp op, GraphOp &node);
  void addOverlaps(KernelOp op, GraphOp &node);
  LogicalResult reportShortfall(int64_t bytes, int64_t maxRam);
  /// Plans anew, with layers that are computed row by row; without them the
  /// arena has `bytes`.
  LogicalResult streamRows(int64_t bytes, int64_t maxRam, bool rowIO);
  /// An error that says what is needed, `reserved` bytes beside the plan's.
  LogicalResult reportBound(StreamModel &streams, const StreamOutcome &outcome,
                            int64_t maxRam, int64_t reserved);
  /// Bytes that are kept from call to call, which budgets are without.
  int64_t stateBytes() {
    auto bytes = model->getAttrOfType<IntegerAttr>(stateBytesAttrName);
    return bytes ? bytes.getInt() : 0;
  }
  std::string need(StringRef atLeast) {
    StringRef what =
        stateBytes() ? "arena and state need " : "the arena needs ";
    return (what + atLeast).str();
  }
  /// Remarks on the order, the peak and what is overwritten.
  void explain(int64_t bytes);
  void explainInPlace();
  std::string describe(int64_t bytes);
  void reorder();
  void record(int64_t bytes);

  Operation *terminator() { return model.front().getTerminator(); }
  /// The index of a result that the caller's memory holds, or none.
  std::optional<unsigned> pointerOutput(Value value) {
    if (pointerIO)
      for (OpOperand &use : value.getUses())
        if (use.getOwner() == terminator())
          return use.getOperandNumber();
    return std::nullopt;
  }
  PlacementAttr place(StringRef region, int64_t offset) {
    return PlacementAttr::get(model.getContext(), region, offset);
  }

  func::FuncOp model;
  bool inPlace, preserveTensors, pointerIO;
  OpGraph graph;
  ArenaPlan plan;
  DenseMap<Value, unsigned> buffers;
  SmallVector<KernelOp> kernels;
};
} // namespace

void ModelPlanner::buildGraph() {
  if (!pointerIO)
    for (Value argument : model.getArguments())
      buffers[argument] =
          graph.addInput(tensorBytes(tensorType(argument)), tensorAlignment);
  for (KernelOp op : model.getOps<KernelOp>())
    addKernel(op);
  if (pointerIO)
    return;
  for (Value result : terminator()->getOperands())
    graph.buffers[buffers.lookup(result)].isOutput = true;
}

void ModelPlanner::rebuildGraph() {
  graph = OpGraph();
  buffers.clear();
  kernels.clear();
  buildGraph();
}

void ModelPlanner::addKernel(KernelOp op) {
  SmallVector<unsigned> operands, results;
  for (Value input : op.getInputs())
    if (auto found = buffers.find(input); found != buffers.end())
      operands.push_back(found->second);
  for (Value result : op.getResults()) {
    if (pointerOutput(result))
      continue;
    unsigned buffer =
        graph.addBuffer(tensorBytes(tensorType(result)), tensorAlignment);
    graph.buffers[buffer].isOutput = preserveTensors;
    buffers[result] = buffer;
    results.push_back(buffer);
  }
  GraphOp &node = graph.addOp(operands, results);
  node.scratchBytes = op.getScratchBytes().value_or(0);
  node.scratchAlignment = arenaAlignment;
  addInPlaceOptions(op, node);
  addOverlaps(op, node);
  kernels.push_back(op);
}

void ModelPlanner::addInPlaceOptions(KernelOp op, GraphOp &node) {
  if (!inPlace || !op.getOverwrites())
    return;
  auto result = buffers.find(op.getResult(0));
  if (result == buffers.end())
    return;
  ArrayRef<int64_t> overwrites = *op.getOverwrites();
  for (int64_t index : overwrites) {
    auto input = buffers.find(op.getInputs()[index]);
    if (input != buffers.end())
      node.inPlace.push_back({input->second, result->second});
  }
}

void ModelPlanner::addOverlaps(KernelOp op, GraphOp &node) {
  std::optional<KernelRows> rows = kernelRows(op);
  if (!inPlace || !rows || rows->steps < 2 || node.results.empty())
    return;
  for (auto [index, operand] : llvm::enumerate(rows->operands)) {
    auto found = buffers.find(op.getInputs()[operand.input]);
    if (found == buffers.end())
      continue;
    RowOverlap overlap{found->second,
                       node.results.front(),
                       operand.rowBytes,
                       rows->resultRowBytes,
                       {},
                       {}};
    for (int64_t row = 0, end = operand.table.last.size(); row < end; ++row) {
      overlap.last.push_back(rows->lastReader(index, row));
      if (rows->mayDescend)
        overlap.first.push_back(rows->firstReader(index, row));
    }
    node.overlaps.push_back(std::move(overlap));
  }
}

LogicalResult ModelPlanner::reportShortfall(int64_t bytes, int64_t maxRam) {
  int64_t step = plan.schedule.peakStep;
  InFlightDiagnostic diagnostic =
      step < 0 ? model.emitError()
               : kernels[plan.schedule.order[step]].emitError();
  diagnostic << need("") << bytes + stateBytes() << " bytes, " << bytes - maxRam
             << " more than --max-ram allows (" << maxRam + stateBytes() << ")";
  if (step >= 0)
    diagnostic << "; the peak is in layer '"
               << kernels[plan.schedule.order[step]].getId() << "' with "
               << plan.schedule.peakBytes << " live bytes";
  return diagnostic;
}

std::string ModelPlanner::describe(int64_t bytes) {
  const Schedule &schedule = plan.schedule;
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "the arena has " << bytes << " bytes; " << schedule.peakBytes
         << " are live at the peak, ";
  if (schedule.peakStep < 0)
    stream << "before the first layer";
  else
    stream << "in layer '" << kernels[schedule.order[schedule.peakStep]].getId()
           << "'";
  bool isKept = llvm::is_sorted(schedule.order);
  stream << "; the order is " << (isKept ? "as given" : "changed") << ", ";
  if (schedule.isProvenOptimal())
    stream << "no order has a lower peak";
  else
    stream << "no order has a peak below " << schedule.lowerBound;
  stream << "; the offsets are ";
  if (plan.isProvenOptimal())
    stream << "the best for this order";
  else
    stream << "not proven the best for this order, whose bound is "
           << plan.lowerBound;
  return text;
}

void ModelPlanner::explain(int64_t bytes) {
  auto options = remark::RemarkOpts::name("Arena").category("memory").function(
      model.getName());
  remark::analysis(model.getLoc(), options) << remark::detail::LazyTextBuild{
      "Remark", [&] { return describe(bytes); }};
  explainInPlace();
}

void ModelPlanner::explainInPlace() {
  auto options =
      remark::RemarkOpts::name("InPlace").category("memory").function(
          model.getName());
  for (auto [index, op] : llvm::enumerate(kernels)) {
    if (graph.ops[index].inPlace.empty())
      continue;
    bool isPossible = false, isDone = false;
    for (const InPlacePair &pair : plan.schedule.inPlaceOptions)
      if (pair.op == index) {
        isPossible = true;
        isDone |= plan.isInPlace(pair);
      }
    StringRef id = op.getId();
    if (isDone)
      remark::passed(op.getLoc(), options)
          << remark::add("the result of '{0}' lies over its operand", id);
    else
      remark::missed(op.getLoc(), options) << remark::add(
          "the result of '{0}' does not lie over its operand: {1}", id,
          isPossible ? "the arena is no larger without"
                     : "the operand is needed later");
  }
}

LogicalResult ModelPlanner::reportBound(StreamModel &streams,
                                        const StreamOutcome &outcome,
                                        int64_t maxRam, int64_t reserved) {
  const std::optional<RowPlan> &plan = outcome.plan;
  int op = plan ? int(plan->schedule.peakOp) : outcome.bound.op;
  int64_t live = plan ? plan->schedule.peak : outcome.bound.bytes;
  int64_t bytes = llvm::alignTo((plan ? plan->arenaBytes : live) + reserved,
                                arenaAlignment);
  KernelOp kernel = streams.getKernel(op);
  return kernel.emitError(need(plan ? "" : "at least "))
         << bytes + stateBytes() << " bytes, " << bytes - maxRam
         << " more than --max-ram allows (" << maxRam + stateBytes()
         << "), even if layers are computed row by row; the peak is in layer '"
         << kernel.getId() << "' with " << live << " live bytes";
}

LogicalResult ModelPlanner::streamRows(int64_t bytes, int64_t maxRam,
                                       bool rowIO) {
  reorder();
  rebuildGraph();
  StreamModel streams(model, graph, rowIO);
  if (!streams.isSupported())
    return reportShortfall(bytes, maxRam);
  // The position in a stream of all kernels.
  int64_t reserved = streams.getMostStateBytes();
  int64_t limit = llvm::alignDown(maxRam, arenaAlignment) - reserved;
  StreamOutcome outcome = planStreams(streams.getProblem(), limit);
  if (!outcome.plan || outcome.plan->arenaBytes > limit)
    return reportBound(streams, outcome, maxRam, reserved);
  auto options = remark::RemarkOpts::name("Stream").category("memory").function(
      model.getName());
  remark::passed(model.getLoc(), options) << remark::detail::LazyTextBuild{
      "Remark", [&] { return streams.describe(*outcome.plan, outcome.bound); }};
  recordFigures(model, streams.getFigures(*outcome.plan, outcome.bound));
  int64_t end = streams.apply(*outcome.plan);
  Builder b(model.getContext());
  model->setAttr(arenaBytesAttrName,
                 b.getI64IntegerAttr(llvm::alignTo(end, arenaAlignment)));
  model->setAttr(arenaAlignmentAttrName, b.getI64IntegerAttr(arenaAlignment));
  return success();
}

void ModelPlanner::reorder() {
  for (unsigned index : plan.schedule.order)
    kernels[index]->moveBefore(terminator());
}

void ModelPlanner::record(int64_t bytes) {
  Builder b(model.getContext());
  for (BlockArgument argument : model.getArguments()) {
    unsigned i = argument.getArgNumber();
    PlacementAttr where =
        pointerIO ? place(("input" + Twine(i)).str(), 0)
                  : place(arenaRegionName, plan.offsets[buffers[argument]]);
    model.setArgAttr(i, placementAttrName, where);
  }
  for (auto [index, op] : llvm::enumerate(kernels)) {
    SmallVector<Attribute> placements;
    for (Value result : op.getResults())
      if (std::optional<unsigned> output = pointerOutput(result))
        placements.push_back(place(("output" + Twine(*output)).str(), 0));
      else
        placements.push_back(
            place(arenaRegionName, plan.offsets[buffers[result]]));
    op.setPlacementsAttr(b.getArrayAttr(placements));
    op.setDescending(plan.descending[index]);
    if (plan.scratchOffsets[index] >= 0)
      op.setScratchAttr(place(arenaRegionName, plan.scratchOffsets[index]));
  }
  const Schedule &schedule = plan.schedule;
  KernelOp peak;
  if (schedule.peakStep >= 0)
    peak = kernels[schedule.order[schedule.peakStep]];
  recordFigures(model, {schedule.peakBytes, schedule.lowerBound, peak});
  model->setAttr(arenaBytesAttrName, b.getI64IntegerAttr(bytes));
  model->setAttr(arenaAlignmentAttrName, b.getI64IntegerAttr(arenaAlignment));
}

namespace {
struct PlanMemoryPass
    : public thimble::impl::PlanMemoryPassBase<PlanMemoryPass> {
  using PlanMemoryPassBase::PlanMemoryPassBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isDeclaration() || function.getOps<KernelOp>().empty())
        continue;
      ModelPlanner planner(function, inPlace, preserveTensors, pointerIO);
      if (failed(planner.run(maxRam, rowIO)))
        return signalPassFailure();
    }
  }
};
} // namespace

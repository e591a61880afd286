//===- StreamModel.cpp - A model as a stream problem and back -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffer i of the graph is tensor i of the rows; if rows are fed, their op
// comes before the kernels in both.
//
//===----------------------------------------------------------------------===//

#include "StreamModel.h"
#include "thimble/Dialect/Thimble/IR/KernelRows.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::detail;

/// Cycles of a step's call in a stream, of the loops around it, and of a copied
/// byte: only their ratio to each other matters.
static constexpr double cyclesPerStep = 60;
static constexpr double cyclesPerStream = 200;
static constexpr double cyclesPerMovedByte = 0.5;
/// Networks of so many layers are tried as one stream.
static constexpr unsigned maxWholeStream = 48;

StreamModel::StreamModel(func::FuncOp model, const OpGraph &graph, bool isFed)
    : model(model), kernels(model.getOps<KernelOp>()), fed(isFed) {
  problem.graph.buffers = graph.buffers;
  problem.costs.cyclesPerStream = cyclesPerStream;
  problem.costs.maxOps = kernels.size() > maxWholeStream ? 16 : maxWholeStream;
  addTensors();
  if (fed)
    addFeed();
  for (auto [op, whole] : llvm::zip_equal(kernels, graph.ops))
    supported = supported && addKernel(op, whole);
  if (supported)
    problem.measureWholeCalls();
}

void StreamModel::addTensors() {
  SmallVector<Value> values(model.getArguments());
  for (KernelOp op : kernels)
    llvm::append_range(values, op.getResults());
  supported = values.size() == problem.graph.buffers.size();
  if (!supported)
    return;
  if (fed)
    problem.graph.buffers[0].isInput = false;
  for (auto [value, buffer] : llvm::zip_equal(values, problem.graph.buffers)) {
    RankedTensorType type = tensorType(value);
    problem.rows.addTensor({rowCount(type),
                            rowElements(type) * elementBytes(type),
                            buffer.isInput, buffer.isOutput});
  }
}

void StreamModel::addFeed() {
  problem.graph.addOp({}, {0});
  RowOp op;
  op.result = 0;
  op.steps = problem.rows.getTensor(0).rows;
  op.mayStream = true;
  problem.rows.addOp(op);
  problem.costs.streamCycles.push_back(0);
}

bool StreamModel::addKernel(KernelOp op, const GraphOp &whole) {
  std::optional<KernelRows> called = kernelRows(op);
  if (!called || whole.results.size() != 1)
    return false;
  problem.graph.ops.push_back(whole);
  std::optional<KernelRows> streamed = streamRows(op);
  RowOp node;
  node.result = whole.results.front();
  node.mayStream = streamed.has_value();
  node.steps = streamed ? streamed->steps : 1;
  node.scratch.push_back(op.getScratchBytes().value_or(0));
  if (streamed) {
    RowStepAttr step = *op.getRowStep();
    node.absorbs = step.getAbsorbs();
    node.keptBytes = step.getKept();
    node.scratch.assign(node.steps, step.getScratch());
  }
  double moved = 0;
  for (const KernelOperandRows &operand :
       (streamed ? streamed : called)->operands) {
    auto value = op.getInputs()[operand.input];
    auto result = dyn_cast<OpResult>(value);
    unsigned tensor =
        result ? model.getNumArguments() +
                     (llvm::find(kernels, result.getOwner()) - kernels.begin())
               : cast<BlockArgument>(value).getArgNumber();
    RowTable table = operand.table;
    if (!streamed)
      table = makeRowTable({1, 1, 1, 0, /*whole=*/true}, 1, table.last.size());
    else
      for (int64_t i = 0; i < node.steps; ++i)
        if (table.readsPadding[i])
          node.scratch[i] = op.getRowStep()->getEdge();
    if (operand.overwritten && streamed)
      node.overwrites.push_back(node.reads.size());
    moved += double(operand.rowBytes * int64_t(table.last.size()));
    node.reads.push_back({tensor, std::move(table)});
  }
  problem.costs.streamCycles.push_back(double(node.steps) * cyclesPerStep +
                                       moved * cyclesPerMovedByte);
  problem.rows.addOp(std::move(node));
  return true;
}

int64_t StreamModel::getStateBytes(const RowPlan &plan) const {
  const RowSegment &first = plan.schedule.segments.front();
  if (!isStreamFed(first))
    return 0;
  return StreamOp::getStateBytes(first.end - first.begin - 1);
}

PlanFigures StreamModel::getFigures(const RowPlan &plan,
                                    const RowBound &bound) {
  int64_t state = getStateBytes(plan);
  // Of a stream of fewer layers it would be smaller.
  int64_t least = state > 0 ? StreamOp::getStateBytes(0) : 0;
  // The schedule counts some rows longer than their bytes are needed, and no
  // input before its first reader.
  bool isBefore = bound.op < 0 && bound.bytes > plan.schedule.peak;
  int64_t live =
      std::min(std::max(plan.schedule.peak, bound.bytes), plan.arenaBytes);
  return {live + state, bound.bytes + least,
          isBefore ? KernelOp() : getKernel(plan.schedule.peakOp)};
}

PlacementAttr StreamModel::placementOf(const RowPlace &place) {
  return PlacementAttr::get(model.getContext(), arenaRegionName, place.offset,
                            place.rows, place.newest);
}

void StreamModel::setPlacements(const RowPlan &plan) {
  Builder b(model.getContext());
  auto at = [&](int64_t offset) { return placementOf({offset, 0, -1}); };
  for (unsigned i = 0; i < model.getNumArguments(); ++i)
    model.setArgAttr(i, placementAttrName, placementOf(plan.places[i]));
  for (unsigned op = fed; op < problem.rows.getNumOps(); ++op) {
    KernelOp kernel = kernelOf(op);
    unsigned tensor = problem.rows.getOp(op).result;
    kernel.setPlacementsAttr(
        b.getArrayAttr({Attribute(placementOf(plan.places[tensor]))}));
    kernel.setDescending(plan.descending[op]);
    kernel.removeScratchAttr();
    if (plan.scratchOffsets[op] >= 0)
      kernel.setScratchAttr(at(plan.scratchOffsets[op]));
    if (plan.keptOffsets[op] >= 0)
      kernel.setKeptAttr(at(plan.keptOffsets[op]));
  }
}

static RowEvent::Kind kindOf(StreamEvent::Kind kind) {
  switch (kind) {
  case StreamEvent::Kind::Step:
    return RowEvent::Kind::Step;
  case StreamEvent::Kind::Direct:
    return RowEvent::Kind::InPlace;
  case StreamEvent::Kind::Hold:
    return RowEvent::Kind::Hold;
  }
  llvm_unreachable("covered switch");
}

void StreamModel::makeStream(const RowPlan &plan, unsigned index,
                             int64_t state) {
  const RowSegment &segment = plan.schedule.segments[index];
  bool streamFed = isStreamFed(segment);
  unsigned begin = segment.begin + streamFed;
  std::vector<RowEvent> events;
  for (StreamEvent event : plan.events[index]) {
    bool isInput = streamFed && event.op == 0;
    events.push_back({isInput ? RowEvent::fedInput : int32_t(event.op - begin),
                      kindOf(event.kind)});
  }
  auto isInside = [&](Operation *op) {
    for (unsigned i = begin; i < segment.end; ++i)
      if (kernelOf(i) == op)
        return true;
    return false;
  };
  SmallVector<Value> results;
  for (unsigned op = begin; op < segment.end; ++op)
    if (Value value = kernelOf(op).getResult(0);
        !llvm::all_of(value.getUsers(), isInside))
      results.push_back(value);
  OpBuilder b(kernelOf(begin));
  auto stream = StreamOp::create(b, kernelOf(begin).getLoc(),
                                 ValueRange(results).getTypes(),
                                 streamFed ? model.getArgument(0) : Value(),
                                 RowOrder::fold(events).str(), PlacementAttr());
  if (streamFed)
    stream.setStateAttr(placementOf({state, 0, -1}));
  b.createBlock(&stream.getBody());
  for (auto [inner, outer] : llvm::zip_equal(results, stream.getResults()))
    inner.replaceUsesWithIf(
        outer, [&](OpOperand &use) { return !isInside(use.getOwner()); });
  auto yield = YieldOp::create(b, stream.getLoc(), results);
  for (unsigned op = begin; op < segment.end; ++op)
    kernelOf(op)->moveBefore(yield);
}

int64_t StreamModel::apply(const RowPlan &plan) {
  setPlacements(plan);
  int64_t state = llvm::alignTo(plan.arenaBytes, 4);
  for (auto [index, segment] : llvm::enumerate(plan.schedule.segments))
    if (segment.isStream())
      makeStream(plan, index, state);
  int64_t stateBytes = getStateBytes(plan);
  return stateBytes > 0 ? state + stateBytes : plan.arenaBytes;
}

std::string StreamModel::describe(const RowPlan &plan, const RowBound &bound) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "the arena has " << plan.arenaBytes + getStateBytes(plan)
         << " bytes; " << plan.schedule.peak
         << " are live at the peak; no order of rows needs less than "
         << bound.bytes;
  for (const RowSegment &segment : plan.schedule.segments)
    if (segment.isStream())
      stream << "; a stream from '"
             << kernelOf(segment.begin + isStreamFed(segment)).getId()
             << "' to '" << kernelOf(segment.end - 1).getId() << "' needs "
             << segment.peak;
  if (plan.movedBytes > 0)
    stream << "; " << plan.movedBytes << " bytes are copied into rings";
  return text;
}

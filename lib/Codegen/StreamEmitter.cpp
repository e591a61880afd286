//===- StreamEmitter.cpp - The function that runs a stream ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A short order becomes nested loops, a long one a loop over a table of events;
// both know how often they call what.
//
//===----------------------------------------------------------------------===//

#include "StreamEmitter.h"
#include "InternalSymbols.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Support/PeriodicRuns.h"

using namespace mlir;
using namespace thimble;

/// Bytes of Thumb code, estimated: a call between loops, the loop over a table,
/// one of its cases.
static constexpr size_t siteBytes = 10, tableLoopBytes = 70, caseBytes = 22;
/// Longer pieces are not looked for.
static constexpr unsigned maxPeriod = 255;
/// An 8-bit event.
static constexpr size_t maxCases = 255;

StreamEmitter::StreamEmitter(OpBuilder &builder, StreamOp op,
                             const TargetInfo &target, StringRef model,
                             StringRef name)
    : builder(builder), op(op), target(target), model(model), name(name),
      kernels(op.getKernels()) {}

void StreamEmitter::addRegion(StringAttr region) {
  if (!llvm::is_contained(regions, region))
    regions.push_back(region);
}

Value StreamEmitter::region(StringAttr name) {
  return function.getArgument(llvm::find(regions, name) - regions.begin());
}

size_t StreamEmitter::lineOf(const RowCall &call) const {
  return call.source == RowEvent::fedInput ? kernels.size() : call.source;
}

LogicalResult StreamEmitter::emitLayer(KernelOp op, size_t number) {
  const Kernel *kernel = findKernel(*op.getKernel());
  Layer &layer = layers.emplace_back();
  auto finish = [&](LayerEmitter &emitter) {
    if (failed(emitter.verify()))
      return failure();
    layer.step = emitter.emit();
    llvm::append_range(layer.regions, emitter.getRegions());
    llvm::for_each(layer.regions, [&](StringAttr r) { addRegion(r); });
    return success();
  };
  if (!op.getRowStep()) {
    LayerEmitter whole(builder, op, *kernel, target, model);
    layer.wholeSteps = whole.getSteps();
    return whole.isElided() ? success() : finish(whole);
  }
  RowLayerEmitter rows(builder, op, *kernel, target, model,
                       schedule.layers[number]);
  if (rows.isElided())
    return success();
  if (failed(finish(rows)))
    return failure();
  for (const RowCall &call : schedule.calls)
    if (lineOf(call) == number && call.kind == RowEvent::Kind::Hold) {
      layer.hold = rows.getHold();
      layer.holdRegion = rows.getHoldRegion();
    }
  return success();
}

LogicalResult StreamEmitter::emitLayers() {
  for (KernelOp kernel : kernels) {
    if (!findPlannedKernel(kernel))
      return failure();
    if (kernel.getRowStep())
      continue;
    for (Value input : kernel.getInputs())
      if (PlacementAttr placement = placementOf(input))
        if (!placement.isWhole())
          return kernel.emitOpError("expected to read whole tensors, for it "
                                    "has no row steps, found ")
                 << placement;
  }
  schedule = StreamSchedule::get(op, target);
  if (op.getFed())
    addRegion(builder.getStringAttr(placementOf(op.getFed()).getRegion()));
  for (auto [number, kernel] : llvm::enumerate(kernels))
    if (failed(emitLayer(kernel, number)))
      return failure();
  // Results that lie where their operands are take no code.
  llvm::erase_if(schedule.sequence, [&](int32_t call) {
    const RowCall &known = schedule.calls[call];
    return known.source != RowEvent::fedInput && !layers[known.source].step;
  });
  return success();
}

/// Adds an attribute of LLVM's to those that the function has.
static void addPassthrough(func::FuncOp function,
                           ArrayRef<StringRef> attribute) {
  Builder b(function.getContext());
  auto present = function->getAttrOfType<ArrayAttr>("passthrough");
  SmallVector<Attribute> attributes(present.begin(), present.end());
  attributes.push_back(b.getStrArrayAttr(attribute));
  function->setAttr("passthrough", b.getArrayAttr(attributes));
}

FailureOr<func::FuncOp> StreamEmitter::emit() {
  if (op.getFed() && !op.getState())
    return op.emitOpError("expected a placement of its state");
  if (failed(emitLayers()))
    return failure();
  if (op.getState())
    addRegion(builder.getStringAttr(op.getState()->getRegion()));
  size_t sites = countSites(schedule.sequence);
  table = encode();
  size_t tableSize =
      tableLoopBytes + caseBytes * schedule.calls.size() + table.size();
  bool hasLoops = !op.getFed() && (sites * siteBytes < tableSize ||
                                   schedule.calls.size() > maxCases);
  if (!hasLoops && schedule.calls.size() > maxCases)
    return op.emitOpError("expected at most ")
           << maxCases << " different events, found " << schedule.calls.size();
  std::string symbol = hasLoops ? std::string()
                                : emitConstantTable(builder, op.getLoc(), name,
                                                    {"order", table, 1});
  StepBuilder b(builder, op.getLoc(), target);
  SmallVector<Type> types(regions.size() + (op.getFed() ? 1 : 0), b.ptr());
  function = func::FuncOp::create(builder, op.getLoc(), name,
                                  builder.getFunctionType(types, {}));
  setInternalFunctionAttributes(function);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(function.addEntryBlock());
  if (hasLoops) {
    Rows rows(kernels.size() + 1, b.constant(0));
    emitPiece(b, schedule.sequence, rows);
    func::ReturnOp::create(builder, op.getLoc());
  } else {
    // Of branches it is known how often each is taken.
    addPassthrough(function, {"no-jump-tables", "true"});
    emitTableLoop(b, symbol);
  }
  return function;
}

void StreamEmitter::emitCall(StepBuilder &b, const RowCall &call, Value row) {
  const Layer &layer = layers[call.source];
  if (call.kind == RowEvent::Kind::Hold) {
    SmallVector<Value> arguments = {region(layer.holdRegion),
                                    b.add(row, -1 - call.lag)};
    func::CallOp::create(builder, op.getLoc(), layer.hold, arguments);
    return;
  }
  SmallVector<Value> arguments;
  for (StringAttr name : layer.regions)
    arguments.push_back(region(name));
  if (layer.wholeSteps > 0) {
    arguments.append({b.constant(0), b.constant(layer.wholeSteps)});
  } else {
    arguments.push_back(row);
    for (int64_t argument : call.arguments)
      arguments.push_back(b.constant(argument));
  }
  func::CallOp::create(builder, op.getLoc(), layer.step, arguments);
}

//===----------------------------------------------------------------------===//
// Nested loops
//===----------------------------------------------------------------------===//

/// A call between loops costs one, a loop about as much.
static std::vector<PeriodicRun> findLoops(ArrayRef<int32_t> piece) {
  PeriodicRunCost cost;
  cost.maxLength = maxPeriod;
  cost.repeated = 1;
  cost.single = 0;
  return findPeriodicRuns(piece, cost);
}

size_t StreamEmitter::countSites(ArrayRef<int32_t> piece) const {
  size_t sites = 0;
  for (PeriodicRun run : findLoops(piece))
    sites += run.count > 1 ? 1 + countSites(piece.slice(run.begin, run.length))
                           : run.length;
  return sites;
}

SmallVector<int64_t> StreamEmitter::countRows(ArrayRef<int32_t> piece) const {
  SmallVector<int64_t> rows(kernels.size() + 1, 0);
  for (int32_t call : piece)
    if (schedule.calls[call].kind != RowEvent::Kind::Hold)
      ++rows[lineOf(schedule.calls[call])];
  return rows;
}

void StreamEmitter::emitPiece(StepBuilder &b, ArrayRef<int32_t> piece,
                              Rows &rows) {
  for (PeriodicRun run : findLoops(piece)) {
    ArrayRef<int32_t> body = piece.slice(run.begin, run.length);
    if (run.count == 1) {
      for (int32_t number : body) {
        const RowCall &call = schedule.calls[number];
        Value &row = rows[lineOf(call)];
        emitCall(b, call, row);
        if (call.kind != RowEvent::Kind::Hold)
          row = b.add(row, 1);
      }
      continue;
    }
    SmallVector<int64_t> made = countRows(body);
    b.loop(run.count, [&](Value i) {
      Rows inner;
      for (auto [row, count] : llvm::zip_equal(rows, made))
        inner.push_back(count ? b.add(row, b.mul(i, count)) : row);
      emitPiece(b, body, inner);
    });
    for (auto [row, count] : llvm::zip_equal(rows, made))
      row = b.add(row, run.count * count);
  }
}

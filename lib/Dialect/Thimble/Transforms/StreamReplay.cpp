//===- StreamReplay.cpp - Checks plans with streams byte by byte ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads placements and orders as the code does that is made of them, and leaves
// the bytes to RowReplay.
//
//===----------------------------------------------------------------------===//

#include "StreamReplay.h"
#include "thimble/Dialect/Thimble/IR/KernelRows.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/RowReplay.h"

using namespace mlir;
using namespace thimble;

namespace {
class ModelReplay {
public:
  ModelReplay(func::FuncOp model, int64_t arenaBytes)
      : model(model), arenaBytes(arenaBytes) {}
  LogicalResult run();

private:
  LogicalResult addTensor(Value value);
  LogicalResult addLayer(KernelOp op);
  LogicalResult runStream(RowReplay &replay, StreamOp stream);
  /// Reports what went wrong.
  LogicalResult check(Operation *op, const RowReplay::Result &error);
  /// The number of a tensor, also if a stream hands it on.
  unsigned tensorOf(Value value);

  func::FuncOp model;
  int64_t arenaBytes;
  SmallVector<KernelOp> kernels;
  SmallVector<Value> values; ///< by tensor
  SmallVector<ReplayTensor> tensors;
  SmallVector<ReplayLayer, 0> layers;
  DenseMap<Value, unsigned> tensorNumbers;
  DenseMap<Operation *, unsigned> layerNumbers;
};
} // namespace

unsigned ModelReplay::tensorOf(Value value) {
  if (KernelOp producer = producerOf(value))
    value = producer.getResult(0);
  return tensorNumbers.lookup(value);
}

LogicalResult ModelReplay::addTensor(Value value) {
  PlacementAttr placement = placementOf(value);
  Operation *op = value.getDefiningOp();
  if (!placement)
    return (op ? op : model)->emitError("expected a placement of each value");
  RankedTensorType type = tensorType(value);
  tensorNumbers[value] = tensors.size();
  values.push_back(value);
  tensors.push_back({rowCount(type), rowElements(type) * elementBytes(type),
                     placement.getOffset(), placement.getRows(),
                     placement.getNewest(),
                     placement.getRegion() == arenaRegionName});
  return success();
}

LogicalResult ModelReplay::addLayer(KernelOp op) {
  bool isStreamed = isa<StreamOp>(op->getParentOp());
  std::optional<KernelRows> rows;
  if (isStreamed && op.getRowStep())
    rows = streamRows(op);
  else
    rows = kernelRows(op);
  if (!rows)
    return op.emitOpError("expected a kernel whose rows are known");
  ReplayLayer layer;
  layer.result = tensorOf(op.getResult(0));
  layer.steps = rows->steps;
  layer.lag = rows->lag;
  layer.descending = op.getDescending();
  if (layer.descending && (isStreamed || !rows->mayDescend))
    return op.emitOpError("expected no descending rows");
  layer.scratchBytes.push_back(op.getScratchBytes().value_or(0));
  for (KernelOperandRows &operand : rows->operands)
    layer.reads.push_back({tensorOf(op.getInputs()[operand.input]),
                           std::move(operand.table), operand.overwritten});
  if (std::optional<RowStepAttr> step = op.getRowStep(); isStreamed && step) {
    layer.keptBytes = step->getKept();
    layer.scratchBytes.assign(layer.steps, step->getScratch());
    for (const ReplayRead &read : layer.reads)
      for (int64_t i = 0; i < layer.steps; ++i)
        if (read.table.readsPadding[i])
          layer.scratchBytes[i] = step->getEdge();
  }
  bool needsScratch =
      llvm::any_of(layer.scratchBytes, [](int64_t bytes) { return bytes > 0; });
  if ((needsScratch && !op.getScratch()) ||
      (layer.keptBytes > 0 && !op.getKept()))
    return op.emitOpError("expected a placement of its scratch and of the "
                          "bytes that its steps share");
  if (op.getScratch())
    layer.scratchOffset = op.getScratch()->getOffset();
  if (op.getKept())
    layer.keptOffset = op.getKept()->getOffset();
  layerNumbers[op] = layers.size();
  layers.push_back(std::move(layer));
  return success();
}

LogicalResult ModelReplay::check(Operation *op,
                                 const RowReplay::Result &error) {
  if (!error)
    return success();
  if (error->layer >= 0)
    op = kernels[error->layer];
  InFlightDiagnostic diagnostic = op->emitError("expected ");
  std::string row = "its scratch";
  if (error->tensor >= 0) {
    KernelOp producer = producerOf(values[error->tensor]);
    row = ("row " + Twine(error->row) + " of " +
           (producer ? "'" + producer.getId() + "'" : Twine("an input")))
              .str();
  }
  switch (error->kind) {
  case ReplayError::Kind::Outside:
    diagnostic << row << " inside the arena of " << arenaBytes
               << " bytes, 8-byte aligned if it is scratch";
    break;
  case ReplayError::Kind::Lost:
    diagnostic << "to find " << row << " in step " << error->step
               << ", found other bytes in its place";
    break;
  case ReplayError::Kind::Overwritten:
    diagnostic << "a place for the result of step " << error->step
               << " apart from " << row << ", which the step uses";
    break;
  }
  return diagnostic;
}

LogicalResult ModelReplay::runStream(RowReplay &replay, StreamOp stream) {
  SmallVector<KernelOp> own = stream.getKernels();
  int64_t fedRows = 0;
  for (RowEvent event : stream.getRowOrder().expand()) {
    bool direct = event.kind == RowEvent::Kind::InPlace;
    bool isFed = event.source == RowEvent::fedInput;
    unsigned tensor = isFed ? tensorOf(stream.getFed())
                            : tensorOf(own[event.source].getResult(0));
    RowReplay::Result error;
    if (event.kind == RowEvent::Kind::Hold)
      error = replay.hold(tensor);
    else if (isFed)
      error = replay.writeInput(tensor, fedRows++, direct);
    else if (!own[event.source].getRowStep())
      error = replay.runWhole(layerNumbers[own[event.source]]);
    else
      error = replay.runStep(layerNumbers[own[event.source]], direct);
    if (failed(check(stream, error)))
      return failure();
  }
  return success();
}

LogicalResult ModelReplay::run() {
  Value fed;
  for (StreamOp stream : model.getOps<StreamOp>())
    if (stream.getFed())
      fed = stream.getFed();
  kernels = kernelsOf(model);
  for (Value argument : model.getArguments())
    if (failed(addTensor(argument)))
      return failure();
  for (KernelOp op : kernels)
    if (failed(addTensor(op.getResult(0))))
      return failure();
  for (KernelOp op : kernels)
    if (failed(addLayer(op)))
      return failure();
  RowReplay replay(tensors, layers, arenaBytes);
  for (Value argument : model.getArguments())
    if (argument != fed &&
        failed(check(model, replay.writeInput(tensorOf(argument)))))
      return failure();
  for (Operation &op : model.front()) {
    if (auto kernel = dyn_cast<KernelOp>(op))
      if (failed(check(&op, replay.runWhole(layerNumbers[kernel]))))
        return failure();
    if (auto stream = dyn_cast<StreamOp>(op))
      if (failed(runStream(replay, stream)))
        return failure();
  }
  for (Value result : model.front().getTerminator()->getOperands())
    if (failed(check(model, replay.readWhole(tensorOf(result)))))
      return failure();
  return success();
}

LogicalResult thimble::replayStreams(func::FuncOp model, int64_t arenaBytes) {
  return ModelReplay(model, arenaBytes).run();
}

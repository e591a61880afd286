//===- CollectMemoryMap.cpp - Buffers of a planned model ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Placements say where buffers are, the order of the layers says when. The
// layers of a stream run at the same time; only the scratch of their steps is
// live in one of them at a time.
//
//===----------------------------------------------------------------------===//

#include "CollectMemoryMap.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

namespace {
class MapCollector {
public:
  MapCollector(func::FuncOp model, ArrayRef<TensorInfo> inputs,
               const TargetInfo &target, bool preservesTensors);
  MemoryMap collect();

private:
  void addStream(StreamOp stream);
  void addArgument(BlockArgument argument);
  void addLayer(KernelOp op);
  void addStep(KernelOp op, RowStepAttr step);
  void addScratch(KernelOp op);
  void addTensor(Value value, ArenaBuffer buffer);
  /// At `offset` of a placement's region, unless it is empty or not in the
  /// arena.
  void add(ArenaBuffer buffer, PlacementAttr placement, int64_t offset);
  /// Of the layer, while it runs.
  ArenaBuffer describe(KernelOp op, BufferKind kind, int64_t bytes) const;
  /// The first and the last layer of the stream that an op stands in, or the op
  /// itself.
  StreamRange layersAround(Operation *op) const;
  /// The last layer that reads a value, also behind its stream.
  unsigned lastReader(Value value) const;
  void readFigures();

  func::FuncOp model;
  ArrayRef<TensorInfo> inputs;
  const TargetInfo &target;
  bool preservesTensors;
  DenseMap<Operation *, unsigned> position;
  MemoryMap map;
};
} // namespace

MapCollector::MapCollector(func::FuncOp model, ArrayRef<TensorInfo> inputs,
                           const TargetInfo &target, bool preservesTensors)
    : model(model), inputs(inputs), target(target),
      preservesTensors(preservesTensors) {
  for (KernelOp op : kernelsOf(model))
    position.try_emplace(op, position.size());
}

StreamRange MapCollector::layersAround(Operation *op) const {
  auto stream = dyn_cast<StreamOp>(op->getParentOp());
  if (!stream)
    return {position.lookup(op), position.lookup(op)};
  SmallVector<KernelOp> kernels = stream.getKernels();
  return {position.lookup(kernels.front()), position.lookup(kernels.back())};
}

unsigned MapCollector::lastReader(Value value) const {
  unsigned last = 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    auto stream = dyn_cast<StreamOp>(user->getParentOp());
    if (position.contains(user))
      last = std::max(last, layersAround(user).lastLayer);
    else if (stream)
      last =
          std::max(last, lastReader(stream.getResult(use.getOperandNumber())));
    else if (!isa<StreamOp>(user)) // fed, which is not reading it
      last = position.size() - 1;
  }
  return last;
}

void MapCollector::add(ArenaBuffer buffer, PlacementAttr placement,
                       int64_t offset) {
  if (placement.getRegion() != arenaRegionName || buffer.bytes == 0)
    return;
  buffer.offset = offset;
  map.buffers.push_back(std::move(buffer));
}

/// All of a tensor, or its ring and its newest row.
void MapCollector::addTensor(Value value, ArenaBuffer buffer) {
  PlacementAttr placement = placementOf(value);
  RankedTensorType type = tensorType(value);
  if (!placement)
    return;
  buffer.lastLayer = std::max(buffer.lastLayer,
                              preservesTensors ? unsigned(position.size()) - 1
                                               : lastReader(value));
  uint64_t rowBytes = rowElements(type) * elementBytes(type);
  bool isNewestOnly = placement.getRows() == 1 &&
                      placement.getNewest() == placement.getOffset();
  if (placement.hasNewest()) {
    ArenaBuffer newest = buffer;
    newest.kind = BufferKind::newest;
    newest.bytes = rowBytes;
    add(newest, placement, placement.getNewest());
  }
  buffer.bytes = tensorBytes(type);
  if (placement.getRows() > 0) {
    buffer.kind = BufferKind::ring;
    buffer.rows = placement.getRows();
    buffer.bytes = placement.getRows() * rowBytes;
  }
  if (!isNewestOnly)
    add(buffer, placement, placement.getOffset());
}

void MapCollector::addArgument(BlockArgument argument) {
  ArenaBuffer buffer;
  buffer.input = argument.getArgNumber();
  buffer.name = inputs[buffer.input].name;
  buffer.kind = BufferKind::input;
  addTensor(argument, buffer);
}

ArenaBuffer MapCollector::describe(KernelOp op, BufferKind kind,
                                   int64_t bytes) const {
  ArenaBuffer buffer;
  buffer.name = op.getId().str();
  buffer.kind = kind;
  buffer.bytes = bytes;
  buffer.layer = position.lookup(op);
  buffer.firstLayer = buffer.lastLayer = buffer.layer;
  return buffer;
}

/// What the steps of a layer need, each and together.
void MapCollector::addStep(KernelOp op, RowStepAttr step) {
  BufferKind kind = step.getAbsorbs() ? BufferKind::sums : BufferKind::decoded;
  ArenaBuffer kept = describe(op, kind, step.getKept());
  kept.firstLayer = layersAround(op).firstLayer;
  kept.lastLayer = layersAround(op).lastLayer;
  if (std::optional<PlacementAttr> placement = op.getKept())
    add(kept, *placement, placement->getOffset());
  if (std::optional<PlacementAttr> placement = op.getScratch())
    add(describe(op, BufferKind::scratch, step.getEdge()), *placement,
        placement->getOffset());
}

/// Decoded weights are the end of a layer's scratch.
void MapCollector::addScratch(KernelOp op) {
  int64_t bytes = op.getScratchBytes().value_or(0), own = bytes;
  std::optional<PlacementAttr> placement = op.getScratch();
  if (!placement)
    return;
  if (std::optional<WeightDecoding> decoding = findWeightDecoding(op)) {
    StepSpec spec = findKernel(*op.getKernel())->describe(op, target);
    own = std::min(layOutScratch(spec, decoding, target).tile, bytes);
  }
  int64_t offset = placement->getOffset();
  add(describe(op, BufferKind::scratch, own), *placement, offset);
  add(describe(op, BufferKind::decoded, bytes - own), *placement, offset + own);
}

void MapCollector::addLayer(KernelOp op) {
  for (Value result : op.getResults()) {
    bool isOutput =
        llvm::any_of(model.front().getTerminator()->getOperands(),
                     [&](Value output) { return producerOf(output) == op; });
    ArenaBuffer buffer =
        describe(op, isOutput ? BufferKind::output : BufferKind::tensor, 0);
    buffer.firstLayer = layersAround(op).firstLayer;
    buffer.lastLayer = layersAround(op).lastLayer;
    addTensor(result, buffer);
  }
  std::optional<RowStepAttr> step = op.getRowStep();
  if (step && isa<StreamOp>(op->getParentOp()))
    addStep(op, *step);
  else
    addScratch(op);
}

void MapCollector::addStream(StreamOp stream) {
  SmallVector<KernelOp> kernels = stream.getKernels();
  if (!kernels.empty())
    map.streams.push_back(layersAround(kernels.front()));
  if (!stream.getState())
    return;
  // It is behind what was planned, which never takes its place.
  ArenaBuffer state;
  state.lastLayer = position.size() - 1;
  state.input = cast<BlockArgument>(stream.getFed()).getArgNumber();
  state.name = inputs[state.input].name;
  state.kind = BufferKind::position;
  state.bytes = stream.getStateBytes();
  add(state, *stream.getState(), stream.getState()->getOffset());
}

void MapCollector::readFigures() {
  auto read = [&](StringRef name) -> std::optional<uint64_t> {
    if (auto bytes = model->getAttrOfType<IntegerAttr>(name))
      return bytes.getInt();
    return std::nullopt;
  };
  map.livePeak = read(liveBytesAttrName);
  map.bound = read(boundBytesAttrName);
  map.rowBound = read(rowBoundBytesAttrName);
  auto peak = model->getAttrOfType<StringAttr>(peakLayerAttrName);
  for (KernelOp op : kernelsOf(model))
    if (op.getIdAttr() == peak)
      map.peakLayer = position.lookup(op);
}

MemoryMap MapCollector::collect() {
  for (BlockArgument argument : model.getArguments())
    addArgument(argument);
  for (StreamOp stream : model.getOps<StreamOp>())
    addStream(stream);
  for (KernelOp op : kernelsOf(model))
    addLayer(op);
  readFigures();
  return std::move(map);
}

MemoryMap thimble::collectMemoryMap(func::FuncOp model,
                                    ArrayRef<TensorInfo> inputs,
                                    const TargetInfo &target,
                                    bool preservesTensors) {
  return MapCollector(model, inputs, target, preservesTensors).collect();
}

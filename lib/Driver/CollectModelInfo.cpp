//===- CollectModelInfo.cpp - Figures of a planned model ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the plan back from the IR, so that the report and the header cannot
// differ from the code.
//
//===----------------------------------------------------------------------===//

#include "CollectMemoryMap.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Driver/Compilation.h"
#include "thimble/Support/Entropy.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace thimble;

static ElementKind elementKind(RankedTensorType type) {
  if (type.getElementType().isF32())
    return ElementKind::float32;
  switch (elementBytes(type)) {
  case 1:
    return ElementKind::int8;
  case 2:
    return ElementKind::int16;
  default:
    return ElementKind::int32;
  }
}

static TensorInfo describeTensor(Value value, StringRef name,
                                 PlacementAttr placement) {
  RankedTensorType type = tensorType(value);
  TensorInfo tensor;
  tensor.name = name.str();
  tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  tensor.element = elementKind(type);
  if (isa<quant::UniformQuantizedType>(type.getElementType())) {
    TensorQuantization q = quantization(value);
    tensor.scale = static_cast<float>(q.scale);
    tensor.zeroPoint = q.zeroPoint;
  }
  tensor.bytes = tensorBytes(type);
  tensor.arenaOffset = placement.getOffset();
  tensor.rows = std::max<int64_t>(rowCount(type), 1);
  return tensor;
}

/// The outermost name of a location, the tensor's in the source file.
static std::string locationName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  std::string text;
  llvm::raw_string_ostream(text) << location;
  return text;
}

static bool isInArena(PlacementAttr placement) {
  return placement && placement.getRegion() == arenaRegionName;
}

static void addPlacement(LayerInfo &layer, Value value, bool isResult) {
  PlacementAttr placement = placementOf(value);
  if (!isInArena(placement))
    return;
  layer.placements.push_back(
      {locationName(value.getLoc()),
       static_cast<uint64_t>(placement.getOffset()),
       static_cast<uint64_t>(tensorBytes(tensorType(value))), isResult});
}

/// The numbers of an integer weight and how they are stored.
static std::optional<WeightInfo> describeWeight(KernelOp op,
                                                const TargetInfo &target) {
  auto weighted = dyn_cast<WeightedOp>(op.getRoot());
  ConstantOp constant =
      weighted ? constantOf(weighted.getWeightOperand().get()) : ConstantOp();
  if (!constant || elementBytes(constant.getOutput().getType()) != 1)
    return std::nullopt;
  RankedTensorType type = constant.getOutput().getType();
  std::vector<uint8_t> numbers = constantBytes(constant);
  WeightInfo info;
  info.count = info.bytes = numbers.size();
  info.entropy = entropyInBits(numbers);
  EncodingAttr encoding = encodingOf(type);
  if (!encoding)
    return info;
  for (Attribute scheme : encoding.getStack())
    info.encoding.push_back(printEncodingStack(scheme));
  if (!findWeightDecoding(op)) {
    // The kernel reads them where they are, in a form of its own.
    StepSpec spec = findKernel(*op.getKernel())->describe(op, target);
    info.bytes = spec.tables[spec.weightTable].bytes.size();
    return info;
  }
  info.bytes = encoding.sizeInBits(payloadBytes(constant), target) / 8;
  info.decodeCycles = static_cast<uint64_t>(
      encoding.getCost(encoding.getSymbols(type, numbers), target).cycles);
  info.tileChannels = encoding.getChunk(type).channels;
  info.tileBytes = encoding.getChunk(type).size();
  return info;
}

/// How often a stream calls the functions of its layers.
static void countCalls(ModelInfo &info, StreamOp stream) {
  llvm::StringMap<LayerInfo *> layers;
  for (LayerInfo &layer : info.layers)
    layers[layer.id] = &layer;
  SmallVector<LayerInfo *> counted;
  for (KernelOp op : stream.getKernels())
    counted.push_back(layers[op.getId()]);
  for (LayerInfo *layer : counted)
    layer->calls = 0;
  for (RowEvent event : stream.getRowOrder().expand())
    if (event.source != RowEvent::fedInput)
      ++(event.isStep() ? counted[event.source]->calls
                        : counted[event.source]->holdCalls);
}

static LayerInfo describeLayer(KernelOp op, const TargetInfo &target) {
  LayerInfo layer;
  layer.id = op.getId().str();
  layer.weight = describeWeight(op, target);
  for (Operation &inner : op.getBody().front().without_terminator()) {
    if (!isa<ReferenceSemantics>(inner))
      continue;
    layer.opNames.push_back(inner.getName().stripDialect().str());
    if (auto costs = dyn_cast<CostOp>(inner))
      layer.macs += costs.getMacs();
  }
  layer.source = locationName(op.getLoc());
  layer.scratchBytes = op.getScratchBytes().value_or(0);
  if (std::optional<RowStepAttr> step = op.getRowStep();
      step && isa<StreamOp>(op->getParentOp()))
    layer.scratchBytes = step->getEdge() + step->getKept();
  for (Value input : op.getInputs())
    addPlacement(layer, input, /*isResult=*/false);
  for (Value result : op.getResults())
    addPlacement(layer, result, /*isResult=*/true);
  return layer;
}

static std::string tensorName(DictionaryAttr attributes, Value value) {
  if (attributes)
    if (auto name = attributes.getAs<StringAttr>(tensorNameAttrName))
      return name.str();
  return locationName(value.getLoc());
}

ModelInfo thimble::collectModelInfo(ModuleOp planned, bool preservesTensors) {
  ModelInfo info;
  FailureOr<TargetInfo> target = TargetInfo::get(planned);
  if (failed(target))
    return info;
  for (auto model : planned.getOps<func::FuncOp>()) {
    auto bytes = model->getAttrOfType<IntegerAttr>(arenaBytesAttrName);
    if (!bytes)
      continue;
    info.name = model.getName().str();
    info.arenaBytes = bytes.getInt();
    if (auto state = model->getAttrOfType<IntegerAttr>(stateBytesAttrName))
      info.stateBytes = state.getInt();
    info.arenaAlignment =
        model->getAttrOfType<IntegerAttr>(arenaAlignmentAttrName).getInt();
    for (BlockArgument argument : model.getArguments())
      info.inputs.push_back(describeTensor(
          argument,
          tensorName(model.getArgAttrDict(argument.getArgNumber()), argument),
          placementOf(argument)));
    for (OpOperand &result : model.front().getTerminator()->getOpOperands())
      info.outputs.push_back(describeTensor(
          result.get(),
          tensorName(model.getResultAttrDict(result.getOperandNumber()),
                     result.get()),
          placementOf(result.get())));
    for (KernelOp op : kernelsOf(model)) {
      info.layers.push_back(describeLayer(op, *target));
      for (Value result : op.getResults())
        info.preserved.push_back(
            {op.getId().str(), describeTensor(result, locationName(op.getLoc()),
                                              placementOf(result))});
    }
    for (auto stream : model.getOps<StreamOp>())
      countCalls(info, stream);
    info.memory =
        collectMemoryMap(model, info.inputs, *target, preservesTensors);
    for (auto [index, layer] : llvm::enumerate(info.layers))
      layer.liveBytes = info.memory.getLiveBytes(index);
  }
  return info;
}

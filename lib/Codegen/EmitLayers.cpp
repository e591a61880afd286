//===- EmitLayers.cpp - Turns planned kernels into functions --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step from KERNEL to CODE. <model>_invoke calls one function per layer, or
// per stream of layers.
//
//===----------------------------------------------------------------------===//

#include "InternalSymbols.h"
#include "StateReset.h"
#include "StreamEmitter.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "thimble/Codegen/Passes.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_EMITLAYERSPASS
#include "thimble/Codegen/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// The regions that the model's functions get addresses of, in the order of the
/// C ABI: the arena, then one pointer per input and per output that is not in
/// it, then the state.
static SmallVector<StringAttr> callerRegions(func::FuncOp model) {
  SmallVector<StringAttr> regions = {
      StringAttr::get(model.getContext(), arenaRegionName)};
  auto add = [&](Value value) {
    PlacementAttr placement = placementOf(value);
    if (!placement)
      return;
    auto region = StringAttr::get(model.getContext(), placement.getRegion());
    if (!llvm::is_contained(regions, region))
      regions.push_back(region);
  };
  for (Value argument : model.getArguments())
    add(argument);
  for (Value value : model.front().getTerminator()->getOperands())
    if (producerOf(value))
      add(value);
  if (model->hasAttr(stateBytesAttrName))
    regions.push_back(StringAttr::get(model.getContext(), stateRegionName));
  return regions;
}

namespace {
/// Replaces a model's function by `<model>_invoke`, or, if rows are fed, by
/// `<model>_begin`, `<model>_push_row` and `<model>_finish`.
class ModelEmitter {
public:
  ModelEmitter(func::FuncOp model, const TargetInfo &target, bool hasDriver)
      : model(model), target(target), builder(model),
        regions(callerRegions(model)), hasDriver(hasDriver) {}
  LogicalResult run();

private:
  LogicalResult emitKernel(KernelOp op);
  LogicalResult emitStream(StreamOp op);
  /// Begins another function of the C ABI; calls go there from now on.
  void beginEntry(const Twine &suffix, bool takesRow);
  void emitFedStream(StreamOp op, func::FuncOp function,
                     ArrayRef<StringAttr> wanted);
  void endEntry();
  /// `<model>_invoke(arena, input, ...)`, which pushes all rows.
  void emitDriver(StreamOp op);
  /// The addresses of regions in the entry.
  SmallVector<Value> addressesOf(ArrayRef<StringAttr> wanted);

  func::FuncOp model;
  const TargetInfo &target;
  OpBuilder builder;
  SmallVector<StringAttr> regions;
  func::FuncOp entry;
  unsigned streams = 0;
  bool hasDriver;
  StreamOp fed;
};
} // namespace

void ModelEmitter::beginEntry(const Twine &suffix, bool takesRow) {
  entry = createEntry(builder, model.getLoc(), model.getName() + suffix,
                      regions.size() + takesRow);
}

void ModelEmitter::endEntry() {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&entry.front());
  func::ReturnOp::create(builder, model.getLoc());
}

SmallVector<Value> ModelEmitter::addressesOf(ArrayRef<StringAttr> wanted) {
  // A row to be pushed stands behind the arena.
  bool takesRow = entry.getNumArguments() > regions.size();
  SmallVector<Value> addresses;
  for (StringAttr region : wanted) {
    size_t index = llvm::find(regions, region) - regions.begin();
    addresses.push_back(entry.getArgument(index + (takesRow && index > 0)));
  }
  return addresses;
}

LogicalResult ModelEmitter::emitKernel(KernelOp op) {
  const Kernel *kernel = findPlannedKernel(op);
  if (!kernel)
    return failure();
  LayerEmitter layer(builder, op, *kernel, target, model.getName());
  if (layer.isElided())
    return success();
  if (failed(layer.verify()))
    return failure();
  func::FuncOp function = layer.emit();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&entry.front());
  StepBuilder call(builder, op.getLoc(), target);
  SmallVector<Value> arguments = addressesOf(layer.getRegions());
  arguments.append({call.constant(0), call.constant(layer.getSteps())});
  func::CallOp::create(builder, op.getLoc(), function, arguments);
  return success();
}

/// Begins it where the model begins, and lets rows come from outside.
void ModelEmitter::emitFedStream(StreamOp op, func::FuncOp function,
                                 ArrayRef<StringAttr> wanted) {
  auto call = [&](llvm::function_ref<Value(StepBuilder &)> row, bool isFirst) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&entry.front());
    StepBuilder b(builder, op.getLoc(), target);
    if (isFirst) {
      auto region = builder.getStringAttr(op.getState()->getRegion());
      Value base = addressesOf({region})[0];
      b.fill(b.at(base, op.getState()->getOffset()), 0,
             b.constant(op.getStateBytes()));
    }
    SmallVector<Value> arguments = addressesOf(wanted);
    arguments.push_back(row(b));
    func::CallOp::create(builder, op.getLoc(), function, arguments);
  };
  call(
      [](StepBuilder &b) {
        return LLVM::ZeroOp::create(b.builder, b.loc, b.ptr()).getRes();
      },
      /*isFirst=*/true);
  endEntry();
  beginEntry("_push_row", /*takesRow=*/true);
  call([&](StepBuilder &) { return entry.getArgument(1); }, /*isFirst=*/false);
  endEntry();
  beginEntry("_finish", /*takesRow=*/false);
}

LogicalResult ModelEmitter::emitStream(StreamOp op) {
  std::string name = (model.getName() + ".stream").str();
  if (streams > 0)
    name += "_" + std::to_string(streams);
  ++streams;
  StreamEmitter stream(builder, op, target, model.getName(), name);
  FailureOr<func::FuncOp> function = stream.emit();
  if (failed(function))
    return failure();
  if (op.getFed()) {
    emitFedStream(op, *function, stream.getRegions());
    return success();
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&entry.front());
  func::CallOp::create(builder, op.getLoc(), *function,
                       addressesOf(stream.getRegions()));
  return success();
}

void ModelEmitter::emitDriver(StreamOp op) {
  RankedTensorType type = tensorType(op.getFed());
  int64_t rowBytes = rowElements(type) * elementBytes(type);
  beginEntry("_invoke", /*takesRow=*/true);
  ValueRange arguments = entry.getArguments();
  SmallVector<Value> all(arguments);
  SmallVector<Value> others(all);
  others.erase(others.begin() + 1);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&entry.front());
  StepBuilder b(builder, op.getLoc(), target);
  auto call = [&](const Twine &suffix, ValueRange arguments) {
    func::CallOp::create(builder, op.getLoc(), (model.getName() + suffix).str(),
                         TypeRange(), arguments);
  };
  call("_begin", others);
  b.loop(b.constant(0), b.constant(rowCount(type)), 1, [&](Value row) {
    SmallVector<Value> pushed(all);
    pushed[1] = b.at(all[1], b.mul(row, rowBytes));
    call("_push_row", pushed);
  });
  call("_finish", others);
  func::ReturnOp::create(builder, op.getLoc());
}

LogicalResult ModelEmitter::run() {
  for (auto stream : model.getOps<StreamOp>()) {
    if (!stream.getFed())
      continue;
    if (fed)
      return stream.emitOpError("expected one stream that is fed rows");
    fed = stream;
  }
  if (fed && model->hasAttr(stateBytesAttrName))
    return fed.emitOpError("expected a model that keeps nothing from call to "
                           "call, to be fed by rows");
  beginEntry(fed ? "_begin" : "_invoke", /*takesRow=*/false);
  for (Operation &op : model.getOps()) {
    LogicalResult result = success();
    if (auto kernel = dyn_cast<KernelOp>(op))
      result = emitKernel(kernel);
    else if (auto stream = dyn_cast<StreamOp>(op))
      result = emitStream(stream);
    if (failed(result))
      return failure();
  }
  endEntry();
  if (fed && hasDriver)
    emitDriver(fed);
  if (model->hasAttr(stateBytesAttrName))
    emitStateReset(builder, model, target);
  model.erase();
  return success();
}

namespace {
struct EmitLayersPass
    : public thimble::impl::EmitLayersPassBase<EmitLayersPass> {
  using EmitLayersPassBase::EmitLayersPassBase;

  void runOnOperation() override {
    FailureOr<TargetInfo> target = TargetInfo::get(getOperation());
    if (failed(target))
      return signalPassFailure();
    SmallVector<func::FuncOp> models;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration() && !kernelsOf(function).empty())
        models.push_back(function);
    for (func::FuncOp model : models)
      if (failed(ModelEmitter(model, *target, rowDriver).run()))
        return signalPassFailure();
  }
};
} // namespace

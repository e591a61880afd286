//===- EmitLayers.cpp - Turns planned kernels into functions --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step from KERNEL to CODE. <model>_invoke calls one function per layer.
//
//===----------------------------------------------------------------------===//

#include "LayerEmitter.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "thimble/Codegen/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_EMITLAYERSPASS
#include "thimble/Codegen/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// The regions that `<model>_invoke` gets addresses of, in the order of the C
/// ABI: the arena, then one pointer per input and per output that is not in it.
static SmallVector<StringAttr> callerRegions(func::FuncOp model) {
  SmallVector<StringAttr> regions = {
      StringAttr::get(model.getContext(), arenaRegionName)};
  auto add = [&](PlacementAttr placement) {
    auto region = StringAttr::get(model.getContext(), placement.getRegion());
    if (!llvm::is_contained(regions, region))
      regions.push_back(region);
  };
  for (unsigned i = 0; i < model.getNumArguments(); ++i)
    add(model.getArgAttrOfType<PlacementAttr>(i, placementAttrName));
  for (Value value : model.front().getTerminator()->getOperands())
    if (auto kernel = value.getDefiningOp<KernelOp>())
      add(cast<PlacementAttr>(
          (*kernel.getPlacements())[cast<OpResult>(value).getResultNumber()]));
  return regions;
}

static LogicalResult emitModel(func::FuncOp model, const TargetInfo &target) {
  OpBuilder builder(model);
  SmallVector<StringAttr> regions = callerRegions(model);
  StepBuilder b(builder, model.getLoc(), target);
  SmallVector<Type> types(regions.size(), b.ptr());
  auto invoke = func::FuncOp::create(builder, model.getLoc(),
                                     (model.getName() + "_invoke").str(),
                                     builder.getFunctionType(types, {}));
  Block *body = invoke.addEntryBlock();
  invoke->setAttr("passthrough",
                  builder.getStrArrayAttr({"nounwind", "optsize"}));
  for (KernelOp op : model.getOps<KernelOp>()) {
    const Kernel *kernel =
        op.getKernel() ? findKernel(*op.getKernel()) : nullptr;
    if (!kernel || !op.getPlacements())
      return op.emitOpError("expected a kernel's name and placements; run "
                            "thimble-select-kernels and thimble-plan-memory "
                            "first");
    LayerEmitter layer(builder, op, *kernel, target, model.getName());
    if (layer.isElided())
      continue;
    if (failed(layer.verify()))
      return failure();
    func::FuncOp function = layer.emit();
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(body);
    StepBuilder call(builder, op.getLoc(), target);
    SmallVector<Value> arguments;
    for (StringAttr region : layer.getRegions())
      arguments.push_back(
          body->getArgument(llvm::find(regions, region) - regions.begin()));
    arguments.append({call.constant(0), call.constant(layer.getSteps())});
    func::CallOp::create(builder, op.getLoc(), function, arguments);
  }
  builder.setInsertionPointToEnd(body);
  func::ReturnOp::create(builder, model.getLoc());
  model.erase();
  return success();
}

namespace {
struct EmitLayersPass
    : public thimble::impl::EmitLayersPassBase<EmitLayersPass> {
  void runOnOperation() override {
    FailureOr<TargetInfo> target = TargetInfo::get(getOperation());
    if (failed(target))
      return signalPassFailure();
    SmallVector<func::FuncOp> models;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration() && !function.getOps<KernelOp>().empty())
        models.push_back(function);
    for (func::FuncOp model : models)
      if (failed(emitModel(model, *target)))
        return signalPassFailure();
  }
};
} // namespace

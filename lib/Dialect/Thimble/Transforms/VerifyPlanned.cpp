//===- VerifyPlanned.cpp - Checks the memory plan -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replays the layers in order and looks at what is live in each: independent
// of the planner, linear in layers times tensors live at once. Plans with
// streams are replayed byte by byte.
//
//===----------------------------------------------------------------------===//

#include "EncodedTypes.h"
#include "StableIds.h"
#include "StreamReplay.h"
#include "thimble/Dialect/Thimble/IR/KernelRows.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_VERIFYPLANNEDPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

namespace {
/// Bytes of the arena that hold a value.
struct Extent {
  Value value; ///< null for scratch
  int64_t begin, end;
};

class PlanReplay {
public:
  explicit PlanReplay(func::FuncOp model) : model(model) {}
  LogicalResult run();

private:
  LogicalResult step(KernelOp op);
  /// `extent` lies in the arena and shares no byte with what is live, unless
  /// `kernel` may overwrite that input, row by row, and is the last to read it.
  LogicalResult add(Operation *op, Extent extent, KernelOp kernel);
  bool mayOverwrite(KernelOp kernel, const Extent &result,
                    const Extent &live) const;
  void retire(KernelOp op);

  func::FuncOp model;
  int64_t arenaBytes = 0;
  SmallVector<Extent> live;
};
} // namespace

static bool isLastUse(Value value, Operation *op) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    return user == op || user->isBeforeInBlock(op);
  });
}

bool PlanReplay::mayOverwrite(KernelOp kernel, const Extent &result,
                              const Extent &other) const {
  if (!kernel || !result.value || !other.value ||
      !isLastUse(other.value, kernel))
    return false;
  std::optional<KernelRows> rows = kernelRows(kernel);
  if (!rows)
    return false;
  for (auto [index, operand] : llvm::enumerate(rows->operands))
    if (kernel.getInputs()[operand.input] == other.value)
      return mayLieOver(*rows, index, result.begin - other.begin,
                        kernel.getDescending());
  return false;
}

LogicalResult PlanReplay::add(Operation *op, Extent extent, KernelOp kernel) {
  if (extent.end > arenaBytes)
    return op->emitError("expected a placement inside the arena of ")
           << arenaBytes << " bytes, found one that ends at " << extent.end;
  for (const Extent &other : live) {
    bool overlap = extent.begin < other.end && other.begin < extent.end;
    if (overlap && !mayOverwrite(kernel, extent, other))
      return op->emitError("expected bytes of its own, found [")
             << extent.begin << ", " << extent.end << ") over [" << other.begin
             << ", " << other.end << "), which is live";
  }
  live.push_back(extent);
  return success();
}

void PlanReplay::retire(KernelOp op) {
  llvm::erase_if(live, [&](const Extent &extent) {
    return !extent.value || isLastUse(extent.value, op);
  });
}

LogicalResult PlanReplay::step(KernelOp op) {
  if (!op.getKernel() || !op.getPlacements())
    return op.emitOpError("expected a kernel and placements");
  for (auto [result, attr] :
       llvm::zip_equal(op.getResults(), *op.getPlacements())) {
    auto placement = cast<PlacementAttr>(attr);
    if (placement.getRegion() != arenaRegionName)
      continue;
    int64_t begin = placement.getOffset();
    Extent extent{result, begin, begin + tensorBytes(tensorType(result))};
    if (failed(add(op, extent, op)))
      return failure();
  }
  if (int64_t bytes = op.getScratchBytes().value_or(0)) {
    if (!op.getScratch())
      return op.emitOpError("expected a placement of its scratch");
    int64_t begin = op.getScratch()->getOffset();
    if (failed(add(op, {Value(), begin, begin + bytes}, op)))
      return failure();
  }
  retire(op);
  return success();
}

/// What the planner says for the report can be true. Plans that are written
/// down need not say it.
static LogicalResult checkFigures(func::FuncOp model, int64_t arenaBytes) {
  auto live = model->getAttrOfType<IntegerAttr>(liveBytesAttrName);
  auto bound = model->getAttrOfType<IntegerAttr>(boundBytesAttrName);
  if (live && live.getInt() > arenaBytes)
    return model.emitOpError("expected at most the ")
           << arenaBytes << " bytes of the arena as '" << liveBytesAttrName
           << "', found " << live.getInt() << "; run thimble-plan-memory again";
  if (live && bound && bound.getInt() > live.getInt())
    return model.emitOpError("expected at most the ")
           << live.getInt() << " bytes that are live as '" << boundBytesAttrName
           << "', found " << bound.getInt()
           << "; run thimble-plan-memory again";
  auto peak = model->getAttrOfType<StringAttr>(peakLayerAttrName);
  auto isPeak = [&](KernelOp op) { return op.getIdAttr() == peak; };
  if (peak && llvm::none_of(kernelsOf(model), isPeak))
    return model.emitOpError("expected the id of a layer as '")
           << peakLayerAttrName << "', found " << peak
           << "; run thimble-plan-memory again";
  return success();
}

LogicalResult PlanReplay::run() {
  auto bytes = model->getAttrOfType<IntegerAttr>(arenaBytesAttrName);
  if (!bytes)
    return model.emitOpError("expected the attribute '")
           << arenaBytesAttrName << "'; run thimble-plan-memory first";
  arenaBytes = bytes.getInt();
  if (failed(checkFigures(model, arenaBytes)))
    return failure();
  if (!model.getOps<StreamOp>().empty())
    return replayStreams(model, arenaBytes);
  for (BlockArgument argument : model.getArguments()) {
    auto placement = model.getArgAttrOfType<PlacementAttr>(
        argument.getArgNumber(), placementAttrName);
    if (!placement)
      return model.emitOpError("expected a placement of argument ")
             << argument.getArgNumber();
    if (placement.getRegion() != arenaRegionName)
      continue;
    int64_t begin = placement.getOffset();
    Extent extent{argument, begin, begin + tensorBytes(tensorType(argument))};
    if (failed(add(model, extent, KernelOp())))
      return failure();
  }
  // An input that nothing reads may be overwritten at once.
  llvm::erase_if(live,
                 [](const Extent &extent) { return extent.value.use_empty(); });
  for (KernelOp op : model.getOps<KernelOp>())
    if (failed(step(op)))
      return failure();
  return success();
}

/// Every delay has bytes of its own in the state, and nothing else has any.
static LogicalResult verifyState(func::FuncOp model) {
  auto bytes = model->getAttrOfType<IntegerAttr>(stateBytesAttrName);
  SmallVector<std::pair<int64_t, int64_t>> taken;
  for (KernelOp op : kernelsOf(model)) {
    DelayOp delay = op.getDelay();
    if (bool(delay) != op.getState().has_value())
      return op.emitOpError("expected a placement of its state if it delays "
                            "rows, and only then");
    if (!delay)
      continue;
    int64_t begin = op.getState()->getOffset();
    int64_t end = begin + delay.getStateBytes();
    if (op.getState()->getRegion() != stateRegionName || !bytes ||
        end > bytes.getInt())
      return op.emitOpError("expected a state inside of the region '")
             << stateRegionName << "', found " << *op.getState();
    for (auto [first, last] : taken)
      if (begin < last && first < end)
        return op.emitOpError("expected a state of its own, found [")
               << begin << ", " << end << ") over [" << first << ", " << last
               << ")";
    taken.push_back({begin, end});
  }
  return success();
}

namespace {
struct VerifyPlannedPass
    : public thimble::impl::VerifyPlannedPassBase<VerifyPlannedPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isDeclaration())
        continue;
      if (failed(verifyStableIds(function)) ||
          failed(verifyEncodedTypes(function)) ||
          failed(verifyState(function)) || failed(PlanReplay(function).run()))
        return signalPassFailure();
    }
  }
};
} // namespace

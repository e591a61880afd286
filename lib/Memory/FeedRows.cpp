//===- FeedRows.cpp - Delivers rows of a resident input one by one --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The caller sees the same functions whether the plan streams its input or not.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Memory/Passes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FEEDROWSPASS
#include "thimble/Memory/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static bool isFed(func::FuncOp model) {
  return llvm::any_of(model.getOps<StreamOp>(), [](StreamOp stream) {
    return stream.getFed() != Value();
  });
}

/// The position is live all the time.
static void addToFigures(func::FuncOp model, int64_t stateBytes) {
  Builder b(model.getContext());
  for (StringRef name : {liveBytesAttrName, boundBytesAttrName})
    if (auto bytes = model->getAttrOfType<IntegerAttr>(name))
      model->setAttr(name, b.getI64IntegerAttr(bytes.getInt() + stateBytes));
}

static LogicalResult feed(func::FuncOp model) {
  if (model.getNumArguments() == 0)
    return model.emitOpError("expected an input whose rows can be delivered");
  auto bytes = model->getAttrOfType<IntegerAttr>(arenaBytesAttrName);
  auto alignment = model->getAttrOfType<IntegerAttr>(arenaAlignmentAttrName);
  if (!bytes || !alignment)
    return model.emitOpError("expected the attribute '")
           << arenaBytesAttrName << "'; run thimble-plan-memory first";
  Value input = model.getArgument(0);
  OpBuilder b = OpBuilder::atBlockBegin(&model.front());
  std::vector<RowEvent> rows(rowCount(tensorType(input)),
                             {RowEvent::fedInput, RowEvent::Kind::Step});
  auto stream = StreamOp::create(b, model.getLoc(), TypeRange(), input,
                                 RowOrder::fold(rows).str(), PlacementAttr());
  b.createBlock(&stream.getBody());
  YieldOp::create(b, model.getLoc(), ValueRange());
  int64_t state = llvm::alignTo(bytes.getInt(), 4);
  stream.setStateAttr(
      PlacementAttr::get(model.getContext(), arenaRegionName, state));
  addToFigures(model, stream.getStateBytes());
  int64_t end =
      llvm::alignTo(state + stream.getStateBytes(), alignment.getInt());
  model->setAttr(arenaBytesAttrName, b.getI64IntegerAttr(end));
  return success();
}

namespace {
struct FeedRowsPass : public thimble::impl::FeedRowsPassBase<FeedRowsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration() && !kernelsOf(function).empty() &&
          !isFed(function) && failed(feed(function)))
        return signalPassFailure();
  }
};
} // namespace

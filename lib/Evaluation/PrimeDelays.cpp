//===- PrimeDelays.cpp - What delays hold before the first call -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// While nothing changes, all rows of a delay are the newest one: in a copy of
// the function it is repeated, and what comes of it is read off.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/Evaluator.h"
#include "thimble/Evaluation/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_PRIMEDELAYSPASS
#include "thimble/Evaluation/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// Replaces a delay by its operand's rows, repeated; the op of its result has
/// its id.
static void repeatRows(DelayOp delay) {
  OpBuilder b(delay);
  Location location = delay.getLoc();
  Attribute id = delay->getAttr(idAttrName);
  RankedTensorType type = tensorType(delay.getOutput());
  int64_t axis = *rowDimension(type), wanted = rowCount(type);
  Value rows = delay.getInput();
  unsigned joins = 0;
  for (int64_t count = rowCount(tensorType(rows)); count < wanted; count *= 2) {
    auto join = ConcatenationOp::create(b, location, withRows(type, 2 * count),
                                        ValueRange{rows, rows}, axis);
    join->setAttr(idAttrName, b.getStringAttr(cast<StringAttr>(id).getValue() +
                                              ".join" + Twine(joins++)));
    rows = join;
  }
  SmallVector<int64_t> zeros(type.getRank(), 0), ones(type.getRank(), 1);
  auto slice = StridedSliceOp::create(b, location, type, rows, zeros,
                                      type.getShape(), ones);
  slice->setAttr(idAttrName, id);
  delay->replaceAllUsesWith(slice);
  delay->erase();
}

/// A row as it is stored.
static DenseElementsAttr storedRow(DelayOp delay, StringRef bytes) {
  RankedTensorType type = tensorType(delay.getInput());
  int64_t count = rowElements(type);
  return DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get({count}, storageType(type.getElementType())),
      ArrayRef<char>(bytes.data(), count * elementBytes(type)));
}

/// Evaluates `model` without its delays and sets those of `delays`.
static LogicalResult prime(func::FuncOp model, ArrayRef<DelayOp> delays) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(model.getLoc());
  OpBuilder b = OpBuilder::atBlockEnd(module->getBody());
  auto copy = cast<func::FuncOp>(b.clone(*model));
  for (DelayOp delay : llvm::to_vector(copy.getOps<DelayOp>()))
    repeatRows(delay);
  std::vector<std::string> taps;
  for (DelayOp delay : delays)
    taps.push_back(delay->getAttrOfType<StringAttr>(idAttrName).str());
  FailureOr<std::unique_ptr<Evaluator>> evaluator =
      Evaluator::compile(copy, taps);
  if (failed(evaluator))
    return failure();
  Evaluator::Frame frame(**evaluator);
  for (auto [index, input] : llvm::enumerate((*evaluator)->getInputs()))
    frame.setInput(index, std::vector<float>(input.elements, 0.0f));
  frame.run();
  unsigned output = (*evaluator)->getResultCount();
  for (DelayOp delay : delays)
    delay.setInitialAttr(storedRow(delay, frame.getOutputBytes(output++)));
  return success();
}

namespace {
struct PrimeDelaysPass
    : public thimble::impl::PrimeDelaysPassBase<PrimeDelaysPass> {
  void runOnOperation() override {
    for (auto model : getOperation().getOps<func::FuncOp>()) {
      SmallVector<DelayOp> delays =
          llvm::filter_to_vector(model.getOps<DelayOp>(), [](DelayOp delay) {
            return !delay.getInitial();
          });
      for (DelayOp delay : model.getOps<DelayOp>())
        if (!delay->getAttrOfType<StringAttr>(idAttrName)) {
          delay.emitError("expected the attribute '") << idAttrName << "'";
          return signalPassFailure();
        }
      if (!delays.empty() && failed(prime(model, delays)))
        return signalPassFailure();
    }
  }
};
} // namespace

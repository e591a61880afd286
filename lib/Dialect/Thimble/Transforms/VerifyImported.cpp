//===- VerifyImported.cpp - Checks the contract of the GRAPH stage --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the passes on the graph may rely on.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_VERIFYIMPORTEDPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// The id of a graph op is there and was not used before.
static LogicalResult verifyId(Operation &op,
                              llvm::StringMap<Operation *> &seen) {
  auto id = op.getAttrOfType<StringAttr>(idAttrName);
  if (!id || id.getValue().empty())
    return op.emitOpError("expected the attribute '") << idAttrName << "'";
  auto [entry, inserted] = seen.try_emplace(id.getValue(), &op);
  if (inserted)
    return success();
  InFlightDiagnostic diagnostic =
      op.emitOpError("expected an id of its own, found ") << id;
  diagnostic.attachNote(entry->second->getLoc()) << "also used here";
  return diagnostic;
}

static LogicalResult verifyModel(func::FuncOp model) {
  if (!model.getBody().hasOneBlock())
    return model.emitOpError("expected a body of one block");
  llvm::StringMap<Operation *> seen;
  for (Operation &op : model.front().without_terminator()) {
    if (isa<ConstantOp>(op))
      continue;
    if (!isa<ReferenceSemantics>(op))
      return op.emitOpError(
          "expected a graph op or thimble.constant in a model");
    if (failed(verifyId(op, seen)))
      return failure();
  }
  for (Type type : model.getArgumentTypes())
    if (!isGraphTensorType(type))
      return model.emitOpError("expected static tensors as arguments, found ")
             << type;
  Operation *end = model.front().getTerminator();
  for (Value value : end->getOperands())
    if (!value.getDefiningOp<ReferenceSemantics>())
      return end->emitOpError("expected results that ops compute");
  return success();
}

namespace {
struct VerifyImportedPass
    : public thimble::impl::VerifyImportedPassBase<VerifyImportedPass> {
  void runOnOperation() override {
    func::FuncOp model;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isPrivate())
        continue;
      if (model) {
        function.emitOpError("expected one public function in a model")
                .attachNote(model.getLoc())
            << "another is here";
        return signalPassFailure();
      }
      model = function;
    }
    if (!model) {
      getOperation().emitError("expected a public function, the model");
      return signalPassFailure();
    }
    if (failed(verifyModel(model)))
      signalPassFailure();
  }
};
} // namespace

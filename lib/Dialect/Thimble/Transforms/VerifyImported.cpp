//===- VerifyImported.cpp - Checks the contract of the GRAPH stage --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the passes on the graph may rely on.
//
//===----------------------------------------------------------------------===//

#include "StableIds.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_VERIFYIMPORTEDPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static LogicalResult verifyModel(func::FuncOp model) {
  if (!model.getBody().hasOneBlock())
    return model.emitOpError("expected a body of one block");
  for (Operation &op : model.front().without_terminator()) {
    if (isa<ConstantOp>(op))
      continue;
    if (!isa<ReferenceSemantics>(op))
      return op.emitOpError(
          "expected a graph op or thimble.constant in a model");
  }
  if (failed(verifyStableIds(model)))
    return failure();
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

//===- VerifyCompressed.cpp - Checks that the numbers are final -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernel selection may rely on.
//
//===----------------------------------------------------------------------===//

#include "EncodedTypes.h"
#include "StableIds.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_VERIFYCOMPRESSEDPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static LogicalResult verifyKind(Operation *op) {
  if (isa<QuantizeOp, DequantizeOp>(op))
    return success();
  bool floating = isFloat(op->getResult(0));
  for (Value operand : op->getOperands())
    if (isFloat(operand) != floating)
      return op->emitOpError(
                 "expected all tensors integer or all float, found ")
             << operand.getType() << " and " << op->getResult(0).getType();
  return success();
}

namespace {
struct VerifyCompressedPass
    : public thimble::impl::VerifyCompressedPassBase<VerifyCompressedPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPrivate() && !function.isDeclaration()) {
        function.emitOpError("expected no private function at this stage");
        return signalPassFailure();
      }
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(verifyStableIds(function)) ||
          failed(verifyEncodedTypes(function)))
        return signalPassFailure();
    WalkResult result = getOperation().walk([](ReferenceSemantics op) {
      return failed(verifyKind(op)) ? WalkResult::interrupt()
                                    : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace

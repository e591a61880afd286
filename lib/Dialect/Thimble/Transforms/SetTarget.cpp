//===- SetTarget.cpp - Records the core that is compiled for --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The target is an attribute of the module, so that textual IR carries it.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "thimble/TargetInfo/TargetInfo.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_SETTARGETPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

namespace {
struct SetTargetPass : public thimble::impl::SetTargetPassBase<SetTargetPass> {
  using SetTargetPassBase::SetTargetPassBase;

  void runOnOperation() override {
    std::string error;
    if (failed(TargetInfo::lookup(cpu, error))) {
      emitError(UnknownLoc::get(&getContext()), error);
      return signalPassFailure();
    }
    getOperation()->setAttr(TargetInfo::cpuAttrName,
                            StringAttr::get(&getContext(), cpu.getValue()));
  }
};
} // namespace

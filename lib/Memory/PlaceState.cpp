//===- PlaceState.cpp - Places what is kept from call to call -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All of it is live at all times: one behind the other is the best there is.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Memory/Passes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_PLACESTATEPASS
#include "thimble/Memory/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// Rows of floats, and copies of rows by words.
static constexpr int64_t stateAlignment = 4;

namespace {
struct PlaceStatePass
    : public thimble::impl::PlaceStatePassBase<PlaceStatePass> {
  void runOnOperation() override {
    Builder b(&getContext());
    for (auto model : getOperation().getOps<func::FuncOp>()) {
      int64_t bytes = 0;
      for (KernelOp op : kernelsOf(model))
        if (DelayOp delay = op.getDelay()) {
          op.setStateAttr(
              PlacementAttr::get(&getContext(), stateRegionName, bytes));
          bytes += llvm::alignTo(delay.getStateBytes(), stateAlignment);
        }
      if (bytes > 0)
        model->setAttr(stateBytesAttrName, b.getI64IntegerAttr(bytes));
    }
  }
};
} // namespace

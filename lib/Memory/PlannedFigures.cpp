//===- PlannedFigures.cpp - What the report says about a plan -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bound of rows is worked out for plans without streams too: it tells how
// much --max-ram could save. It takes milliseconds, less than the plan.
//
//===----------------------------------------------------------------------===//

#include "PlannedFigures.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::detail;

void thimble::detail::recordFigures(func::FuncOp model,
                                    const PlanFigures &figures) {
  Builder b(model.getContext());
  model->setAttr(liveBytesAttrName, b.getI64IntegerAttr(figures.liveBytes));
  model->setAttr(boundBytesAttrName, b.getI64IntegerAttr(figures.boundBytes));
  if (KernelOp peak = figures.peak)
    model->setAttr(peakLayerAttrName, peak.getIdAttr());
}

static bool decodesWeights(KernelOp op) {
  return !op.getBody().front().getOps<DecodeOp>().empty();
}

void thimble::detail::recordLeastBudget(func::FuncOp model,
                                        const StreamModel &streams,
                                        int64_t needed) {
  if (!streams.isSupported() ||
      llvm::any_of(model.getOps<KernelOp>(), decodesWeights))
    return;
  int64_t least =
      findStreamBound(streams.getProblem()).bytes + streams.getMostStateBytes();
  least = std::min<int64_t>(llvm::alignTo(least, 8), needed);
  model->setAttr(rowBoundBytesAttrName,
                 Builder(model.getContext()).getI64IntegerAttr(least));
}

//===- DropTeacher.cpp - Removes what only compression needed -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stages behind compression compile numbers and ask no questions.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Evaluation/ModelSamples.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_DROPTEACHERPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

namespace {
struct DropTeacherPass
    : public thimble::impl::DropTeacherPassBase<DropTeacherPass> {
  void runOnOperation() override {
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model))
      return signalPassFailure();
    if (func::FuncOp teacher = getTeacher(*model))
      teacher.erase();
    dropStatistics(getOperation());
    model->walk([](Operation *op) { op->removeAttr(recipeAttrName); });
  }
};
} // namespace

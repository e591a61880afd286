//===- HostLowering.cpp - How evaluated functions are lowered -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stages of a model without optimization, for the host: one kernel an op as
// written, everything in the arena.
//
//===----------------------------------------------------------------------===//

#include "HostLowering.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Evaluation/EvaluationLowering.h"
#include "thimble/Pipeline/Pipelines.h"

using namespace mlir;
using namespace thimble;

namespace {
struct HostLowering : public EvaluationLowering {
  using EvaluationLowering::EvaluationLowering;

  LogicalResult plan(ModuleOp module) const override {
    PipelineOptions options;
    options.level = "0";
    PassManager pm(module.getContext());
    buildGraphPipeline(pm, options);
    buildKernelPipeline(pm, options);
    buildPlanPipeline(pm, options);
    return pm.run(module);
  }

  LogicalResult lower(ModuleOp module) const override {
    PipelineOptions options;
    options.level = "0";
    PassManager pm(module.getContext());
    buildCodePipeline(pm, options);
    return pm.run(module);
  }
};
} // namespace

void thimble::registerHostLowering(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *, ThimbleDialect *dialect) {
    dialect->addInterfaces<HostLowering>();
  });
}

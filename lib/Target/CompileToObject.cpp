//===- CompileToObject.cpp - From lowered module to object ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Emits, inspects, bounds the stack, estimates the time, checks the budgets,
// strips.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/CompileToObject.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "thimble/Target/BudgetCheck.h"
#include "thimble/Target/CostEstimate.h"
#include "thimble/Target/HeaderEmitter.h"
#include "thimble/Target/ObjectEmitter.h"
#include "thimble/TargetInfo/TargetInfo.h"

using namespace mlir;
using namespace thimble;

/// Reports the budgets that the model exceeds, each at the layer to blame.
static LogicalResult checkBudgets(ModuleOp module, const Report &report,
                                  const Budgets &budgets) {
  SmallVector<BudgetExcess> excesses = findExcesses(report, budgets);
  for (const BudgetExcess &excess : excesses) {
    Operation *layer =
        module.lookupSymbol(report.model.name + "." + excess.layer);
    emitError(layer ? layer->getLoc() : module.getLoc()) << excess.message;
  }
  return success(excesses.empty());
}

FailureOr<CompiledModel>
thimble::compileToObject(ModuleOp module, const ModelInfo &model,
                         const TargetOptions &options) {
  FailureOr<TargetInfo> target = TargetInfo::get(module);
  if (failed(target))
    return failure();
  FailureOr<EmittedCode> code =
      emitCode(module, model.name, CodeForm::object, options);
  if (failed(code))
    return failure();
  FailureOr<ObjectContents> contents = inspectObject(module, code->bytes);
  if (failed(contents))
    return failure();
  FailureOr<StackBounds> stack =
      computeStackBounds(module, *target, *contents, code->realignmentBytes);
  if (failed(stack))
    return failure();

  CompiledModel compiled;
  compiled.report = makeReport(model, target->cpu, *contents, *stack);
  if (failed(estimateLayers(module, code->bytes, code->profile, *target,
                            compiled.report.model)))
    return failure();
  if (failed(checkBudgets(module, compiled.report, options.budgets)))
    return failure();
  FailureOr<llvm::SmallString<0>> object = stripObject(module, code->bytes);
  if (failed(object))
    return failure();
  compiled.object = std::move(*object);
  llvm::raw_string_ostream header(compiled.header);
  emitHeader(model, compiled.report.stackBytes, header);
  return compiled;
}

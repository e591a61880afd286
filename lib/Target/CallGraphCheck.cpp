//===- CallGraphCheck.cpp - Calls that have a stack bound -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks the optimized LLVM IR for calls without a bound on the stack.
//
//===----------------------------------------------------------------------===//

#include "CallGraphCheck.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace thimble;

Location thimble::getFunctionLocation(ModuleOp module, StringRef name) {
  if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function.getLoc();
  return module.getLoc();
}

LogicalResult thimble::checkCallGraph(const llvm::Module &translated,
                                      ModuleOp module) {
  LogicalResult result = success();
  auto report = [&](const llvm::Function &function, StringRef what) {
    emitError(getFunctionLocation(module, function.getName()))
        << "expected calls with a bounded stack, but '" << function.getName()
        << "' calls " << what << "; this is an error of the lowering";
    result = failure();
  };
  for (const llvm::Function &function : translated)
    for (const llvm::BasicBlock &block : function)
      for (const llvm::Instruction &instruction : block) {
        auto *call = dyn_cast<llvm::CallBase>(&instruction);
        if (!call || call->isInlineAsm())
          continue;
        if (!call->getCalledFunction())
          report(function, "through a pointer");
        else if (call->getCalledFunction() == &function)
          report(function, "itself");
      }
  return result;
}

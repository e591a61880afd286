//===- CallGraphCheck.h - Calls that have a stack bound ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What relocations of an object cannot show: calls through pointers, and of a
// function to itself. Used inside this library only.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_TARGET_CALLGRAPHCHECK_H
#define THIMBLE_LIB_TARGET_CALLGRAPHCHECK_H

#include "mlir/IR/BuiltinOps.h"

namespace llvm {
class Module;
} // namespace llvm

namespace thimble {

/// Where the function `name` of the object came from; the module's location if
/// LLVM made it.
mlir::Location getFunctionLocation(mlir::ModuleOp module, llvm::StringRef name);

/// Emits an error for every call of `translated` through a pointer and for
/// every function that calls itself.
mlir::LogicalResult checkCallGraph(const llvm::Module &translated,
                                   mlir::ModuleOp module);

} // namespace thimble

#endif // THIMBLE_LIB_TARGET_CALLGRAPHCHECK_H

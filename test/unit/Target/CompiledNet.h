//===- CompiledNet.h - A lowered model for the tests of lib/Target -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads test/Target/two_layers.mlir, describes it as the planner would, and
// compiles it or a module that a test writes down.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_TARGET_COMPILEDNET_H
#define THIMBLE_TEST_UNIT_TARGET_COMPILEDNET_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "thimble/Target/CompileToObject.h"

namespace thimble::test {

/// A context with the LLVM dialect.
class LoweredContext {
public:
  LoweredContext();

  /// Parses `source` and sets the core.
  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef source,
                                          llvm::StringRef cpu);
  /// The module of two_layers.mlir.
  mlir::OwningOpRef<mlir::ModuleOp> parseNet(llvm::StringRef cpu);

  mlir::MLIRContext context;
};

/// What the planner would say about two_layers.mlir.
ModelInfo describeNet();

/// Every kind of core that the objects are made for.
extern const llvm::ArrayRef<const char *> cores;

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_TARGET_COMPILEDNET_H

//===- thimblec.cpp - Compiles a model to an object -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The firmware engineer's tool: model in, object, header and report out.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/MLIRContext.h"
#include "thimble/Driver/Compilation.h"
#include "thimble/Driver/EmitStage.h"
#include "thimble/Driver/Options.h"
#include "thimble/InitAll.h"

int main(int argc, char **argv) {
  thimble::registerCompilationOptions();
  thimble::registerOutputOptions();
  thimble::registerCompressionOptions();
  thimble::registerEvaluationOptions();
  thimble::parseOptions(argc, argv,
                        "Thimble: a neural network to a Cortex-M object\n");
  mlir::DialectRegistry registry;
  thimble::registerDialects(registry);
  mlir::MLIRContext context(registry);
  thimble::DiagnosticPrinter diagnostics(context);
  thimble::Compilation compilation(context, thimble::getCompilationOptions());
  return mlir::succeeded(
             thimble::emitStage(compilation, thimble::getOutputOptions()))
             ? 0
             : 1;
}

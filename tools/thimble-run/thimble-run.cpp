//===- thimble-run.cpp - Runs a model on the host or an emulated core -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool that says whether a model computes what it should, and what it
// costs.
//
//===----------------------------------------------------------------------===//

#include "RunModel.h"
#include "mlir/IR/MLIRContext.h"
#include "thimble/Driver/Options.h"
#include "thimble/InitAll.h"

int main(int argc, char **argv) {
  thimble::registerCompilationOptions();
  thimble::registerRunOptions();
  thimble::parseOptions(
      argc, argv, "Thimble: runs a model on this host or an emulated core\n");
  mlir::DialectRegistry registry;
  thimble::registerDialects(registry);
  mlir::MLIRContext context(registry);
  thimble::DiagnosticPrinter diagnostics(context);
  mlir::FailureOr<thimble::RunOptions> options =
      thimble::getRunOptions(context, argv[0]);
  bool isFine = mlir::succeeded(options) &&
                mlir::succeeded(thimble::runModel(context, *options));
  return isFine ? 0 : 1;
}

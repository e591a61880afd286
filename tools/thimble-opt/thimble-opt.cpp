//===- thimble-opt.cpp - Runs passes on textual IR ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler engineer's tool: every pass and pipeline, Thimble's and
// upstream's, by name.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "thimble/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  thimble::registerAllDialects(registry);
  thimble::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Thimble modular optimizer\n", registry));
}

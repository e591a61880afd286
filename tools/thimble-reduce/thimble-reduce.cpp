//===- thimble-reduce.cpp - Smaller modules with the same bug -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MLIR's test case reducer with Thimble's dialects and passes: drops ops as
// long as a script finds the rest interesting.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "thimble/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  thimble::registerAllDialects(registry);
  thimble::registerAllPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}

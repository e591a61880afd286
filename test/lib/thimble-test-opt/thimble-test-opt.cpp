//===- thimble-test-opt.cpp - thimble-opt with test-only dialects ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compiler's tools must not know.
//
//===----------------------------------------------------------------------===//

#include "TestEncodings.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "thimble/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  thimble::registerAllDialects(registry);
  registry.insert<thimble::test::ThimbleTestDialect>();
  thimble::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "Thimble modular optimizer, for tests\n", registry));
}

//===- thimble-lsp-server.cpp - Textual IR in editors ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MLIR's language server with Thimble's dialects: diagnostics, hovers and
// definitions in .mlir files. An editor starts it and speaks LSP to it.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "thimble/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  thimble::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}

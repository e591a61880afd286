//===- thimble-translate.cpp - Model files to MLIR ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translates between other formats and the thimble dialect.
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "thimble/Import/TFLite.h"

int main(int argc, char **argv) {
  thimble::registerFromTFLite();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Thimble translation tool"));
}

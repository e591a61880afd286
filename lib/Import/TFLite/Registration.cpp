//===- Registration.cpp - thimble-translate --import-tflite ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes the importer a translation.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Import/TFLite.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

void thimble::registerFromTFLite() {
  static TranslateToMLIRRegistration registration(
      "import-tflite", "import a TensorFlow Lite model",
      [](llvm::SourceMgr &sources, MLIRContext *context) {
        const llvm::MemoryBuffer *buffer =
            sources.getMemoryBuffer(sources.getMainFileID());
        return OwningOpRef<Operation *>(
            importTFLite(*buffer, ImportOptions(), context).release());
      },
      [](DialectRegistry &registry) {
        registry.insert<ThimbleDialect, func::FuncDialect>();
      });
}

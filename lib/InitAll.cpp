//===- InitAll.cpp - The one registration point ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only file that includes upstream's InitAll headers (it takes long to
// compile), linked by tools on textual IR.
//
//===----------------------------------------------------------------------===//

#include "thimble/InitAll.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "thimble/Codegen/Passes.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "thimble/Evaluation/Passes.h"
#include "thimble/Memory/Passes.h"
#include "thimble/Pipeline/Pipelines.h"

using namespace mlir;

void thimble::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  thimble::registerDialects(registry);
}

void thimble::registerAllPasses() {
  mlir::registerAllPasses();
  registerThimbleTransformsPasses();
  registerThimbleCodegenPasses();
  registerThimbleCompressionPasses();
  registerThimbleEvaluationPasses();
  registerThimbleMemoryPasses();
  registerPipelines();
}

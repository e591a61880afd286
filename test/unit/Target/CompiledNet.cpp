//===- CompiledNet.cpp - A lowered model for the tests of lib/Target -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The build defines THIMBLE_TEST_NET, the path of two_layers.mlir.
//
//===----------------------------------------------------------------------===//

#include "CompiledNet.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Parser/Parser.h"
#include "thimble/TargetInfo/TargetInfo.h"

using namespace mlir;
using namespace thimble;

static const char *const allCores[] = {
    "cortex-m0",  "cortex-m0plus", "cortex-m1",  "cortex-m3",   "cortex-m4",
    "cortex-m7",  "cortex-m23",    "cortex-m33", "cortex-m35p", "cortex-m52",
    "cortex-m55", "cortex-m85",    "sc000",      "sc300",       "star-mc1"};
const ArrayRef<const char *> thimble::test::cores = allCores;

test::LoweredContext::LoweredContext() {
  context.loadDialect<LLVM::LLVMDialect>();
  context.allowUnregisteredDialects(); // for the attribute thimble.cpu
}

static void setCore(ModuleOp module, StringRef cpu) {
  module->setAttr(TargetInfo::cpuAttrName,
                  StringAttr::get(module.getContext(), cpu));
}

OwningOpRef<ModuleOp> test::LoweredContext::parse(StringRef source,
                                                  StringRef cpu) {
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(source, &context, "source");
  if (module)
    setCore(*module, cpu);
  return module;
}

OwningOpRef<ModuleOp> test::LoweredContext::parseNet(StringRef cpu) {
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(THIMBLE_TEST_NET, &context);
  if (module)
    setCore(*module, cpu);
  return module;
}

ModelInfo test::describeNet() {
  ModelInfo model;
  model.name = "net";
  model.arenaBytes = 40;
  TensorInfo input;
  input.name = "serving_default_input:0";
  input.shape = {1, 4, 4};
  input.scale = 0.25f;
  input.zeroPoint = -128;
  input.bytes = 16;
  model.inputs.push_back(input);
  TensorInfo output;
  // A trigraph, an escape and bytes beyond ASCII before a digit.
  output.name = "dense/\"Relu\"?\?/\\\n\xC3\xA9"
                "0";
  output.shape = {1, 4};
  output.scale = 1.0f / 3;
  output.zeroPoint = 5;
  output.bytes = 4;
  output.arenaOffset = 32;
  model.outputs.push_back(output);
  LayerInfo sum;
  sum.id = "sum";
  sum.opNames = {"fully_connected"};
  sum.source = "model/dense/MatMul";
  sum.macs = 64;
  sum.liveBytes = 32;
  sum.placements = {{input.name, 0, 16, false}, {"sums", 16, 16, true}};
  LayerInfo scale;
  scale.id = "scale";
  scale.opNames = {"mul", "relu"};
  scale.source = "model/dense/Relu";
  scale.macs = 4;
  scale.liveBytes = 20;
  scale.placements = {{"sums", 16, 16, false}, {output.name, 32, 4, true}};
  model.layers = {sum, scale};
  return model;
}

//===- Compilation.cpp - One model from file to object --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages run one by one, so that a tool can stop and print after each.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/Compilation.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Driver/CompressionSearch.h"
#include "thimble/Import/TFLite.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace thimble;

/// Letters, digits and underscores, not first a digit.
static bool isCIdentifier(StringRef name) {
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name, isWord);
}

LogicalResult Compilation::checkOptions(Location location) {
  auto isOneOf = [&](StringRef option, StringRef value,
                     ArrayRef<StringRef> expected) -> LogicalResult {
    if (llvm::is_contained(expected, value))
      return success();
    return emitError(location)
           << "expected " << option << " to be one of "
           << llvm::join(expected, ", ") << ", found '" << value << "'";
  };
  if (failed(isOneOf("-O", options.level, {"0", "s", "2", "3"})) ||
      failed(isOneOf("--io", options.io, {"arena", "pointers", "rows"})))
    return failure();
  if (options.streamingRows && options.io == "rows")
    return emitError(location)
           << "expected --io=arena or --io=pointers with --streaming, whose "
              "calls take no more than their new rows, found --io=rows";
  if (!options.name.empty() && !isCIdentifier(options.name))
    return emitError(location) << "expected a C identifier as --name, found '"
                               << options.name << "'";
  const CompressionOptions &compression = options.compression;
  if (compression.calibrate.empty())
    for (auto [option, isGiven] :
         {std::pair("--max-drop", compression.maxDrop.has_value()),
          std::pair("--activation-bits", compression.activationBits != 8),
          std::pair("--max-weights", compression.maxWeights.has_value()),
          std::pair("--max-cycles", compression.maxCycles.has_value()),
          std::pair("--pareto", !compression.pareto.empty())})
      if (isGiven)
        return emitError(location) << "expected --calibrate with " << option
                                   << ": samples to compress the model with";
  std::string error;
  if (options.cpu.empty())
    return emitError(location) << "expected --mcpu, the core to compile for";
  if (failed(TargetInfo::lookup(options.cpu, error)))
    return emitError(location) << error;
  return success();
}

LogicalResult Compilation::load() {
  Location location = FileLineColLoc::get(&context, options.input, 0, 0);
  if (failed(checkOptions(location)))
    return failure();
  auto buffer = llvm::MemoryBuffer::getFile(options.input, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/true);
  if (!buffer)
    return emitError(location)
           << "cannot read the model: " << buffer.getError().message();
  if (StringRef(options.input).ends_with(".mlir")) {
    llvm::SourceMgr sources;
    sources.AddNewSourceBuffer(std::move(*buffer), SMLoc());
    module = parseSourceFile<ModuleOp>(sources, &context);
  } else {
    ImportOptions import;
    import.name = options.name;
    module = importTFLite((*buffer)->getMemBufferRef(), import, &context);
  }
  if (module && !options.evaluation.samples.empty())
    imported = cast<ModuleOp>((*module)->clone());
  return success(static_cast<bool>(module));
}

static void build(OpPassManager &pm, Stage stage,
                  const PipelineOptions &options) {
  switch (stage) {
  case Stage::Graph:
    return buildGraphPipeline(pm, options);
  case Stage::Compressed:
    return buildCompressPipeline(pm, options);
  case Stage::Kernel:
    return buildKernelPipeline(pm, options);
  case Stage::Planned:
    return buildPlanPipeline(pm, options);
  case Stage::LLVM:
    return buildCodePipeline(pm, options);
  }
  llvm_unreachable("covered switch");
}

LogicalResult Compilation::compress() {
  FailureOr<OwningOpRef<ModuleOp>> compressed =
      searchCompression(*module, options, options.log);
  if (failed(compressed))
    return failure();
  module = std::move(*compressed);
  return success();
}

LogicalResult Compilation::run(Stage stage) {
  if (stage == Stage::Compressed && !options.compression.calibrate.empty() &&
      failed(compress()))
    return failure();
  PipelineOptions pipeline;
  pipeline.cpu = options.cpu;
  pipeline.level = options.level;
  pipeline.preserveTensors = options.preserveTensors;
  pipeline.pointerIO = options.io == "pointers";
  pipeline.rowIO = options.io == "rows";
  pipeline.rowDriver = options.rowDriver;
  if (options.streamingRows)
    pipeline.streamingRows = *options.streamingRows;
  if (options.budgets.maxRam)
    pipeline.maxRam = static_cast<int64_t>(*options.budgets.maxRam);
  pipeline.encoding = options.encoding;
  pipeline.maxDecodeOverhead = options.maxDecodeOverhead;
  pipeline.entropyCoding = options.entropyCoding;
  PassManager pm(&context);
  pm.enableVerifier(options.verifyEach);
  if (failed(applyPassManagerCLOptions(pm)))
    return failure();
  applyDefaultTimingPassManagerCLOptions(pm);
  build(pm, stage, pipeline);
  if (failed(pm.run(*module)))
    return failure();
  if (stage == Stage::Compressed && imported)
    compressed = cast<ModuleOp>((*module)->clone());
  if (stage == Stage::Planned) {
    info = collectModelInfo(*module, options.preserveTensors);
    for (IOMode mode : {IOMode::arena, IOMode::pointers, IOMode::rows})
      if (getIOModeName(mode) == options.io)
        info.ioMode = mode;
    if (!options.preserveTensors)
      info.preserved.clear();
  }
  return success();
}

LogicalResult Compilation::runTo(Stage stage) {
  for (Stage next : {Stage::Graph, Stage::Compressed, Stage::Kernel,
                     Stage::Planned, Stage::LLVM}) {
    if (next > stage)
      break;
    if (reached && next <= *reached)
      continue;
    if (failed(run(next)))
      return failure();
    reached = next;
  }
  return success();
}

TargetOptions Compilation::getTargetOptions() const {
  TargetOptions target;
  target.budgets = options.budgets;
  target.optLevel = llvm::StringSwitch<OptLevel>(options.level)
                        .Case("0", OptLevel::O0)
                        .Case("s", OptLevel::Os)
                        .Case("3", OptLevel::O3)
                        .Default(OptLevel::O2);
  return target;
}

FailureOr<CompiledModel> Compilation::compile() {
  if (failed(runTo(Stage::LLVM)))
    return failure();
  return compileToObject(*module, info, getTargetOptions());
}

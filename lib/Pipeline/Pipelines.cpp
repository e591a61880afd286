//===- Pipelines.cpp - The stages of the compiler -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only place where passes are put in order.
//
//===----------------------------------------------------------------------===//

#include "thimble/Pipeline/Pipelines.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "thimble/Codegen/Passes.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "thimble/Evaluation/Passes.h"
#include "thimble/Memory/Passes.h"

using namespace mlir;
using namespace thimble;

void thimble::buildGraphPipeline(OpPassManager &pm,
                                 const PipelineOptions &options) {
  SetTargetPassOptions target;
  target.cpu = options.cpu;
  pm.addPass(createSetTargetPass(target));
  if (options.optimizes()) {
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createFoldPadPass());
    pm.addPass(createFuseActivationPass());
    pm.addPass(createDropDeadChannelsPass());
    pm.addPass(createCSEPass());
  }
  pm.addPass(createVerifyImportedPass());
}

/// Blocks of weights that the sparse kernels skip as a whole: on cores without
/// vectors 4 output channels share two inputs.
static constexpr llvm::StringLiteral skippedBlocks = "4x2";

template <typename Options>
static Options withSamples(const SampleArguments &arguments) {
  Options options;
  options.samples = arguments.samples;
  options.sampleScale = arguments.scale;
  options.sampleOffset = arguments.offset;
  options.seed = arguments.seed;
  options.validation = arguments.validation;
  return options;
}

void thimble::buildQuantizePipeline(OpPassManager &pm,
                                    const SampleArguments &samples,
                                    const QuantizeArguments &arguments) {
  pm.addPass(createFoldBatchNormPass());
  auto calibrate = withSamples<CalibratePassOptions>(samples);
  // 65536 steps are fine enough to represent whatever occurs.
  if (arguments.activationBits == 16)
    calibrate.method = "minmax";
  pm.addPass(createCalibratePass(calibrate));
  PrunePassOptions prune;
  prune.pattern = "channels";
  pm.addPass(createPrunePass(prune));
  if (arguments.sparsity > 0) {
    prune.pattern = skippedBlocks;
    prune.sparsity = arguments.sparsity;
    pm.addPass(createPrunePass(prune));
  }
  QuantizePassOptions quantize;
  quantize.activationBits = arguments.activationBits;
  pm.addPass(createQuantizePass(quantize));
}

void thimble::buildRecipePipeline(OpPassManager &pm,
                                  const SampleArguments &samples,
                                  const RecipeArguments &recipe) {
  if (recipe.maxWeightBytes >= 0) {
    auto allocate = withSamples<AllocatePassOptions>(samples);
    allocate.maxWeightBytes = recipe.maxWeightBytes;
    allocate.maxDecodeCycles = recipe.maxDecodeCycles;
    allocate.entropyCoding = recipe.entropyCoding;
    allocate.countCode = recipe.countsCode;
    allocate.cache = recipe.cache;
    pm.addPass(createAllocatePass(allocate));
  }
  auto reconstruct = withSamples<ReconstructPassOptions>(samples);
  reconstruct.epochs = recipe.epochs;
  pm.addPass(createReconstructPass(reconstruct));
  pm.addPass(createDropTeacherPass());
  pm.addPass(createDropDeadChannelsPass());
  pm.addPass(createVerifyCompressedPass());
}

void thimble::buildInt8Pipeline(OpPassManager &pm,
                                const SampleArguments &samples) {
  buildGraphPipeline(pm, PipelineOptions());
  buildQuantizePipeline(pm, samples);
  pm.addPass(createDropTeacherPass());
  pm.addPass(createVerifyCompressedPass());
}

void thimble::buildCompressPipeline(OpPassManager &pm,
                                    const PipelineOptions &options) {
  if (options.calibrate.empty()) {
    pm.addPass(createVerifyCompressedPass());
    return;
  }
  SampleArguments samples;
  samples.samples = options.calibrate;
  samples.scale = options.sampleScale;
  samples.offset = options.sampleOffset;
  RecipeArguments recipe;
  recipe.maxWeightBytes = options.maxWeightBytes;
  recipe.entropyCoding = options.entropyCoding;
  recipe.epochs = options.epochs;
  buildQuantizePipeline(pm, samples, {0, options.activationBits});
  buildRecipePipeline(pm, samples, recipe);
}

double PipelineOptions::decodeOverhead() const {
  double percent;
  if (!StringRef(maxDecodeOverhead).getAsDouble(percent))
    return percent;
  return level == "s" ? -1 : level == "3" ? 0 : 5;
}

void thimble::buildKernelPipeline(OpPassManager &pm,
                                  const PipelineOptions &options) {
  MakeStreamingPassOptions streaming;
  streaming.offer = options.streamingRows < 0;
  if (!streaming.offer) {
    pm.addPass(createTurnRowsPass());
    pm.addPass(createCanonicalizerPass());
  }
  streaming.rows = std::max<int64_t>(options.streamingRows, 0);
  pm.addPass(createMakeStreamingPass(streaming));
  if (!streaming.offer && options.optimizes())
    pm.addPass(createCanonicalizerPass());
  pm.addPass(createPrimeDelaysPass());
  pm.addPass(createFormKernelsPass());
  pm.addPass(createSelectKernelsPass());
  if (!options.optimizes() && options.encoding.empty())
    return;
  EncodePassOptions encode;
  encode.encoding = options.encoding;
  encode.maxDecodeOverhead = options.decodeOverhead();
  encode.growArena = options.level == "s";
  encode.maxRam = options.maxRam;
  encode.fuse = options.optimizes();
  encode.entropyCoding = options.entropyCoding;
  pm.addPass(createEncodePass(encode));
}

void thimble::buildPlanPipeline(OpPassManager &pm,
                                const PipelineOptions &options) {
  pm.addPass(createPlaceStatePass());
  PlanMemoryPassOptions plan;
  plan.inPlace = options.optimizes();
  plan.preserveTensors = options.preserveTensors;
  plan.pointerIO = options.pointerIO;
  plan.maxRam = options.maxRam;
  plan.rowIO = options.rowIO;
  pm.addPass(createPlanMemoryPass(plan));
  if (options.rowIO)
    pm.addPass(createFeedRowsPass());
  pm.addPass(createVerifyPlannedPass());
}

void thimble::buildCodePipeline(OpPassManager &pm,
                                const PipelineOptions &options) {
  EmitLayersPassOptions emit;
  emit.rowDriver = options.rowDriver;
  pm.addPass(createEmitLayersPass(emit));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(func::createDuplicateFunctionEliminationPass());
  pm.addPass(createSymbolDCEPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createAnnotateTripCountsPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

using Stage = void (*)(OpPassManager &, const PipelineOptions &);

static void registerStage(StringRef stage, StringRef description, Stage build) {
  std::string name = ("thimble-" + stage + "-pipeline").str();
  PassPipelineRegistration<PipelineOptions>(name, description, build);
}

void thimble::registerPipelines() {
  registerStage("graph", "Imported module to GRAPH", buildGraphPipeline);
  registerStage("compress", "GRAPH to final numbers", buildCompressPipeline);
  registerStage("kernel", "GRAPH to KERNEL", buildKernelPipeline);
  registerStage("plan", "KERNEL to a memory plan", buildPlanPipeline);
  registerStage("code", "KERNEL to CODE", buildCodePipeline);
  PassPipelineRegistration<PipelineOptions>(
      "thimble-pipeline", "All stages, from an imported module to CODE",
      [](OpPassManager &pm, const PipelineOptions &options) {
        for (Stage build :
             {buildGraphPipeline, buildCompressPipeline, buildKernelPipeline,
              buildPlanPipeline, buildCodePipeline})
          build(pm, options);
      });
}

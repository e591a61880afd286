//===- Pipelines.h - The stages of the compiler -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One builder a stage. Each ends in the verifier pass of its contract.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_PIPELINE_PIPELINES_H
#define THIMBLE_PIPELINE_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace thimble {

/// What every stage may be told; the same names as the driver's options.
struct PipelineOptions : mlir::PassPipelineOptions<PipelineOptions> {
  Option<std::string> cpu{*this, "mcpu",
                          llvm::cl::desc("core to compile for, or host"),
                          llvm::cl::init("host")};
  Option<std::string> level{*this, "opt-level", llvm::cl::desc("0, s, 2 or 3"),
                            llvm::cl::init("2")};
  Option<bool> preserveTensors{
      *this, "preserve-tensors",
      llvm::cl::desc("keep every op's result in the arena (implies 0)"),
      llvm::cl::init(false)};
  Option<bool> pointerIO{
      *this, "pointer-io",
      llvm::cl::desc("inputs and outputs are the caller's memory"),
      llvm::cl::init(false)};
  Option<bool> rowIO{*this, "row-io",
                     llvm::cl::desc("the first input is delivered row by row"),
                     llvm::cl::init(false)};
  Option<bool> rowDriver{
      *this, "row-driver",
      llvm::cl::desc("emit a function that delivers all rows"),
      llvm::cl::init(false)};
  Option<int64_t> streamingRows{
      *this, "streaming-rows",
      llvm::cl::desc("take so many new rows of a sliding window, 0 for as few "
                     "as possible, -1 for the window"),
      llvm::cl::init(-1)};
  Option<int64_t> maxRam{*this, "max-ram",
                         llvm::cl::desc("bytes of RAM, -1 for any"),
                         llvm::cl::init(-1)};

  Option<std::string> encoding{
      *this, "encoding", llvm::cl::desc("stack that every integer weight gets"),
      llvm::cl::init("")};
  Option<std::string> maxDecodeOverhead{
      *this, "max-decode-overhead",
      llvm::cl::desc("percent of an inference's cycles for decoding"),
      llvm::cl::init("")};

  Option<bool> entropyCoding{
      *this, "entropy-coding",
      llvm::cl::desc("consider entropy codes for weights"),
      llvm::cl::init(true)};

  Option<std::string> calibrate{
      *this, "calibrate",
      llvm::cl::desc("samples to compress a float model with; empty: as it is"),
      llvm::cl::init("")};
  Option<std::string> sampleScale{
      *this, "sample-scale",
      llvm::cl::desc("what the samples' numbers are multiplied with"),
      llvm::cl::init("")};
  Option<std::string> sampleOffset{*this, "sample-offset",
                                   llvm::cl::desc("what is added then"),
                                   llvm::cl::init("")};
  Option<int64_t> activationBits{
      *this, "activation-bits",
      llvm::cl::desc("of everything but weights, 8 or 16"), llvm::cl::init(8)};
  Option<int64_t> maxWeightBytes{
      *this, "max-weight-bytes",
      llvm::cl::desc("bytes of weights to compress to, -1 for eight bits"),
      llvm::cl::init(-1)};
  Option<int64_t> epochs{*this, "epochs", llvm::cl::desc("of distillation"),
                         llvm::cl::init(0)};

  /// What thimble-encode may spend, in percent; negative for any.
  double decodeOverhead() const;
  /// False if every op of the source gets a kernel of its own, as written.
  bool optimizes() const { return level != "0" && !preserveTensors; }
};

/// Imported module -> GRAPH after the exact passes.
void buildGraphPipeline(mlir::OpPassManager &pm,
                        const PipelineOptions &options);
/// GRAPH -> the numbers are final.
void buildCompressPipeline(mlir::OpPassManager &pm,
                           const PipelineOptions &options);
/// GRAPH -> KERNEL: one thimble.kernel a layer, kernels chosen.
void buildKernelPipeline(mlir::OpPassManager &pm,
                         const PipelineOptions &options);
/// KERNEL -> every value has an address.
void buildPlanPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);
/// KERNEL -> CODE in the LLVM dialect.
void buildCodePipeline(mlir::OpPassManager &pm, const PipelineOptions &options);

/// Samples for passes that need some; as the options of thimble-calibrate.
struct SampleArguments {
  std::string samples, scale, offset;
  uint64_t seed = 0;
  double validation = 0; ///< part that is kept aside
};
/// What thimble-allocate and thimble-reconstruct are told.
struct RecipeArguments {
  int64_t maxWeightBytes = -1; ///< -1: all weights have eight bits
  double maxDecodeCycles = -1; ///< -1: any
  bool entropyCoding = true;
  bool countsCode = true; ///< maxWeightBytes holds what a trellis needs, too
  std::string cache;      ///< folder, empty for none
  int64_t epochs = 0;     ///< of distillation
};
/// Imported float module -> the same in int8, nothing compressed: what
/// compression is compared with.
void buildInt8Pipeline(mlir::OpPassManager &pm,
                       const SampleArguments &arguments);
/// What thimble-prune and thimble-quantize are told.
struct QuantizeArguments {
  /// Part of the weights (0 to below 1) that become zero, in blocks that
  /// kernels skip.
  double sparsity = 0;
  int64_t activationBits = 8; ///< or 16
};
/// GRAPH of floats -> integers beside their teacher.
void buildQuantizePipeline(mlir::OpPassManager &pm,
                           const SampleArguments &samples,
                           const QuantizeArguments &arguments = {});
/// Integers beside their teacher -> compressed, the numbers are final.
void buildRecipePipeline(mlir::OpPassManager &pm,
                         const SampleArguments &samples,
                         const RecipeArguments &recipe);

/// Registers the stages as thimble-<stage>-pipeline and all of them together
/// as thimble-pipeline.
void registerPipelines();

} // namespace thimble

#endif // THIMBLE_PIPELINE_PIPELINES_H

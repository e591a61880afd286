//===- Reconstruct.cpp - Integers that keep what a network computes -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass around Reconstruction.
//
//===----------------------------------------------------------------------===//

#include "BlockRounding.h"
#include "LayerDistillation.h"
#include "ModelSamples.h"
#include "OutputLoss.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Evaluation/Progress.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_RECONSTRUCTPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// Samples for layer-by-layer fits: more barely change them.
static constexpr int64_t sweepSamples = 1024;

namespace {
struct ReconstructPass
    : public thimble::impl::ReconstructPassBase<ReconstructPass> {
  using ReconstructPassBase::ReconstructPassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model) || failed(run(*model)))
      signalPassFailure();
  }

  LogicalResult run(func::FuncOp model) {
    FailureOr<TeacherAndStudent> networks = TeacherAndStudent::of(model);
    if (failed(networks))
      return failure();
    FailureOr<SampleBlock> block =
        loadSamples(model, {{samples, sampleScale, sampleOffset, {}},
                            validation,
                            maxSamples,
                            seed});
    if (failed(block))
      return failure();
    reconstruct(*networks, *block);
    return success();
  }

  void reconstruct(const TeacherAndStudent &networks,
                   const SampleBlock &block) {
    SampleBlock swept = block.thinned(sweepSamples);
    OutputLoss loss(networks.teacher,
                    runNetwork(networks.teacher.network,
                               networks.teacher.parameters, swept,
                               networks.teacher.outputs),
                    swept.count);
    std::vector<RecipeAttr> recipes = networks.getRecipes();
    std::vector<MaskMatrix> kept = networks.getKept(recipes);
    gradient::Parameters parameters;
    SweepOptions sweep;
    sweep.ridge = ridge;
    std::vector<CompressedLayer> layers =
        reconstructLayers(networks, swept, recipes, kept, sweep, parameters);
    auto measure = [&] {
      return loss.getMean(runNetwork(networks.student.network, parameters,
                                     swept, networks.student.outputs));
    };
    double fitted = measure(), rounded = fitted, after = fitted;
    if (roundingIterations > 0) {
      gradient::RoundingOptions options;
      options.iterations = roundingIterations;
      options.seed = seed + 1;
      roundBlocks(networks, swept, recipes, kept, options, layers, parameters);
      rounded = after = measure();
    }
    if (epochs > 0) {
      gradient::DistillationOptions options;
      options.epochs = epochs;
      options.seed = seed + 1;
      options.scaleRate = options.biasRate = static_cast<float>(rate);
      options.codeRate = static_cast<float>(codeRate);
      options.progress = [&](const gradient::TrainingProgress &progress) {
        reportProgress(&getContext(), "distil", progress.step, progress.steps);
        return true;
      };
      std::vector<CodeChoices> codes;
      if (trainCodes)
        for (auto [recipe, mask] : llvm::zip_equal(recipes, kept))
          codes.push_back({recipe, &mask});
      distillLayers(networks, block, guessAugmentation(networks.model), codes,
                    options, layers, parameters);
      after = measure();
    }
    networks.write(layers);
    remark::passed(
        func::FuncOp(networks.model).getLoc(),
        remark::RemarkOpts::name("Reconstruct").category("compression"))
        << remark::add("loss to the teacher: {0:f5} layer by layer, {1:f5} "
                       "block by block, {2:f5} at the end",
                       fitted, rounded, after);
  }
};
} // namespace

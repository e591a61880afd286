//===- Allocate.cpp - Decides how each weight is compressed ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measuring is LayerOptions' business, choosing Allocation's.
//
//===----------------------------------------------------------------------===//

#include "Frontier.h"
#include "ModelSamples.h"
#include "OptionCache.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_ALLOCATEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static double limitOf(double budget) {
  return budget < 0 ? std::numeric_limits<double>::infinity() : budget;
}

/// Code that weights on a trellis need beside their entropy decoder: one
/// function of 430 bytes on a Cortex-M4, and some more in each layer. Measured
/// on whole objects.
static constexpr double trellisCodeBytes = 800;

/// By how much the loss must then be less: about what the sum of layers' losses
/// is wrong by.
static constexpr double trellisGain = 0.05;

static SharedCharge getTrellisCharge(const OptionTable &table) {
  SharedCharge charge;
  charge.bytes = trellisCodeBytes;
  charge.leastGain = trellisGain;
  for (const std::vector<LayerOption> &options : table.layers) {
    std::vector<bool> &isNeeded = charge.isNeeded.emplace_back();
    for (const LayerOption &option : options)
      isNeeded.push_back(option.recipe.getTrellis());
  }
  return charge;
}

namespace {
struct AllocatePass : public thimble::impl::AllocatePassBase<AllocatePass> {
  using AllocatePassBase::AllocatePassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model) || failed(run(*model)))
      signalPassFailure();
  }

  LogicalResult run(func::FuncOp model) {
    FailureOr<TargetInfo> target = TargetInfo::get(model);
    if (failed(target))
      return failure();
    FailureOr<TeacherAndStudent> networks = TeacherAndStudent::of(model);
    if (failed(networks))
      return failure();
    if (networks->student.layers.empty())
      return success();
    FailureOr<OptionTable> table = getTable(*networks, *target);
    if (failed(table))
      return failure();
    Frontier walked(*table);
    if (!frontier.empty() && failed(walked.write(model, frontier)))
      return failure();
    return choose(*networks, *table);
  }

  FailureOr<OptionTable> getTable(const TeacherAndStudent &networks,
                                  const TargetInfo &target) {
    func::FuncOp model = networks.model;
    FailureOr<SampleBlock> block =
        loadSamples(model, {{samples, sampleScale, sampleOffset, {}},
                            validation,
                            maxSamples,
                            seed});
    if (failed(block))
      return failure();
    SampleBlock compared =
        lossSamples > 0 ? block->thinned(lossSamples) : *block;
    OptionCache store(cache);
    std::string key = OptionCache::getKey(
        networks, {&*block, &compared},
        (target.cpu + (entropyCoding ? " coded" : " fixed")));
    if (std::optional<OptionTable> table = store.load(key, &getContext()))
      if (table->layers.size() == networks.student.layers.size())
        return *table;
    StoredSizes sizes(&getContext(), target, entropyCoding);
    OptionTable table =
        measureOptions(networks, *block, compared, sizes, entropyCoding);
    store.store(key, table);
    return table;
  }

  LogicalResult choose(const TeacherAndStudent &networks,
                       const OptionTable &table) {
    AllocationBudgets budgets;
    budgets.maxBytes = limitOf(double(maxWeightBytes));
    budgets.maxCycles = limitOf(maxDecodeCycles);
    budgets.maxLoss = limitOf(maxLoss);
    budgets.goal = maxLoss >= 0 ? AllocationGoal::Bytes : AllocationGoal::Loss;
    AllocationOptions costs = getCosts(table);
    AllocationResult result =
        countCode ? chooseAllocation(costs, budgets, getTrellisCharge(table))
                  : chooseAllocation(costs, budgets);
    if (!result.isFeasible)
      return explain(networks, result.best.total);
    const AllocationCost &total = result.best.total;
    remark::passed(func::FuncOp(networks.model).getLoc(),
                   remark::RemarkOpts::name("Allocate").category("compression"))
        << remark::add("weights of {0} bytes, decoded in {1} cycles; losses of "
                       "the layers: {2}",
                       int64_t(total.bytes), int64_t(total.cycles), total.loss);
    for (auto [layer, list, choice] : llvm::zip_equal(
             networks.student.layers, table.layers, result.best.choices)) {
      Operation *op = layer.first;
      RecipeAttr recipe = list[choice].recipe;
      // Zeros that a pass before has put into the weight stay.
      if (auto old = op->getAttrOfType<RecipeAttr>(recipeAttrName);
          old && old.getPattern())
        recipe = recipe.withZeros(old.getPattern(), old.getSparsity());
      op->setAttr(recipeAttrName, recipe);
    }
    return success();
  }

  LogicalResult explain(const TeacherAndStudent &networks,
                        const AllocationCost &nearest) {
    func::FuncOp model = networks.model;
    InFlightDiagnostic diagnostic = model.emitError("expected weights within ");
    if (maxWeightBytes >= 0)
      diagnostic << maxWeightBytes.getValue() << " bytes";
    if (maxDecodeCycles >= 0)
      diagnostic << (maxWeightBytes >= 0 ? " and " : "")
                 << maxDecodeCycles.getValue() << " cycles of decoding";
    if (maxLoss >= 0)
      diagnostic << " at a loss of at most " << maxLoss.getValue();
    diagnostic << "; the nearest there is takes "
               << static_cast<int64_t>(nearest.bytes) << " bytes and "
               << static_cast<int64_t>(nearest.cycles)
               << " cycles, its loss is " << nearest.loss
               << ": allow more, or a smaller network is needed";
    return diagnostic;
  }
};
} // namespace

//===- LayerOptions.cpp - What each layer could become, measured ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One sweep rounds every layer in every way, with inputs from layers at eight
// bits; then each is put into the network in turn.
//
//===----------------------------------------------------------------------===//

#include "LayerOptions.h"
#include "thimble/Compression/Numerics/LossCurve.h"
#include "thimble/Compression/Numerics/Parallel.h"
#include "thimble/Evaluation/Progress.h"
#include <cmath>

using namespace mlir;
using namespace thimble;
using gradient::NodeId;

/// Samples whose values are held at once.
static constexpr int64_t blockSamples = 32;

/// Less than thimble-reconstruct takes: here every layer is rounded in every
/// way.
static constexpr int meterBeamWidth = 32;

std::vector<RecipeAttr> thimble::candidateRecipes(MLIRContext *context,
                                                  double rms,
                                                  bool entropyCoding,
                                                  bool hasRows) {
  auto number = [&](double value) {
    return FloatAttr::get(Float64Type::get(context), value);
  };
  std::vector<RecipeAttr> recipes;
  for (int64_t bits : {8, 7, 6, 5, 4, 3, 2})
    recipes.push_back(RecipeAttr::get(context, bits));
  for (int64_t entries : {16, 8, 4})
    recipes.push_back(RecipeAttr::get(context).withEntries(entries));
  if (!entropyCoding || !(rms > 0))
    return recipes;
  auto add = [&](double step, double rate, bool trellis) {
    recipes.push_back(RecipeAttr::get(context).withStep(number(rms * step),
                                                        number(rate), trellis));
  };
  // From about 5 bits of entropy to less than 1, half a bit apart. What a bit
  // of code is worth in squared steps was found on networks of several kinds:
  // see docs/rationale/compression.md.
  for (int i = 0; i < 10; ++i)
    add(0.125 * std::pow(2, 0.5 * i), /*rate=*/0.2, /*trellis=*/false);
  // From about 4 bits on. Each codebook of a trellis has every second step.
  for (int i = 0; i < 8 && hasRows; ++i)
    add(0.18 * std::pow(2, 0.4 * i), /*rate=*/0.25, /*trellis=*/true);
  return recipes;
}

/// Of the weights that may differ from 0.
static double getRootMeanSquare(const Eigen::MatrixXd &weights,
                                const MaskMatrix &kept) {
  double count = kept.size() ? double(kept.count()) : double(weights.size());
  double squares = kept.size() ? kept.select(weights, 0.0).squaredNorm()
                               : weights.squaredNorm();
  return count > 0 ? std::sqrt(squares / count) : 0;
}

namespace {
/// Numbers of a layer beside the option that they are for.
struct Trial {
  LayerOption option;
  gradient::LayerParameters numbers;
};

class OptionMeter {
public:
  OptionMeter(const TeacherAndStudent &networks, const StoredSizes &sizes,
              bool entropyCoding)
      : networks(networks), sizes(sizes), entropyCoding(entropyCoding),
        parameters(networks.student.parameters),
        kept(networks.getKept(networks.getRecipes())),
        trials(networks.student.layers.size()) {}

  void roundAll(const SampleBlock &samples);
  void compareAll(const SampleBlock &samples);
  OptionTable getTable() const;

private:
  void roundLayer(const LayerProblem &problem);
  void compareBlock(const SampleBlock &block, const OutputLoss &loss,
                    int64_t first);
  double addLoss(const OutputLoss &loss, const gradient::Batch &batch,
                 int64_t first) const;

  const TeacherAndStudent &networks;
  const StoredSizes &sizes;
  bool entropyCoding;
  gradient::Parameters parameters;
  std::vector<MaskMatrix> kept;
  std::vector<std::vector<Trial>> trials;
  double baseLoss = 0;
};
} // namespace

void OptionMeter::roundLayer(const LayerProblem &problem) {
  auto [op, node] = networks.student.layers[problem.layer];
  reportProgress(func::FuncOp(networks.model).getContext(), "round",
                 problem.layer, trials.size());
  const gradient::LayerShape &shape =
      *networks.student.network.getNode(node).layer;
  const MaskMatrix &layerKept = kept[problem.layer];
  std::vector<RecipeAttr> recipes = candidateRecipes(
      func::FuncOp(networks.model).getContext(),
      getRootMeanSquare(problem.fitted.weights, layerKept), entropyCoding,
      /*hasRows=*/!problem.isDepthwise);
  std::vector<Trial> &list = trials[problem.layer];
  list.resize(recipes.size());
  std::vector<CodeMatrix> codes(recipes.size());
  forEachInParallel(recipes.size(), [&](int64_t i) {
    CompressedLayer layer =
        compressLayer(problem, recipes[i], layerKept,
                      networks.getInputScale(problem.layer), meterBeamWidth);
    list[i].option.recipe = recipes[i];
    setLayer(shape, {layer.getWeights(), layer.biases}, list[i].numbers);
    codes[i] = layer.weights.codes;
  });
  for (size_t i = 0; i < codes.size(); ++i) {
    StoredSize size = sizes.measure(op, codes[i]);
    list[i].option.bytes = size.bytes;
    list[i].option.cycles = size.cycles;
  }
  parameters.layers[node] = list.front().numbers;
}

void OptionMeter::roundAll(const SampleBlock &samples) {
  sweepLayers(networks.teacher, networks.student, parameters, samples,
              SweepOptions(),
              [&](const LayerProblem &problem) { roundLayer(problem); });
}

double OptionMeter::addLoss(const OutputLoss &loss,
                            const gradient::Batch &batch, int64_t first) const {
  double sum = 0;
  for (auto [index, output] : llvm::enumerate(networks.student.outputs))
    sum += loss.add(index, batch.get(output), first, batch.getSamples());
  return sum;
}

void OptionMeter::compareBlock(const SampleBlock &block, const OutputLoss &loss,
                               int64_t first) {
  const gradient::Network &network = networks.student.network;
  gradient::Batch base(network, block.count);
  for (auto [index, input] : llvm::enumerate(networks.student.inputs))
    std::copy(block.inputs[index].begin(), block.inputs[index].end(),
              base.set(input));
  gradient::runForward(network, parameters, base, {0, network.getNodeCount()});
  baseLoss += addLoss(loss, base, first);
  for (auto [layer, list] : llvm::zip_equal(networks.student.layers, trials))
    for (Trial &trial : llvm::MutableArrayRef<Trial>(list).drop_front()) {
      NodeId node = layer.second;
      std::swap(parameters.layers[node], trial.numbers);
      gradient::Batch batch(network, block.count, &base);
      gradient::runForward(network, parameters, batch,
                           {node, network.getNodeCount()});
      trial.option.loss += addLoss(loss, batch, first);
      std::swap(parameters.layers[node], trial.numbers);
    }
}

void OptionMeter::compareAll(const SampleBlock &samples) {
  OutputLoss loss(networks.teacher,
                  runNetwork(networks.teacher.network,
                             networks.teacher.parameters, samples,
                             networks.teacher.outputs),
                  samples.count);
  MLIRContext *context = func::FuncOp(networks.model).getContext();
  for (int64_t first = 0; first < samples.count; first += blockSamples) {
    reportProgress(context, "compare", first, samples.count);
    compareBlock(
        samples.slice(first, std::min(blockSamples, samples.count - first)),
        loss, first);
  }
  baseLoss /= double(samples.count);
  for (std::vector<Trial> &list : trials)
    for (Trial &trial : llvm::MutableArrayRef<Trial>(list).drop_front())
      trial.option.loss = trial.option.loss / double(samples.count) - baseLoss;
}

/// Options on one curve of the loss by the step: equally distant codes by bits,
/// by entries or by step, and codes on a trellis.
static std::pair<int, double> getCurve(RecipeAttr recipe) {
  if (recipe.getStep())
    return {recipe.getTrellis() ? 3 : 2, recipe.getStep().getValueAsDouble()};
  if (recipe.getEntries() > 0)
    return {1, 1.0 / recipe.getEntries()};
  return {0, std::pow(0.5, recipe.getBits())};
}

/// Takes luck out of the losses of a layer's options.
static void smooth(std::vector<LayerOption> &options, double baseLoss) {
  // What equally good roundings of one layer differ by where the step is too
  // fine to matter.
  constexpr double noise = 0.05;
  for (int curve = 0; curve < 4; ++curve) {
    std::vector<double> steps, losses;
    std::vector<LayerOption *> members;
    for (LayerOption &option : llvm::drop_begin(options))
      if (auto [its, step] = getCurve(option.recipe); its == curve) {
        members.push_back(&option);
        steps.push_back(step);
        losses.push_back(option.loss);
      }
    for (auto [member, loss] : llvm::zip_equal(
             members, smoothLosses(steps, losses, noise * baseLoss)))
      member->loss = loss;
  }
}

OptionTable OptionMeter::getTable() const {
  OptionTable table;
  table.baseLoss = baseLoss;
  for (const std::vector<Trial> &list : trials) {
    std::vector<LayerOption> &options = table.layers.emplace_back();
    for (const Trial &trial : list)
      options.push_back(trial.option);
    smooth(options, baseLoss);
  }
  return table;
}

OptionTable thimble::measureOptions(const TeacherAndStudent &networks,
                                    const SampleBlock &samples,
                                    const SampleBlock &lossSamples,
                                    const StoredSizes &sizes,
                                    bool entropyCoding) {
  OptionMeter meter(networks, sizes, entropyCoding);
  meter.roundAll(samples);
  meter.compareAll(lossSamples);
  return meter.getTable();
}

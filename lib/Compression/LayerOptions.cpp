//===- LayerOptions.cpp - What each layer could become, measured ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One sweep rounds every layer in every way, with inputs from layers at eight
// bits; then each is put into the network in turn.
//
//===----------------------------------------------------------------------===//

#include "LayerOptions.h"
#include "thimble/Compression/Numerics/Parallel.h"
#include "thimble/Evaluation/Progress.h"
#include <cmath>

using namespace mlir;
using namespace thimble;
using gradient::NodeId;

/// Samples whose values are held at once.
static constexpr int64_t blockSamples = 32;

std::vector<RecipeAttr> thimble::candidateRecipes(MLIRContext *context,
                                                  double rms,
                                                  bool entropyCoding) {
  auto number = [&](double value) {
    return FloatAttr::get(Float64Type::get(context), value);
  };
  std::vector<RecipeAttr> recipes;
  for (int64_t bits : {8, 7, 6, 5, 4, 3, 2})
    recipes.push_back(
        RecipeAttr::get(context, bits, {}, {}, 0, {}, {}, /*rank=*/0));
  for (int64_t entries : {16, 8, 4})
    recipes.push_back(
        RecipeAttr::get(context, 8, {}, {}, entries, {}, {}, /*rank=*/0));
  if (!entropyCoding || !(rms > 0))
    return recipes;
  // From about 5 bits of entropy to less than 1, half a bit apart. What a bit
  // of code is worth in squared steps was found on networks of several kinds:
  // see docs/rationale/compression.md.
  constexpr double rate = 0.2;
  for (int step = 0; step < 10; ++step)
    recipes.push_back(RecipeAttr::get(
        context, 8, number(rms * 0.125 * std::pow(2, 0.5 * step)), number(rate),
        0, {}, {}, /*rank=*/0));
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
      getRootMeanSquare(problem.fitted.weights, layerKept), entropyCoding);
  std::vector<Trial> &list = trials[problem.layer];
  list.resize(recipes.size());
  std::vector<CodeMatrix> codes(recipes.size());
  forEachInParallel(recipes.size(), [&](int64_t i) {
    CompressedLayer layer = compressLayer(
        problem, recipes[i], layerKept, networks.getInputScale(problem.layer));
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

OptionTable OptionMeter::getTable() const {
  OptionTable table;
  table.baseLoss = baseLoss;
  for (const std::vector<Trial> &list : trials) {
    std::vector<LayerOption> &options = table.layers.emplace_back();
    for (const Trial &trial : list)
      options.push_back(trial.option);
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

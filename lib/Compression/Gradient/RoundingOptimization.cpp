//===- RoundingOptimization.cpp - Training how to round -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The student's values before the block and the teacher's after it are
// computed once; each step runs the block alone on some of them.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/RoundingOptimization.h"
#include "SoftCodes.h"
#include "thimble/Compression/Gradient/Backward.h"
#include "thimble/Compression/Gradient/Losses.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// Samples that run through the whole network at once.
constexpr int64_t kCollectedSamples = 32;
/// One of so many samples is held out.
constexpr uint64_t kValidationPart = 5;
/// Steps between two counts of the codes.
constexpr int64_t kBitSteps = 10;
/// How much more bits than at the start are as good as none.
constexpr double kBitTolerance = 1.003;

/// A value that is kept for every sample.
struct KeptValue {
  ValueId id = 0;
  int64_t size = 0;
  std::vector<float> data;

  const float *at(uint64_t sample) const { return data.data() + sample * size; }
};

/// A training while it runs.
class BlockRounder {
public:
  BlockRounder(const RoundingTask &task, std::vector<RoundingLayer> &layers,
               const RoundingOptions &options);

  RoundingResult train();

private:
  void findValues();
  void collect();
  /// Puts kept values into the batch and runs the block.
  void runBlock(const uint64_t *samples, int64_t count, bool keepLinear);
  /// The loss of the samples in the batch; `by` may be null.
  double computeLoss(const uint64_t *samples, double weight, Batch *by);
  double validate();
  double step(const uint64_t *samples, int64_t count, float share);
  void updateBits(double startBits);
  void writeCodes(const std::vector<std::vector<int8_t>> &codes);
  double countBits(const std::vector<std::vector<int8_t>> &codes) const;
  void finish(RoundingResult &result,
              const std::vector<std::vector<int8_t>> &starts);

  const RoundingTask &task;
  const RoundingOptions &options;
  std::vector<RoundingLayer> &layers;
  Parameters parameters;
  std::vector<SoftCodes> codes;
  RandomSequence random;
  std::vector<uint64_t> samples;
  SampleSplit split;
  std::vector<KeptValue> inputs;
  KeptValue target;
  Batch batch, gradients;
  double variance = 1;
  /// What the loss is multiplied with, so that the start's is the number of
  /// weights: then prices are by weight, whatever the layer.
  double lossScale = 1;
  /// What a bit costs, in that unit.
  double bitPrice = 0;
};

BlockRounder::BlockRounder(const RoundingTask &task,
                           std::vector<RoundingLayer> &layers,
                           const RoundingOptions &options)
    : task(task), options(options), layers(layers), parameters(task.parameters),
      random(options.seed), batch(task.network, 1), gradients(task.network, 1) {
  for (RoundingLayer &layer : layers) {
    assert(layer.node >= task.block.first && layer.node < task.block.last &&
           "expected a layer of the block");
    const LayerShape &shape = *task.network.getNode(layer.node).layer;
    writeParameters(shape, *layer.layer, parameters.layers[layer.node]);
    codes.emplace_back(shape, layer);
  }
  findValues();
  collect();
}

void BlockRounder::findValues() {
  std::vector<bool> isKept(task.network.getNodeCount());
  for (NodeId id = task.block.first; id < task.block.last; ++id)
    for (ValueId input : task.network.getNode(id).inputs) {
      const Node &node = task.network.getNode(input);
      bool isBefore =
          input < task.block.first || node.kind == Node::Kind::Input;
      if (isBefore && node.kind != Node::Kind::Constant && !isKept[input]) {
        isKept[input] = true;
        inputs.push_back({input, node.size, {}});
      }
    }
  target = {task.output.teacher,
            task.teacherNetwork.getSize(task.output.teacher),
            {}};
  int64_t bytes = target.size;
  for (const KeptValue &input : inputs)
    bytes += input.size;
  bytes *= sizeof(float);
  uint64_t count =
      std::min<uint64_t>({task.samples.count, options.largestSampleCount,
                          static_cast<uint64_t>(std::max<int64_t>(
                              options.largestBytes / bytes, 1))});
  samples.resize(task.samples.count);
  std::iota(samples.begin(), samples.end(), uint64_t(0));
  random.shuffle(samples);
  samples.resize(count);
  split = splitSamples(count, kValidationPart, random);
}

void BlockRounder::collect() {
  Batch student(task.network, 1), teacher(task.teacherNetwork, 1);
  int64_t size = task.network.getSize(task.input.student);
  auto keep = [](KeptValue &value, const Batch &from) {
    const float *data = from.get(value.id);
    value.data.insert(value.data.end(), data,
                      data + from.getSamples() * value.size);
  };
  for (size_t first = 0; first < samples.size(); first += kCollectedSamples) {
    int64_t count =
        std::min<int64_t>(kCollectedSamples, samples.size() - first);
    student.reset(count);
    teacher.reset(count);
    float *to = student.set(task.input.student);
    for (int64_t i = 0; i < count; ++i)
      task.samples.read(samples[first + i], to + i * size);
    std::copy_n(to, count * size, teacher.set(task.input.teacher));
    // At least the input itself, for its rounding.
    NodeId last = std::max(task.block.first, task.input.student + 1);
    runForward(task.network, parameters, student, {0, last}, {options.threads});
    runForward(task.teacherNetwork, task.teacherParameters, teacher,
               {0, target.id + 1}, {options.threads});
    for (KeptValue &input : inputs)
      keep(input, student);
    keep(target, teacher);
  }
  double measured =
      getVariance(target.data.data(), static_cast<int64_t>(target.data.size()));
  variance = measured > 0 ? measured : 1;
}

void BlockRounder::runBlock(const uint64_t *numbers, int64_t count,
                            bool keepLinear) {
  batch.reset(count);
  for (const KeptValue &input : inputs) {
    float *to = batch.set(input.id);
    for (int64_t i = 0; i < count; ++i)
      to = std::copy_n(input.at(numbers[i]), input.size, to);
  }
  runForward(task.network, parameters, batch, task.block,
             {options.threads, keepLinear});
}

double BlockRounder::computeLoss(const uint64_t *numbers, double weight,
                                 Batch *by) {
  int64_t count = batch.getSamples();
  float *to = nullptr;
  if (by) {
    by->reset(count);
    to = by->set(task.output.student);
    std::fill_n(to, count * target.size, 0.0f);
  }
  const float *own = batch.get(task.output.student);
  double loss = 0, share = weight / (variance * static_cast<double>(count));
  for (int64_t i = 0; i < count; ++i)
    loss += addSquaredError(own + i * target.size, target.at(numbers[i]),
                            target.size, share,
                            to ? to + i * target.size : nullptr);
  return loss;
}

double BlockRounder::validate() {
  double sum = 0;
  const std::vector<uint64_t> &held = split.validation;
  for (size_t i = 0; i < held.size(); i += kCollectedSamples) {
    int64_t count = std::min<int64_t>(kCollectedSamples, held.size() - i);
    runBlock(&held[i], count, false);
    sum += computeLoss(&held[i], 1, nullptr) * static_cast<double>(count);
  }
  return sum / static_cast<double>(held.size());
}

double BlockRounder::step(const uint64_t *numbers, int64_t count, float share) {
  Gradients by(task.network.getNodeCount());
  for (const SoftCodes &layer : codes) {
    std::vector<float> &weights = parameters.layers[layer.getNode()].weights;
    layer.writeWeights(weights);
    by[layer.getNode()].weights.resize(weights.size());
  }
  runBlock(numbers, count, true);
  double loss = computeLoss(numbers, lossScale, &gradients);
  runBackward(task.network, parameters, batch, gradients, task.block, by, {},
              {options.threads, true});
  // BRECQ's schedule: codes are free for the first fifth, then the exponent
  // falls from 20, which moves only those that are nearly decided, to 2.
  constexpr float kFree = 0.2f, kFirst = 20, kLast = 2;
  RoundingPrices prices;
  prices.bit = static_cast<float>(bitPrice);
  if (share >= kFree) {
    prices.decision = options.decisionWeight;
    prices.exponent = kFirst + (kLast - kFirst) * (share - kFree) / (1 - kFree);
  }
  for (SoftCodes &layer : codes)
    layer.step(by[layer.getNode()].weights, prices, options.rate);
  return loss / lossScale;
}

void BlockRounder::updateBits(double startBits) {
  std::vector<std::vector<int8_t>> now;
  for (SoftCodes &layer : codes) {
    layer.updateBits();
    now.push_back(layer.harden());
  }
  if (!options.holdsBits)
    return;
  // One percent too much changes the price by a tenth.
  double excess = countBits(now) / std::max(startBits, 1.0) - 1;
  bitPrice *= std::exp(std::clamp(10 * excess, -0.2, 0.2));
}

void BlockRounder::writeCodes(const std::vector<std::vector<int8_t>> &all) {
  for (size_t i = 0; i < layers.size(); ++i) {
    layers[i].layer->codes = all[i];
    writeParameters(*task.network.getNode(layers[i].node).layer,
                    *layers[i].layer, parameters.layers[layers[i].node]);
  }
}

double
BlockRounder::countBits(const std::vector<std::vector<int8_t>> &all) const {
  double bits = 0;
  for (const std::vector<int8_t> &layer : all)
    bits += estimateBits(layer);
  return bits;
}

void BlockRounder::finish(RoundingResult &result,
                          const std::vector<std::vector<int8_t>> &starts) {
  std::vector<std::vector<int8_t>> ends;
  for (const SoftCodes &layer : codes)
    ends.push_back(layer.harden());
  writeCodes(ends);
  double error = validate(), bits = countBits(ends);
  // Also false if the error isn't a number.
  bool holds = !options.holdsBits || bits <= kBitTolerance * result.startBits;
  if (!holds || !(error + options.bitWeight * bits <
                  result.startError + options.bitWeight * result.startBits)) {
    writeCodes(starts);
    return;
  }
  result.error = error;
  result.bits = bits;
  for (size_t i = 0; i < ends.size(); ++i)
    for (size_t j = 0; j < ends[i].size(); ++j)
      result.changedCodes += ends[i][j] != starts[i][j];
}

RoundingResult BlockRounder::train() {
  std::vector<std::vector<int8_t>> starts;
  int64_t weights = 0;
  for (const RoundingLayer &layer : layers) {
    starts.push_back(layer.layer->codes);
    weights += static_cast<int64_t>(layer.layer->codes.size());
  }
  RoundingResult result;
  result.startError = result.error = validate();
  result.startBits = result.bits = countBits(starts);
  if (result.startError <= 0 && options.bitWeight <= 0)
    return result;
  // An error of 0 would make the prices of bits infinite.
  constexpr double kSmallest = 1e-9;
  lossScale =
      static_cast<double>(weights) / std::max(result.startError, kSmallest);
  bitPrice = options.bitWeight * lossScale;
  if (options.holdsBits)
    bitPrice = std::max(bitPrice, 1.0); // about what rounding errors balance
  int64_t count = static_cast<int64_t>(split.training.size());
  int64_t size = std::min(options.batchSize, count), next = count;
  TrainingProgress progress{0, options.iterations, 0, result.startError};
  for (int64_t i = 0; i < options.iterations; ++i, next += size) {
    if (next + size > count) {
      random.shuffle(split.training);
      next = 0;
    }
    float share =
        static_cast<float>(i) / static_cast<float>(options.iterations);
    progress.loss = step(&split.training[next], size, share);
    if (i % kBitSteps == 0 && bitPrice > 0)
      updateBits(result.startBits);
    progress.step = i + 1;
    if (options.progress && !options.progress(progress)) {
      result.isAborted = true;
      break;
    }
  }
  finish(result, starts);
  return result;
}

} // namespace

RoundingResult
thimble::gradient::optimizeRounding(const RoundingTask &task,
                                    std::vector<RoundingLayer> &layers,
                                    const RoundingOptions &options) {
  assert(task.samples.count > 0 && "expected samples");
  return BlockRounder(task, layers, options).train();
}

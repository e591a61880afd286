//===- Distillation.cpp - A student learns from its teacher ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop over samples; TrainedLayer has the numbers that change.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Distillation.h"
#include "TrainedLayer.h"
#include "thimble/Compression/Gradient/Backward.h"
#include "thimble/Compression/Gradient/Losses.h"
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

using QuantizedLayers = std::vector<std::optional<QuantizedLayer>>;

namespace {

/// Samples that the teacher's variances are taken from.
constexpr size_t kVarianceSamples = 256;
/// Steps between two counts of codes.
constexpr int64_t kBitSteps = 10;
/// How much more bits than at the start are as good as none.
constexpr double kBitTolerance = 1.003;

/// A training while it runs.
class Distiller {
public:
  Distiller(const DistillationTask &task, const QuantizedLayers &layers,
            const DistillationOptions &options);

  DistillationResult train(QuantizedLayers &layers);

private:
  void load(const uint64_t *samples, int64_t count, bool isTraining);
  void measureVariances();
  void replaceEmptyDeviations();
  /// Of the loaded samples; `gradients` may be null.
  double computeLoss(Batch *gradients);
  double validate();
  double step(float rateFactor);
  void writeLayers();
  double countBits();
  void adjustPrice(const Gradients &by);

  const DistillationTask &task;
  const DistillationOptions &options;
  Parameters parameters;
  std::vector<TrainedLayer> trained;
  RandomSequence random;
  SampleSplit split;
  Batch student, teacher, gradients;
  /// Nodes that the loss depends on.
  NodeRange studentRange, teacherRange;
  /// What a bit costs, in the unit of the loss, and how many there may be.
  double bitPrice = -1, bitLimit = 0;
  int64_t steps = 0;
  /// 1 over the teacher's variances, of the output and the features.
  double outputScale = 1;
  std::vector<double> featureScales;
};

Distiller::Distiller(const DistillationTask &task,
                     const QuantizedLayers &layers,
                     const DistillationOptions &options)
    : task(task), options(options), parameters(task.parameters),
      random(options.seed),
      split(splitSamples(task.samples.count, options.validationPart, random)),
      student(task.network, 1), teacher(task.teacherNetwork, 1),
      gradients(task.network, 1), studentRange{0, task.output.student + 1},
      teacherRange{0, task.output.teacher + 1} {
  for (const ValuePair &feature : task.features) {
    studentRange.last = std::max(studentRange.last, feature.student + 1);
    teacherRange.last = std::max(teacherRange.last, feature.teacher + 1);
  }
  for (size_t node = 0; node < layers.size(); ++node)
    if (layers[node])
      trained.emplace_back(static_cast<NodeId>(node),
                           *task.network.getNode(node).layer, *layers[node],
                           node < task.codes.size() && task.codes[node]
                               ? &*task.codes[node]
                               : nullptr);
  writeLayers();
  measureVariances();
  replaceEmptyDeviations();
}

void Distiller::writeLayers() {
  for (const TrainedLayer &layer : trained)
    writeParameters(*task.network.getNode(layer.getNode()).layer, layer.get(),
                    parameters.layers[layer.getNode()]);
}

double Distiller::countBits() {
  double sum = 0;
  for (TrainedLayer &layer : trained)
    if (layer.isCoded())
      sum += layer.countBits();
  return sum;
}

/// The price that holds the bits where they were. It starts as a small share of
/// what a step of a code usually changes in the loss.
void Distiller::adjustPrice(const Gradients &by) {
  if (bitLimit <= 0)
    return;
  constexpr double kFirstShare = 0.1, kLeastShare = 1e-3;
  double squares = 0, count = 0;
  for (const TrainedLayer &layer : trained) {
    auto [sum, codes] = layer.measure(by[layer.getNode()]);
    squares += sum;
    count += static_cast<double>(codes);
  }
  double usual = std::sqrt(squares / count);
  if (bitPrice < 0)
    bitPrice = kFirstShare * usual;
  // One percent too much changes the price by a tenth every time.
  double excess = countBits() / bitLimit - 1;
  bitPrice *= std::exp(std::clamp(10 * excess, -0.2, 0.2));
  bitPrice = std::max(bitPrice, kLeastShare * usual);
}

void Distiller::load(const uint64_t *samples, int64_t count, bool isTraining) {
  student.reset(count);
  teacher.reset(count);
  int64_t size = task.network.getSize(task.input.student);
  float *to = student.set(task.input.student);
  for (int64_t i = 0; i < count; ++i) {
    task.samples.read(samples[i], to + i * size);
    if (isTraining && task.augmentation)
      task.augmentation->apply(to + i * size, random);
  }
  std::copy_n(to, count * size, teacher.set(task.input.teacher));
  runForward(task.teacherNetwork, task.teacherParameters, teacher, teacherRange,
             {options.threads, false});
}

void Distiller::measureVariances() {
  // Equal weight for each of the batches that memory asks for.
  size_t count = std::min(split.training.size(), kVarianceSamples);
  size_t batch = static_cast<size_t>(options.batchSize), batches = 0;
  double output = 0;
  std::vector<double> features(task.features.size());
  auto measure = [&](ValueId id) {
    return getVariance(teacher.get(id),
                       teacher.getSamples() * task.teacherNetwork.getSize(id));
  };
  for (size_t i = 0; i < count; i += batch, ++batches) {
    load(&split.training[i], std::min(batch, count - i), false);
    output += measure(task.output.teacher);
    for (size_t f = 0; f < features.size(); ++f)
      features[f] += measure(task.features[f].teacher);
  }
  // A value that never changes is compared as it is.
  auto invert = [&](double sum) {
    return sum > 0 ? static_cast<double>(batches) / sum : 1.0;
  };
  outputScale = invert(output);
  for (double feature : features)
    featureScales.push_back(options.featureWeight * invert(feature));
}

/// Biases that are all the same (as of a layer without batch normalisation)
/// are measured with the layer's results instead.
void Distiller::replaceEmptyDeviations() {
  int64_t count = std::min<int64_t>(split.training.size(), options.batchSize);
  load(split.training.data(), count, false);
  runForward(task.network, parameters, student, studentRange,
             {options.threads, true});
  for (TrainedLayer &layer : trained)
    if (layer.getBiasDeviation() == 0 && layer.getNode() < studentRange.last)
      layer.setBiasDeviation(static_cast<float>(
          0.1 * std::sqrt(getVariance(
                    student.getLinear(layer.getNode()),
                    count * task.network.getSize(layer.getNode())))));
}

double Distiller::computeLoss(Batch *by) {
  bool keepLinear = by != nullptr;
  runForward(task.network, parameters, student, studentRange,
             {options.threads, keepLinear});
  int64_t count = student.getSamples();
  auto seed = [&](ValueId id) -> float * {
    if (!by)
      return nullptr;
    bool isNew = !by->has(id);
    float *to = by->set(id);
    if (isNew)
      std::fill_n(to, count * task.network.getSize(id), 0.0f);
    return to;
  };
  const ValuePair &output = task.output;
  int64_t size = task.network.getSize(output.student);
  const float *own = student.get(output.student);
  const float *wanted = teacher.get(output.teacher);
  double loss = 0;
  if (task.outputLoss == OutputLoss::KullbackLeibler) {
    const Shape &shape = task.network.getNode(output.student).shape;
    int64_t depth = shape.empty() ? 1 : shape.back();
    loss = addKullbackLeibler(own, wanted, count * size / depth, depth,
                              options.temperature, 1, seed(output.student));
  } else {
    loss = addSquaredError(own, wanted, count * size, outputScale,
                           seed(output.student));
  }
  for (size_t f = 0; f < task.features.size(); ++f) {
    const ValuePair &feature = task.features[f];
    loss += addSquaredError(student.get(feature.student),
                            teacher.get(feature.teacher),
                            count * task.network.getSize(feature.student),
                            featureScales[f], seed(feature.student));
  }
  return loss;
}

double Distiller::validate() {
  double sum = 0;
  size_t batch = static_cast<size_t>(options.batchSize);
  const std::vector<uint64_t> &samples = split.validation;
  for (size_t i = 0; i < samples.size(); i += batch) {
    size_t count = std::min(batch, samples.size() - i);
    load(&samples[i], static_cast<int64_t>(count), false);
    sum += computeLoss(nullptr) * static_cast<double>(count);
  }
  return sum / static_cast<double>(samples.size());
}

double Distiller::step(float rateFactor) {
  gradients.reset(student.getSamples());
  double loss = computeLoss(&gradients);
  Gradients by(task.network.getNodeCount());
  for (const TrainedLayer &layer : trained)
    by[layer.getNode()] = layer.getZeroGradients();
  runBackward(task.network, parameters, student, gradients, studentRange, by,
              {}, {options.threads, true});
  if (steps++ % kBitSteps == 0)
    adjustPrice(by);
  for (TrainedLayer &layer : trained)
    layer.step(by[layer.getNode()],
               {options.scaleRate * rateFactor, options.biasRate * rateFactor,
                options.codeRate * rateFactor, static_cast<float>(bitPrice)});
  writeLayers();
  return loss;
}

DistillationResult Distiller::train(QuantizedLayers &layers) {
  DistillationResult result;
  result.startLoss = result.bestLoss = validate();
  bitLimit = result.startBits = result.bits = countBits();
  int64_t count = static_cast<int64_t>(split.training.size());
  int64_t batch = std::min(options.batchSize, count);
  TrainingProgress progress;
  progress.steps = options.epochs * (count / batch);
  for (int64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    random.shuffle(split.training);
    for (int64_t i = 0; i + batch <= count; i += batch) {
      load(&split.training[i], batch, true);
      progress.loss = step(getCosineFactor(progress.step, progress.steps));
      ++progress.step;
      progress.bestLoss = result.bestLoss;
      if (options.progress && !options.progress(progress)) {
        result.isAborted = true;
        return result;
      }
    }
    double loss = validate(), bits = countBits();
    // Also false if it isn't a number.
    if (!(loss < result.bestLoss) || bits > kBitTolerance * bitLimit)
      continue;
    result.bestLoss = loss;
    result.bits = bits;
    result.bestEpoch = epoch;
    for (const TrainedLayer &layer : trained)
      layers[layer.getNode()] = layer.get();
  }
  return result;
}

} // namespace

DistillationResult
thimble::gradient::distill(const DistillationTask &task,
                           std::vector<std::optional<QuantizedLayer>> &layers,
                           const DistillationOptions &options) {
  assert(task.samples.count > 0 && "expected samples");
  return Distiller(task, layers, options).train(layers);
}

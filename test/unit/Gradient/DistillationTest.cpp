//===- DistillationTest.cpp - Tests of training scales and biases ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A student with disturbed scales and biases finds back to its teacher.
//
//===----------------------------------------------------------------------===//

#include "Student.h"
#include "thimble/Compression/Gradient/RoundingOptimization.h"
#include "gtest/gtest.h"

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// Multiplies scales and moves biases at random.
void disturb(std::vector<std::optional<QuantizedLayer>> &layers) {
  std::mt19937 random(9);
  for (std::optional<QuantizedLayer> &layer : layers) {
    if (!layer)
      continue;
    for (float &scale : layer->scales)
      scale *= 1 + 0.2f * randomFloats(1, random)[0];
    for (float &bias : layer->bias)
      bias += 0.2f * randomFloats(1, random)[0];
  }
}

/// makeResidualNetwork's values: the sum is node 4, the logits node 7.
DistillationTask getTask(const Student &student) {
  DistillationTask task{student.network,
                        student.parameters,
                        student.network,
                        student.teacher,
                        {0, 0},
                        {7, 7},
                        OutputLoss::KullbackLeibler,
                        {{4, 4}},
                        student.samples,
                        std::nullopt,
                        {}};
  return task;
}

DistillationOptions getOptions() {
  DistillationOptions options;
  options.epochs = 20;
  options.batchSize = 32;
  options.scaleRate = options.biasRate = 2e-2f;
  return options;
}

TEST(Distillation, FindsBackToTheTeacher) {
  Network network = makeResidualNetwork();
  Student student(network, 8, 1);
  disturb(student.layers);
  DistillationResult result =
      distill(getTask(student), student.layers, getOptions());
  EXPECT_GT(result.startLoss, 0.01);
  EXPECT_LT(result.bestLoss, result.startLoss / 10);
  EXPECT_GT(result.bestEpoch, 0);
  EXPECT_FALSE(result.isAborted);
}

/// Lets all codes change, within 3 bits.
void trainCodes(const Student &student, bool isCoded, DistillationTask &task) {
  for (size_t node = 0; node < student.layers.size(); ++node) {
    std::optional<CodeTraining> &training = task.codes.emplace_back();
    if (!student.layers[node])
      continue;
    training.emplace();
    training->alphabet = getAlphabet(3);
    training->weights = student.teacher.layers[node].weights;
    training->isCoded = isCoded;
  }
}

TEST(Distillation, TrainsCodes) {
  Network network = makeResidualNetwork();
  Student student(network, 3, 1), other(network, 3, 1);
  DistillationResult kept =
      distill(getTask(student), student.layers, getOptions());
  DistillationTask task = getTask(other);
  trainCodes(other, false, task);
  DistillationOptions options = getOptions();
  options.codeRate = 1e-2f;
  DistillationResult result = distill(task, other.layers, options);
  EXPECT_EQ(result.startLoss, kept.startLoss);
  EXPECT_LT(result.bestLoss, 0.9 * kept.bestLoss);
  for (const std::optional<QuantizedLayer> &layer : other.layers)
    if (layer)
      for (int8_t code : layer->codes)
        EXPECT_LE(std::abs(code), 3);
}

TEST(Distillation, HoldsBitsOfCodes) {
  Network network = makeResidualNetwork();
  Student student(network, 3, 1);
  DistillationTask task = getTask(student);
  trainCodes(student, true, task);
  DistillationOptions options = getOptions();
  options.codeRate = 1e-2f;
  DistillationResult result = distill(task, student.layers, options);
  EXPECT_LT(result.bestLoss, result.startLoss);
  double bits = 0;
  for (const std::optional<QuantizedLayer> &layer : student.layers)
    if (layer)
      bits += estimateBits(layer->codes);
  EXPECT_EQ(bits, result.bits);
  EXPECT_LE(bits, 1.003 * result.startBits);
}

TEST(Distillation, FindsBackWithOneScaleForTheTensor) {
  Network network = makeResidualNetwork();
  Student student(network, 8, 2);
  for (std::optional<QuantizedLayer> &layer : student.layers)
    if (layer)
      layer->scales.resize(1);
  Student kept = student;
  DistillationTask task = getTask(student);
  task.outputLoss = OutputLoss::SquaredError;
  DistillationResult result = distill(task, student.layers, getOptions());
  EXPECT_LT(result.bestLoss, result.startLoss / 2);
  EXPECT_EQ(student.layers[1]->scales.size(), 1u);
  EXPECT_EQ(student.layers[1]->codes, kept.layers[1]->codes);
}

TEST(Distillation, IsTheSameTwiceAndWithAnyNumberOfThreads) {
  Network network = makeResidualNetwork();
  std::vector<float> results[3];
  for (int run = 0; run < 3; ++run) {
    Student student(network, 4, 3);
    disturb(student.layers);
    DistillationTask task = getTask(student);
    task.augmentation = ImageAugmentation{8, 8, 3, true, 2};
    DistillationOptions options = getOptions();
    options.epochs = 2;
    options.threads = run == 2 ? 1 : 2;
    distill(task, student.layers, options);
    for (const std::optional<QuantizedLayer> &layer : student.layers)
      if (layer) {
        results[run].insert(results[run].end(), layer->scales.begin(),
                            layer->scales.end());
        results[run].insert(results[run].end(), layer->bias.begin(),
                            layer->bias.end());
      }
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(Distillation, NeverReturnsWorseThanTheStart) {
  Network network = makeResidualNetwork();
  Student student(network, 8, 4);
  std::vector<float> scales = student.layers[1]->scales;
  DistillationOptions options = getOptions();
  options.epochs = 3;
  options.scaleRate = options.biasRate = 30;
  DistillationResult result =
      distill(getTask(student), student.layers, options);
  EXPECT_EQ(result.bestEpoch, 0);
  EXPECT_EQ(result.bestLoss, result.startLoss);
  EXPECT_EQ(student.layers[1]->scales, scales);
}

TEST(Distillation, EndsWhenTold) {
  Network network = makeResidualNetwork();
  Student student(network, 8, 5);
  DistillationOptions options = getOptions();
  int64_t calls = 0;
  options.progress = [&](const TrainingProgress &progress) {
    EXPECT_EQ(progress.step, ++calls);
    EXPECT_EQ(progress.steps, 20 * (448 / 32));
    return calls < 5;
  };
  EXPECT_TRUE(distill(getTask(student), student.layers, options).isAborted);
  EXPECT_EQ(calls, 5);
}

} // namespace

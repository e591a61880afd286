//===- OutputLoss.cpp - How far a student is from its teacher -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums are of doubles in the order of the samples.
//
//===----------------------------------------------------------------------===//

#include "OutputLoss.h"
#include <cmath>

using namespace thimble;

/// Probabilities of an int8 softmax are multiples of 1/256: what is less than a
/// half of it is as good as that.
static constexpr double leastProbability = 1.0 / 512;

OutputLoss::OutputLoss(const FunctionNetwork &teacher,
                       std::vector<std::vector<float>> teacherOutputs,
                       int64_t samples)
    : samples(samples) {
  for (size_t i = 0; i < teacherOutputs.size(); ++i) {
    Output &output = outputs.emplace_back();
    output.teacher = std::move(teacherOutputs[i]);
    output.size = teacher.network.getSize(teacher.outputs[i]);
    output.isDistribution = teacher.distributions.contains(teacher.outputs[i]);
    double sum = 0, squares = 0, count = double(output.teacher.size());
    for (float value : output.teacher) {
      sum += value;
      squares += double(value) * value;
    }
    double variance = squares / count - (sum / count) * (sum / count);
    output.variance = variance > 0 ? variance : 1;
  }
}

double OutputLoss::add(size_t index, const float *values, int64_t first,
                       int64_t count) const {
  const Output &output = outputs[index];
  const float *teacher = output.teacher.data() + first * output.size;
  double sum = 0;
  for (int64_t i = 0; i < count * output.size; ++i) {
    if (!output.isDistribution) {
      double difference = double(values[i]) - teacher[i];
      sum += difference * difference / (output.variance * output.size);
      continue;
    }
    double p = std::max(double(teacher[i]), leastProbability);
    double q = std::max(double(values[i]), leastProbability);
    sum += p * std::log(p / q) - p + q; // each term is at least 0
  }
  return sum;
}

double
OutputLoss::getMean(const std::vector<std::vector<float>> &values) const {
  double sum = 0;
  for (size_t i = 0; i < outputs.size(); ++i)
    sum += add(i, values[i].data(), 0, samples);
  return sum / double(samples);
}

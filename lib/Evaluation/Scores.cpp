//===- Scores.cpp - How well a network does on samples --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From outputs to figures.
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/Scores.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace thimble;
using llvm::ArrayRef;
using llvm::StringRef;

/// The normal distribution's 97.5 % quantile.
static constexpr double z95 = 1.959963984540054;
/// The least probability; see divergence.
static constexpr double leastProbability = 1e-6;

//===----------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------===//

Estimate thimble::estimateProportion(uint64_t successes, uint64_t trials) {
  double n = static_cast<double>(trials), p = successes / n;
  double z2 = z95 * z95;
  double center = (p + z2 / (2 * n)) / (1 + z2 / n);
  double half =
      z95 * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return {p, std::max(center - half, 0.0), std::min(center + half, 1.0)};
}

static double meanOf(ArrayRef<double> values) {
  double sum = 0;
  for (double value : values)
    sum += value;
  return sum / values.size();
}

/// The variance of the values' mean.
static double varianceOfMean(ArrayRef<double> values) {
  if (values.size() < 2)
    return 0;
  double mean = meanOf(values), sum = 0;
  for (double value : values)
    sum += (value - mean) * (value - mean);
  double n = static_cast<double>(values.size());
  return sum / (n - 1) / n;
}

Estimate thimble::estimateMean(ArrayRef<double> values) {
  double mean = meanOf(values), half = z95 * std::sqrt(varianceOfMean(values));
  return {mean, mean - half, mean + half};
}

static std::vector<double> differences(ArrayRef<double> a, ArrayRef<double> b) {
  std::vector<double> result;
  for (auto [x, y] : llvm::zip_equal(a, b))
    result.push_back(x - y);
  return result;
}

PairedDifference thimble::pairedDifference(ArrayRef<double> a,
                                           ArrayRef<double> b) {
  std::vector<double> difference = differences(a, b);
  return {meanOf(difference), std::sqrt(varianceOfMean(difference))};
}

/// The part of `sorted` that is below `value`, equal ones counting half.
static double partBelow(ArrayRef<double> sorted, double value) {
  auto below = llvm::lower_bound(sorted, value) - sorted.begin();
  auto notAbove = llvm::upper_bound(sorted, value) - sorted.begin();
  return 0.5 * static_cast<double>(below + notAbove) / sorted.size();
}

AreaUnderCurve::AreaUnderCurve(ArrayRef<double> scores,
                               ArrayRef<int64_t> labels) {
  std::vector<double> high, low;
  for (auto [score, label] : llvm::zip_equal(scores, labels))
    (label ? high : low).push_back(score);
  std::vector<double> sortedHigh = high, sortedLow = low;
  llvm::sort(sortedHigh);
  llvm::sort(sortedLow);
  for (double score : high)
    positives.push_back(partBelow(sortedLow, score));
  for (double score : low)
    negatives.push_back(1 - partBelow(sortedHigh, score));
}

Estimate AreaUnderCurve::getEstimate() const {
  double area = meanOf(positives);
  double half =
      z95 * std::sqrt(varianceOfMean(positives) + varianceOfMean(negatives));
  return {area, std::max(area - half, 0.0), std::min(area + half, 1.0)};
}

PairedDifference AreaUnderCurve::minus(const AreaUnderCurve &other) const {
  std::vector<double> high = differences(positives, other.positives);
  std::vector<double> low = differences(negatives, other.negatives);
  return {meanOf(high), std::sqrt(varianceOfMean(high) + varianceOfMean(low))};
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

int64_t thimble::classOf(ArrayRef<float> output) {
  if (output.size() == 1)
    return output[0] > 0.5f;
  return std::max_element(output.begin(), output.end()) - output.begin();
}

/// Whether outputs are probabilities: int8 ones of n classes may be off by
/// n / 512 in sum.
static bool isDistribution(ArrayRef<float> output) {
  double sum = 0;
  for (float value : output) {
    if (value < 0 || value > 1)
      return false;
    sum += value;
  }
  return std::abs(sum - 1) <= 0.01 + output.size() / 256.0;
}

/// Logarithms of probabilities.
static std::vector<double> logarithms(ArrayRef<float> output,
                                      bool areProbabilities) {
  std::vector<double> numbers(output.begin(), output.end());
  if (!areProbabilities) {
    double top = *llvm::max_element(numbers);
    for (double &number : numbers)
      number = std::exp(number - top);
  }
  double sum = 0;
  for (double &number : numbers)
    sum += number;
  double clamped = 0;
  for (double &number : numbers) {
    number = std::max(sum > 0 ? number / sum : 0.0, leastProbability);
    clamped += number;
  }
  for (double &number : numbers)
    number = std::log(number / clamped);
  return numbers;
}

double thimble::divergence(ArrayRef<float> teacher, ArrayRef<float> student) {
  // The teacher is the exact one of the two.
  bool areProbabilities = isDistribution(teacher);
  std::vector<double> p = logarithms(teacher, areProbabilities);
  std::vector<double> q = logarithms(student, areProbabilities);
  double sum = 0;
  for (auto [logP, logQ] : llvm::zip_equal(p, q))
    sum += std::exp(logP) * (logP - logQ);
  return std::max(sum, 0.0);
}

//===----------------------------------------------------------------------===//
// Tasks
//===----------------------------------------------------------------------===//

StringRef thimble::getTaskName(Task task) {
  switch (task) {
  case Task::top1:
    return "top1";
  case Task::auc:
    return "auc";
  case Task::mse:
    return "mse";
  case Task::agreement:
    return "agreement";
  }
  llvm_unreachable("covered switch");
}

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

/// Whether labels, the input and the output are what a task needs.
static llvm::Error checkTask(Task task, ArrayRef<int64_t> labels,
                             bool isReconstruction, uint64_t outputElements) {
  if ((task == Task::top1 || task == Task::auc) && labels.empty())
    return fail("expected samples with labels for the task " +
                getTaskName(task) + ", found none: give --labels");
  int64_t classes = std::max<int64_t>(outputElements, 2);
  for (int64_t label : labels)
    if (task == Task::top1 && label >= classes)
      return fail("expected labels below " + llvm::Twine(classes) +
                  ", the number of classes, found " + llvm::Twine(label));
  if (task == Task::auc) {
    auto ones = llvm::count(labels, 1), zeros = llvm::count(labels, 0);
    if (ones + zeros != static_cast<int64_t>(labels.size()) || !ones || !zeros)
      return fail("expected the labels 0 (usual) and 1 (anomaly), some of "
                  "each, for the task auc");
  }
  bool needsReconstruction =
      task == Task::mse || (task == Task::auc && outputElements != 1);
  if (needsReconstruction && !isReconstruction)
    return fail("expected a model whose output has the size of its input for "
                "the task " +
                getTaskName(task));
  return llvm::Error::success();
}

llvm::Expected<Task> thimble::chooseTask(StringRef name,
                                         ArrayRef<int64_t> labels,
                                         uint64_t inputElements,
                                         uint64_t outputElements) {
  bool isReconstruction = inputElements == outputElements && inputElements > 1;
  auto task = llvm::StringSwitch<std::optional<Task>>(name)
                  .Case("top1", Task::top1)
                  .Case("auc", Task::auc)
                  .Case("mse", Task::mse)
                  .Case("agreement", Task::agreement)
                  .Default(std::nullopt);
  if (!task && !name.empty())
    return fail("expected the task top1, auc, mse or agreement, found '" +
                name + "'");
  if (!task && labels.empty())
    task = isReconstruction ? Task::mse : Task::agreement;
  if (!task)
    task = isReconstruction ? Task::auc : Task::top1;
  if (llvm::Error error =
          checkTask(*task, labels, isReconstruction, outputElements))
    return std::move(error);
  return *task;
}

/// For each sample 1 if its class is the label.
static std::vector<double> rightOnes(const NetworkOutputs &network,
                                     ArrayRef<int64_t> labels) {
  std::vector<double> right;
  for (uint64_t i = 0; i < network.getCount(); ++i)
    right.push_back(classOf(network.getOutput(i)) == labels[i]);
  return right;
}

static std::vector<int64_t> classesOf(const NetworkOutputs &network) {
  std::vector<int64_t> classes;
  for (uint64_t i = 0; i < network.getCount(); ++i)
    classes.push_back(classOf(network.getOutput(i)));
  return classes;
}

static AreaUnderCurve areaOf(const NetworkOutputs &network,
                             ArrayRef<int64_t> labels) {
  std::vector<double> scores = network.squaredErrors;
  if (network.elements == 1)
    scores.assign(network.outputs.begin(), network.outputs.end());
  return AreaUnderCurve(scores, labels);
}

static Estimate proportionOf(ArrayRef<double> ones) {
  return estimateProportion(llvm::count(ones, 1.0), ones.size());
}

/// A mean of what is never negative.
static Estimate estimateError(ArrayRef<double> errors) {
  Estimate estimate = estimateMean(errors);
  estimate.low = std::max(estimate.low, 0.0);
  return estimate;
}

static PairedDifference inPercent(PairedDifference difference) {
  return {100 * difference.value, 100 * difference.standardError};
}

/// The increase of a mean over the teacher's, relative to that. The standard
/// error of a ratio of means r is that of the mean of (student - r teacher)
/// over the teacher's mean, to first order.
static PairedDifference relativeIncrease(ArrayRef<double> student,
                                         ArrayRef<double> teacher) {
  double base = std::max(meanOf(teacher), 1e-300);
  double ratio = meanOf(student) / base;
  std::vector<double> scaled;
  for (double value : teacher)
    scaled.push_back(ratio * value);
  return {ratio - 1, pairedDifference(student, scaled).standardError / base};
}

/// Agreement and divergence.
static void compare(const NetworkOutputs &student,
                    const NetworkOutputs &teacher, NetworkScore &result) {
  std::vector<double> same = rightOnes(student, classesOf(teacher));
  std::vector<double> divergences;
  for (uint64_t i = 0; i < student.getCount(); ++i)
    divergences.push_back(
        divergence(teacher.getOutput(i), student.getOutput(i)));
  result.agreement = proportionOf(same);
  if (student.elements > 1)
    result.divergence = estimateMean(divergences);
}

NetworkScore thimble::scoreNetwork(Task task, ArrayRef<int64_t> labels,
                                   const NetworkOutputs &student,
                                   const NetworkOutputs *teacher) {
  NetworkScore result;
  if (teacher && (task == Task::top1 || task == Task::agreement))
    compare(student, *teacher, result);
  switch (task) {
  case Task::top1: {
    std::vector<double> right = rightOnes(student, labels);
    result.score = proportionOf(right);
    if (teacher)
      result.drop =
          inPercent(pairedDifference(rightOnes(*teacher, labels), right));
    break;
  }
  case Task::agreement: {
    std::vector<double> same =
        rightOnes(student, classesOf(teacher ? *teacher : student));
    result.score = proportionOf(same);
    if (teacher)
      result.drop = inPercent(
          pairedDifference(std::vector<double>(same.size(), 1.0), same));
    break;
  }
  case Task::auc: {
    AreaUnderCurve area = areaOf(student, labels);
    result.score = area.getEstimate();
    if (teacher)
      result.drop = inPercent(areaOf(*teacher, labels).minus(area));
    break;
  }
  case Task::mse:
    result.score = estimateError(student.squaredErrors);
    result.absoluteError = estimateError(student.absoluteErrors);
    if (teacher)
      result.drop = inPercent(
          relativeIncrease(student.squaredErrors, teacher->squaredErrors));
    break;
  }
  return result;
}

//===- ScoresTest.cpp - Figures of networks -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against textbook numbers, and against definitions evaluated plainly.
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/Scores.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace thimble;
using testing::HasSubstr;

TEST(Scores, ProportionsHaveWilsonsInterval) {
  // Agresti and Coull, The American Statistician 52 (1998): 8 of 10.
  Estimate e = estimateProportion(8, 10);
  EXPECT_DOUBLE_EQ(e.value, 0.8);
  EXPECT_NEAR(e.low, 0.4902, 1e-4);
  EXPECT_NEAR(e.high, 0.9433, 1e-4);
  e = estimateProportion(0, 20);
  EXPECT_EQ(e.low, 0);
  EXPECT_NEAR(e.high, 0.1611, 1e-4);
  e = estimateProportion(1, 1);
  EXPECT_EQ(e.high, 1);
  EXPECT_NEAR(e.low, 0.2065, 1e-4);
}

TEST(Scores, MeansHaveANormalInterval) {
  Estimate e = estimateMean({1, 2, 3, 4});
  EXPECT_EQ(e.value, 2.5);
  // The sample's deviation is sqrt(5 / 3), of the mean half of it.
  EXPECT_NEAR(e.high - 2.5, 1.96 * std::sqrt(5.0 / 3) / 2, 1e-4);
  EXPECT_NEAR(e.low + e.high, 5, 1e-12);
  e = estimateMean({7});
  EXPECT_EQ(e.low, 7);
  EXPECT_EQ(e.high, 7);
}

TEST(Scores, DifferencesArePaired) {
  PairedDifference d = pairedDifference({1, 1, 0, 1}, {1, 0, 0, 0});
  EXPECT_EQ(d.value, 0.5);
  EXPECT_NEAR(d.standardError, std::sqrt(1.0 / 3) / 2, 1e-12);
}

TEST(Scores, AreaIsThatOfMannAndWhitney) {
  // Pairs (positive, negative): 3 > 1, 3 > 2, 2 > 1, 2 = 2: 3.5 of 4.
  AreaUnderCurve area({1, 3, 2, 2}, {0, 1, 0, 1});
  EXPECT_DOUBLE_EQ(area.getEstimate().value, 0.875);
  EXPECT_DOUBLE_EQ(AreaUnderCurve({1, 2}, {0, 1}).getEstimate().value, 1);
  EXPECT_DOUBLE_EQ(AreaUnderCurve({1, 2}, {1, 0}).getEstimate().value, 0);
}

TEST(Scores, AreasVaryAsDeLongSays) {
  std::mt19937 engine(3);
  std::vector<double> a, b;
  std::vector<int64_t> labels;
  for (int i = 0; i < 60; ++i) {
    labels.push_back(i % 3 == 0);
    a.push_back(static_cast<double>(engine() % 10) + 3 * labels.back());
    b.push_back(a.back() + static_cast<double>(engine() % 4));
  }
  // The definition: placements by counting, their variances and covariances.
  auto placements = [&](const std::vector<double> &scores, int64_t label) {
    std::vector<double> result;
    for (int i = 0; i < 60; ++i) {
      double sum = 0, count = 0;
      for (int j = 0; j < 60 && labels[i] == label; ++j)
        if (labels[j] != label) {
          double ahead = label ? scores[i] - scores[j] : scores[j] - scores[i];
          sum += ahead > 0 ? 1 : ahead == 0 ? 0.5 : 0;
          ++count;
        }
      if (count > 0)
        result.push_back(sum / count);
    }
    return result;
  };
  auto variance = [](const std::vector<double> &x,
                     const std::vector<double> &y) {
    double meanX = 0, meanY = 0, sum = 0, n = static_cast<double>(x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      meanX += x[i] / n;
      meanY += y[i] / n;
    }
    for (size_t i = 0; i < x.size(); ++i)
      sum += (x[i] - meanX) * (y[i] - meanY);
    return sum / (n - 1) / n;
  };
  double own = 0, difference = 0;
  for (int64_t label : {0, 1}) {
    auto x = placements(a, label), y = placements(b, label);
    own += variance(x, x);
    difference += variance(x, x) + variance(y, y) - 2 * variance(x, y);
  }
  AreaUnderCurve areaA(a, labels), areaB(b, labels);
  Estimate e = areaA.getEstimate();
  EXPECT_NEAR((e.value - e.low) / 1.959964, std::sqrt(own), 1e-6);
  PairedDifference d = areaA.minus(areaB);
  EXPECT_NEAR(d.value, e.value - areaB.getEstimate().value, 1e-12);
  EXPECT_NEAR(d.standardError, std::sqrt(difference), 1e-9);
}

TEST(Scores, ClassesAreTheFirstGreatest) {
  EXPECT_EQ(classOf({1, 3, 3}), 1);
  EXPECT_EQ(classOf({0.6f}), 1);
  EXPECT_EQ(classOf({0.5f}), 0);
}

TEST(Scores, DivergenceOfDistributionsAndLogits) {
  double expected = 0.75 * std::log(0.75 / 0.5) + 0.25 * std::log(0.25 / 0.5);
  EXPECT_NEAR(divergence({0.75f, 0.25f}, {0.5f, 0.5f}), expected, 1e-6);
  float l = std::log(3.0f);
  EXPECT_NEAR(divergence({l + 2, 2}, {-7, -7}), expected, 1e-6);
  EXPECT_EQ(divergence({0.75f, 0.25f}, {0.75f, 0.25f}), 0);
  // Rounded to 0 is not impossible.
  EXPECT_NEAR(divergence({0.5f, 0.5f}, {1, 0}),
              0.5 * std::log(0.5) + 0.5 * std::log(0.5 / 1e-6), 1e-3);
}

static std::string errorOf(llvm::Expected<Task> task) {
  return task ? "" : llvm::toString(task.takeError());
}

static void expectTask(Task expected, llvm::Expected<Task> task) {
  ASSERT_TRUE(static_cast<bool>(task)) << llvm::toString(task.takeError());
  EXPECT_EQ(*task, expected);
}

TEST(Scores, TasksAreInferred) {
  expectTask(Task::top1, chooseTask("", {0, 2}, 10, 3));
  expectTask(Task::agreement, chooseTask("", {}, 10, 3));
  expectTask(Task::mse, chooseTask("", {}, 10, 10));
  expectTask(Task::auc, chooseTask("", {0, 1}, 10, 10));
  expectTask(Task::mse, chooseTask("mse", {0, 1}, 10, 10));
  expectTask(Task::auc, chooseTask("auc", {0, 1}, 10, 1));
  EXPECT_THAT(errorOf(chooseTask("best", {}, 1, 1)),
              HasSubstr("expected the task top1, auc, mse or agreement"));
  EXPECT_THAT(errorOf(chooseTask("top1", {}, 10, 3)),
              HasSubstr("give --labels"));
  EXPECT_THAT(errorOf(chooseTask("", {0, 3}, 10, 3)),
              HasSubstr("expected labels below 3, the number of classes, "
                        "found 3"));
  EXPECT_THAT(errorOf(chooseTask("auc", {1, 1}, 10, 10)),
              HasSubstr("some of each"));
  EXPECT_THAT(errorOf(chooseTask("mse", {}, 10, 3)),
              HasSubstr("output has the size of its input"));
}

/// Outputs of three classes, each the one hot of a number.
static NetworkOutputs oneHot(const std::vector<int> &classes) {
  NetworkOutputs network;
  network.elements = 3;
  for (int c : classes)
    for (int i = 0; i < 3; ++i)
      network.outputs.push_back(i == c);
  return network;
}

TEST(Scores, NetworksAreComparedToTheirTeacher) {
  NetworkOutputs teacher = oneHot({0, 1, 2, 0}), student = oneHot({0, 1, 1, 1});
  std::vector<int64_t> labels = {0, 1, 2, 1};
  NetworkScore own = scoreNetwork(Task::top1, labels, teacher, nullptr);
  EXPECT_EQ(own.score.value, 0.75);
  EXPECT_FALSE(own.drop || own.agreement);
  NetworkScore score = scoreNetwork(Task::top1, labels, student, &teacher);
  EXPECT_EQ(score.score.value, 0.75);
  EXPECT_EQ(score.agreement->value, 0.5);
  EXPECT_EQ(score.drop->value, 0);
  EXPECT_NEAR(score.drop->standardError, 100 * std::sqrt(2.0 / 3) / 2, 1e-9);
  EXPECT_GT(score.divergence->value, 1);
  score = scoreNetwork(Task::agreement, {}, student, &teacher);
  EXPECT_EQ(score.score.value, 0.5);
  EXPECT_EQ(score.drop->value, 50);
}

TEST(Scores, ReconstructionsAreComparedByTheirErrors) {
  NetworkOutputs teacher, student;
  teacher.elements = student.elements = 1;
  teacher.outputs = student.outputs = {0, 0};
  teacher.squaredErrors = {1, 3};
  teacher.absoluteErrors = {1, 1};
  student.squaredErrors = {1.1, 3.3};
  student.absoluteErrors = {1, 2};
  NetworkScore score = scoreNetwork(Task::mse, {}, student, &teacher);
  EXPECT_NEAR(score.score.value, 2.2, 1e-12);
  EXPECT_NEAR(score.absoluteError->value, 1.5, 1e-12);
  EXPECT_NEAR(score.drop->value, 10, 1e-9);
  EXPECT_NEAR(score.drop->standardError, 0, 1e-9);
}

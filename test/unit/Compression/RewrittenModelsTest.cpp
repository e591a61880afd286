//===- RewrittenModelsTest.cpp - What rewritten networks compute ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that give a float network other weights, against the network as it
// was, on random inputs.
//
//===----------------------------------------------------------------------===//

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Compression/Numerics/LowRank.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightGeometry.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/Evaluator.h"
#include "thimble/Evaluation/ModelSamples.h"
#include "thimble/InitAll.h"
#include "gtest/gtest.h"
#include <random>

using namespace mlir;
using namespace thimble;

namespace {
class RewrittenModels : public testing::Test {
protected:
  RewrittenModels() {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
  }

  /// A function @m of `body`; weights and biases become random.
  void parse(const std::string &arguments, const std::string &body) {
    module = parseSourceString<ModuleOp>(
        "func.func @m(" + arguments + " {\n" + body + "\n}", &context);
    ASSERT_TRUE(module);
    module->walk([&](WeightedOp op) {
      Eigen::MatrixXd weights = getWeights(op);
      Eigen::VectorXd biases = getBiases(op);
      for (double &weight : weights.reshaped())
        weight = normal(random);
      for (double &bias : biases)
        bias = normal(random);
      setWeights(op, weights, biases);
    });
  }

  WeightedOp find(StringRef id) {
    WeightedOp found;
    getModel().walk([&](WeightedOp op) {
      if (op->getAttrOfType<StringAttr>(idAttrName).getValue() == id)
        found = op;
    });
    return found;
  }

  /// Moments of inputs that are correlated and not about 0.
  void setRandomMoments(WeightedOp op) {
    WeightGeometry geometry = WeightGeometry::of(op);
    std::vector<Eigen::MatrixXd> moments;
    for (int64_t group = 0; group < geometry.groups; ++group) {
      Eigen::MatrixXd samples(3 * geometry.columns, geometry.columns + 1);
      for (double &number : samples.reshaped())
        number = 0.5 + normal(random);
      samples.col(geometry.columns).setOnes();
      moments.push_back(samples.transpose() * samples / samples.rows());
    }
    setMoments(op, moments);
  }

  LogicalResult run(std::unique_ptr<Pass> pass) {
    PassManager pm(&context);
    pm.addPass(std::move(pass));
    return pm.run(*module);
  }

  func::FuncOp getModel() { return *findModel(*module); }

  /// The outputs of a function for `count` random inputs, always the same.
  std::vector<float> evaluate(func::FuncOp function, int count = 4) {
    std::vector<float> result;
    auto evaluator = Evaluator::compile(function);
    EXPECT_TRUE(succeeded(evaluator));
    if (failed(evaluator))
      return result;
    std::mt19937 inputs(7);
    std::uniform_real_distribution<float> uniform(-1, 2);
    for (int i = 0; i < count; ++i) {
      Evaluator::Frame frame(**evaluator);
      std::vector<float> sample((*evaluator)->getInputs()[0].elements);
      for (float &number : sample)
        number = uniform(inputs);
      frame.setInput(0, sample);
      frame.run();
      ArrayRef<float> output = frame.getFloats(0);
      result.insert(result.end(), output.begin(), output.end());
    }
    return result;
  }

  void expectNear(const std::vector<float> &found,
                  const std::vector<float> &expected) {
    ASSERT_EQ(found.size(), expected.size());
    float largest = 0;
    for (float number : expected)
      largest = std::max(largest, std::abs(number));
    ASSERT_GT(largest, 0);
    for (size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], 2e-5 * largest) << i;
  }

  int64_t countMacs() {
    int64_t macs = 0;
    getModel().walk([&](CostOp op) { macs += op.getMacs(); });
    return macs;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::mt19937 random{1};
  std::normal_distribution<float> normal;
};
} // namespace

constexpr const char *product = R"(
    %w = thimble.constant dense<0.0> : tensor<6x8xf32> : tensor<6x8xf32>
    %b = thimble.constant dense<0.0> : tensor<6xf32> : tensor<6xf32>
    %y = thimble.fully_connected %x, %w, %b {thimble.id = "a",
        activation = #thimble.activation<relu>}
      : (tensor<3x8xf32>, tensor<6x8xf32>, tensor<6xf32>) -> tensor<3x2x3xf32>
    return %y : tensor<3x2x3xf32>)";

constexpr const char *window = R"(
    %w = thimble.constant dense<0.0> : tensor<6x3x2x3xf32> : tensor<6x3x2x3xf32>
    %y = thimble.conv_2d %x, %w {thimble.id = "a",
        strides = array<i64: 2, 1>, dilations = array<i64: 1, 2>,
        padding = array<i64: 1, 0, 2, 1>}
      : (tensor<1x6x5x3xf32>, tensor<6x3x2x3xf32>) -> tensor<1x3x6x6xf32>
    return %y : tensor<1x3x6x6xf32>)";

TEST_F(RewrittenModels, ProductOfFullRankSplits) {
  parse("%x: tensor<3x8xf32>) -> tensor<3x2x3xf32>", product);
  WeightedOp op = find("a");
  setWeights(op, Eigen::MatrixXd::Random(6, 3) * Eigen::MatrixXd::Random(3, 8),
             getBiases(op));
  setRandomMoments(op);
  FactorizePassOptions options;
  options.rank = 3;
  ASSERT_TRUE(succeeded(run(createFactorizePass(options))));
  ASSERT_TRUE(find("a.low"));
  EXPECT_EQ(countMacs(), 3 * 3 * (6 + 8));
  expectNear(evaluate(getModel()), evaluate(getTeacher(getModel())));
}

TEST_F(RewrittenModels, WindowSplitsByChannels) {
  parse("%x: tensor<1x6x5x3xf32>) -> tensor<1x3x6x6xf32>", window);
  WeightedOp op = find("a");
  setWeights(op, Eigen::MatrixXd::Random(6, 2) * Eigen::MatrixXd::Random(2, 18),
             getBiases(op));
  setRandomMoments(op);
  FactorizePassOptions options;
  options.energy = 0.999999;
  ASSERT_TRUE(succeeded(run(createFactorizePass(options))));
  ASSERT_TRUE(find("a.low"));
  EXPECT_EQ(countMacs(), 3 * 6 * 2 * (6 + 18));
  expectNear(evaluate(getModel()), evaluate(getTeacher(getModel())));
}

TEST_F(RewrittenModels, WindowSplitsByAxes) {
  parse("%x: tensor<1x6x5x3xf32>) -> tensor<1x3x6x6xf32>", window);
  WeightedOp op = find("a");
  // Column x of the window of output o: second(o, x) times one column.
  LowRankFactors factors{Eigen::MatrixXd::Random(1, 9),
                         Eigen::MatrixXd::Random(6, 2)};
  setWeights(op, mergeSpatially(factors, {6, 3, 2, 3}), getBiases(op));
  setRandomMoments(op);
  FactorizePassOptions options;
  options.rank = 1;
  ASSERT_TRUE(succeeded(run(createFactorizePass(options))));
  WeightedOp low = find("a.low");
  ASSERT_TRUE(low);
  EXPECT_EQ(tensorType(low.getWeightOperand().get()).getDimSize(2), 1);
  // 3 rows of 5 pixels of 9, and 3 rows of 6 pixels of 6 times 2.
  EXPECT_EQ(countMacs(), 3 * 5 * 9 + 3 * 6 * 12);
  expectNear(evaluate(getModel()), evaluate(getTeacher(getModel())));
}

/// Where the split is not exact its error is the one that was predicted: the
/// mean of the results stays.
TEST_F(RewrittenModels, LowRankKeepsTheMean) {
  parse("%x: tensor<3x8xf32>) -> tensor<3x2x3xf32>", product);
  WeightedOp op = find("a");
  setRandomMoments(op);
  Eigen::VectorXd mean = getMoments(op).front().col(8).head(8);
  Eigen::VectorXd before = getWeights(op) * mean + getBiases(op);
  FactorizePassOptions options;
  options.rank = 2;
  ASSERT_TRUE(succeeded(run(createFactorizePass(options))));
  WeightedOp low = find("a.low");
  Eigen::VectorXd middle = getWeights(low) * mean + getBiases(low);
  EXPECT_LT(middle.norm(), 1e-5);
  Eigen::VectorXd after = getWeights(find("a")) * middle + getBiases(find("a"));
  EXPECT_LT((after - before).norm(), 1e-5 * before.norm());
}

constexpr const char *chain = R"(
    %w = thimble.constant dense<0.0> : tensor<4x3x3x2xf32> : tensor<4x3x3x2xf32>
    %b = thimble.constant dense<0.0> : tensor<4xf32> : tensor<4xf32>
    %0 = thimble.conv_2d %x, %w, %b {thimble.id = "a",
        activation = #thimble.activation<relu>,
        strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
        padding = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x4x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>)
      -> tensor<1x4x4x4xf32>
    %v = thimble.constant dense<0.0> : tensor<1x3x3x8xf32> : tensor<1x3x3x8xf32>
    %c = thimble.constant dense<0.0> : tensor<8xf32> : tensor<8xf32>
    %1 = thimble.depthwise_conv_2d %0, %v, %c {thimble.id = "b",
        strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
        padding = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x4x4xf32>, tensor<1x3x3x8xf32>, tensor<8xf32>)
      -> tensor<1x4x4x8xf32>
    %u = thimble.constant dense<0.0> : tensor<5x1x1x8xf32> : tensor<5x1x1x8xf32>
    %2 = thimble.conv_2d %1, %u {thimble.id = "c",
        strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
        padding = array<i64: 0, 0, 0, 0>}
      : (tensor<1x4x4x8xf32>, tensor<5x1x1x8xf32>) -> tensor<1x4x4x5xf32>)";

TEST_F(RewrittenModels, EqualizedIsTheSame) {
  for (bool hasMoments : {false, true}) {
    parse("%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x5xf32>",
          std::string(chain) + "return %2 : tensor<1x4x4x5xf32>");
    Eigen::MatrixXd weights = getWeights(find("a"));
    weights.row(1) *= 50;
    weights.row(2) *= 0.01;
    setWeights(find("a"), weights, getBiases(find("a")));
    if (hasMoments)
      for (const char *id : {"b", "c"})
        setRandomMoments(find(id));
    std::vector<float> before = evaluate(getModel());
    ASSERT_TRUE(succeeded(run(createEqualizePass())));
    EXPECT_NE(getWeights(find("a")), weights);
    EXPECT_EQ(evaluate(getModel()), before);
  }
}

TEST_F(RewrittenModels, FoldedIsTheSame) {
  parse("%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x5xf32>",
        std::string(chain) + R"(
    %m = thimble.constant dense<[1.0, -2.0, 0.5, 3.0, 0.25]> : tensor<5xf32>
      : tensor<5xf32>
    %n = thimble.constant dense<[0.5, 2.0, -0.5, 0.1, 0.25]> : tensor<5xf32>
      : tensor<5xf32>
    %3 = thimble.mul %2, %m {thimble.id = "mul"}
      : (tensor<1x4x4x5xf32>, tensor<5xf32>) -> tensor<1x4x4x5xf32>
    %4 = thimble.sub %n, %3 {thimble.id = "sub",
        activation = #thimble.activation<relu>}
      : (tensor<5xf32>, tensor<1x4x4x5xf32>) -> tensor<1x4x4x5xf32>
    return %4 : tensor<1x4x4x5xf32>)");
  std::vector<float> before = evaluate(getModel());
  ASSERT_TRUE(succeeded(run(createFoldBatchNormPass())));
  EXPECT_TRUE(getModel().getBody().getOps<SubOp>().empty());
  expectNear(evaluate(getModel()), before);
}

/// Channels of nearly no weight go and nothing else changes.
TEST_F(RewrittenModels, NegligibleChannelsAreMissedByNobody) {
  parse("%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x5xf32>",
        std::string(chain) + "return %2 : tensor<1x4x4x5xf32>");
  Eigen::MatrixXd weights = getWeights(find("a"));
  weights.row(1) *= 1e-8;
  setWeights(find("a"), weights, getBiases(find("a")));
  Eigen::MatrixXd last = getWeights(find("c"));
  last.col(6) *= 1e-8;
  setWeights(find("c"), last, getBiases(find("c")));
  for (const char *id : {"a", "b", "c"})
    setRandomMoments(find(id));
  PrunePassOptions options;
  options.pattern = "channels";
  ASSERT_TRUE(succeeded(run(createPrunePass(options))));
  EXPECT_TRUE(getWeights(find("a")).row(1).isZero(0));
  EXPECT_EQ((getWeights(find("a")).array() == 0).count(), weights.cols());
  EXPECT_TRUE(getWeights(find("c")).col(6).isZero(0));
  EXPECT_EQ((getWeights(find("c")).array() == 0).count(), last.rows());
  expectNear(evaluate(getModel()), evaluate(getTeacher(getModel())));
}

//===- BackwardTest.cpp - Derivatives against finite differences ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loss is a random weighted sum of the results, summed in double. Where
// results are linear in each single number, central differences are exact
// whatever the step, so steps are large and tolerances a few units of float's
// rounding; smooth functions have steps of 0.02, whose truncation error
// (step^2 / 6 times the third derivative) is below 1e-4. Kinks are kept away
// from by inputs that are odd multiples of more than the step.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Backward.h"
#include "RandomNetwork.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// A network whose loss is a weighted sum of its last node's results.
class Loss {
public:
  Loss(const Network &network, int64_t samples, std::mt19937 &random)
      : network(network), parameters(randomParameters(network, random)),
        batch(network, samples), gradients(network, samples),
        last(network.getNodeCount() - 1) {
    setRandomInputs(network, batch, random);
    weights = randomFloats(samples * network.getSize(last), random);
  }

  double compute() {
    runForward(network, parameters, batch, {0, last + 1}, {1, true});
    const float *result = batch.get(last);
    double sum = 0;
    for (size_t i = 0; i < weights.size(); ++i)
      sum += double(weights[i]) * result[i];
    return sum;
  }

  /// Derivatives by all inputs and parameters.
  void differentiate(int threads = 2) {
    compute();
    gradients.reset(batch.getSamples());
    std::copy(weights.begin(), weights.end(), gradients.set(last));
    parameterGradients.assign(network.getNodeCount(), {});
    std::vector<ValueId> wanted;
    for (NodeId id = 0; id <= last; ++id) {
      if (network.getNode(id).kind == Node::Kind::Input)
        wanted.push_back(id);
      if (const std::optional<LayerShape> &layer = network.getNode(id).layer) {
        parameterGradients[id].weights.resize(layer->getCount());
        parameterGradients[id].bias.resize(layer->rows);
        parameterGradients[id].logScales.resize(layer->rows);
      }
    }
    runBackward(network, parameters, batch, gradients, {0, last + 1},
                parameterGradients, wanted, {threads});
  }

  /// The central difference by one number.
  double difference(float &number, float step) {
    float kept = number;
    number = kept + step;
    double above = compute();
    number = kept - step;
    double below = compute();
    number = kept;
    return (above - below) / (2 * double(step));
  }

  /// Compares a few derivatives by `numbers` with `derivatives`.
  void compare(float *numbers, const float *derivatives, int64_t count,
               float step, double tolerance, std::mt19937 &random) {
    for (int check = 0; check < 12; ++check) {
      int64_t i = randomWhole(0, count - 1, random);
      double wanted = difference(numbers[i], step);
      ASSERT_NEAR(derivatives[i], wanted, tolerance * (1 + std::abs(wanted)));
    }
  }

  /// Compares derivatives by all inputs, weights and biases.
  void check(float step, double tolerance, std::mt19937 &random) {
    differentiate();
    for (NodeId id = 0; id <= last; ++id) {
      if (network.getNode(id).kind == Node::Kind::Input)
        compare(batch.set(id), gradients.get(id),
                batch.getSamples() * network.getSize(id), step, tolerance,
                random);
      if (!network.getNode(id).layer)
        continue;
      LayerParameters &layer = parameters.layers[id];
      LayerGradients &by = parameterGradients[id];
      compare(layer.weights.data(), by.weights.data(), by.weights.size(), step,
              tolerance, random);
      compare(layer.bias.data(), by.bias.data(), by.bias.size(), step,
              tolerance, random);
      checkLogScales(id, tolerance);
    }
  }

  /// By definition the sum of weight * derivative by weight.
  void checkLogScales(NodeId id, double tolerance) {
    const LayerShape &layer = *network.getNode(id).layer;
    for (int64_t row = 0; row < layer.rows; ++row) {
      double wanted = 0;
      for (int64_t k = 0; k < layer.columns; ++k)
        wanted +=
            double(parameters.layers[id].weights[layer.getIndex(row, k)]) *
            parameterGradients[id].weights[layer.getIndex(row, k)];
      ASSERT_NEAR(parameterGradients[id].logScales[row], wanted,
                  tolerance * (1 + std::abs(wanted)));
    }
  }

  const Network &network;
  Parameters parameters;
  Batch batch, gradients;
  NodeId last;
  std::vector<float> weights;
  Gradients parameterGradients;
};

/// A step for functions that are linear in each number.
constexpr float kLargeStep = 0.5f;
constexpr double kTight = 1e-4;

TEST(Backward, Convolutions) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 40; ++trial) {
    PatchGeometry g = randomGeometry(random);
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    network.addConvolution(0, g, randomWhole(1, 5, random));
    Loss(network, 3, random).check(kLargeStep, kTight, random);
  }
}

TEST(Backward, DepthwiseConvolutions) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 40; ++trial) {
    PatchGeometry g = randomGeometry(random);
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    network.addDepthwise(0, g, randomWhole(1, 3, random));
    Loss(network, 3, random).check(kLargeStep, kTight, random);
  }
}

TEST(Backward, MatrixProducts) {
  std::mt19937 random(3);
  Network network;
  network.addInput({3, 7});
  network.addFullyConnected(0, 7, {3, 4});
  network.addFullyConnected(1, 12, {5});
  Loss(network, 5, random).check(kLargeStep, kTight, random);
}

TEST(Backward, Pools) {
  std::mt19937 random(4);
  for (int trial = 0; trial < 40; ++trial) {
    PatchGeometry g = randomGeometry(random);
    Network average, largest;
    average.addInput({g.inputHeight, g.inputWidth, g.channels});
    average.addAveragePool(0, g);
    Loss(average, 2, random).check(kLargeStep, kTight, random);
    largest.addInput({g.inputHeight, g.inputWidth, g.channels});
    largest.addMaxPool(0, g);
    Loss loss(largest, 2, random);
    // All different, further apart than twice the step.
    int64_t count = 2 * largest.getSize(0);
    float *x = loss.batch.set(0);
    for (int64_t i = 0; i < count; ++i)
      x[i] = 0.25f * i;
    std::shuffle(x, x + count, random);
    loss.check(0.0625f, kTight, random);
  }
}

TEST(Backward, ArithmeticWithBroadcast) {
  std::mt19937 random(5);
  std::vector<std::pair<Shape, Shape>> shapes = {{{2, 3, 4}, {2, 3, 4}},
                                                 {{2, 3, 4}, {4}},
                                                 {{1, 1, 4}, {2, 3, 4}},
                                                 {{2, 1, 4}, {3, 1}},
                                                 {{2, 3, 4}, {1}}};
  for (const auto &[lhs, rhs] : shapes)
    for (int kind = 0; kind < 3; ++kind) {
      Network network;
      ValueId x = network.addInput(lhs), y = network.addInput(rhs);
      kind == 0   ? network.addAdd(x, y)
      : kind == 1 ? network.addSub(x, y)
                  : network.addMul(x, y);
      Loss(network, 3, random).check(kLargeStep, kTight, random);
    }
}

TEST(Backward, ArithmeticWithConstants) {
  std::mt19937 random(6);
  Network network;
  ValueId x = network.addInput({2, 3});
  ValueId constant = network.addConstant({3}, {2, -3, 0.5f});
  ValueId y = network.addMul(constant, x);
  y = network.addSub(constant, y);
  y = network.addConcatenation({y, x}, 0);
  network.addAdd(y, constant);
  Loss(network, 3, random).check(kLargeStep, kTight, random);
}

TEST(Backward, MovesAndMeans) {
  std::mt19937 random(7);
  Network network;
  ValueId x = network.addInput({2, 3, 4});
  ValueId padded = network.addPad(x, {1, 0, 2}, {0, 1, 0}, 0.5f); // 3x4x6
  ValueId turned = network.addTranspose(padded, {2, 0, 1});       // 6x3x4
  ValueId slice = network.addStridedSlice(turned, {5, 0, 1}, {3, 3, 2},
                                          {-2, 1, 2}, {3, 3, 2});
  ValueId mean = network.addMean(turned, {0, 2}, {1, 3, 1});
  ValueId scaled = network.addMul(slice, mean);
  ValueId joined = network.addConcatenation({scaled, slice}, 1); // 3x6x2
  network.addReshape(joined, {36});
  // Quadratic in each number, for which central differences are exact, too.
  Loss(network, 3, random).check(kLargeStep, kTight, random);
}

TEST(Backward, SmoothFunctions) {
  std::mt19937 random(8);
  using Build = std::function<void(Network &)>;
  for (const Build &build :
       {Build([](Network &n) { n.addTanh(0); }),
        Build([](Network &n) { n.addLogistic(0); }),
        Build([](Network &n) { n.addHardSwish(0); }),
        Build([](Network &n) { n.addSoftmax(0, 1.5f); })}) {
    Network network;
    network.addInput({3, 5});
    build(network);
    Loss(network, 3, random).check(0.02f, 1e-3, random);
  }
}

TEST(Backward, FunctionsWithKinks) {
  std::mt19937 random(9);
  using Build = std::function<void(Network &)>;
  for (const Build &build :
       {Build([](Network &n) { n.addIdentity(0, Activation::Relu); }),
        Build([](Network &n) { n.addIdentity(0, Activation::Relu6); }),
        Build([](Network &n) { n.addIdentity(0, Activation::ReluN1To1); }),
        Build([](Network &n) { n.addLeakyRelu(0, 0.3f); }),
        Build([](Network &n) { n.addHardSwish(0); })}) {
    Network network;
    network.addInput({60});
    build(network);
    Loss loss(network, 2, random);
    float *x = loss.batch.set(0);
    for (int i = 0; i < 120; ++i)
      x[i] = 0.125f * (2 * i - 119) + 0.0625f; // -14.8..14.9, no whole number
    for (int repeat = 0; repeat < 5; ++repeat)
      loss.check(0.03125f, 1e-3, random);
  }
}

TEST(Backward, FusedActivationsAndGridsLetInnerValuesPass) {
  Network network;
  network.addInput({7});
  network.addIdentity(0, Activation::Relu);
  Parameters parameters = network.createParameters();
  parameters.grids[1] = ActivationGrid{0.5f, -2, -2, 4}; // 0..3
  Batch batch(network, 1), gradients(network, 1);
  std::vector<float> x = {-0.1f, 0.1f, 1, 2.9f, 3.2f, 3.3f, 9};
  std::copy(x.begin(), x.end(), batch.set(0));
  runForward(network, parameters, batch, {0, 2}, {1, true});
  std::fill_n(gradients.set(1), 7, 2.0f);
  Gradients none(2);
  runBackward(network, parameters, batch, gradients, {0, 2}, none, {0});
  const float *by = gradients.get(0);
  EXPECT_EQ(std::vector<float>(by, by + 7),
            (std::vector<float>{0, 2, 2, 2, 2, 0, 0}));
}

/// The derivative along the signs of a layer's own: nothing cancels.
TEST(Backward, WholeNetwork) {
  std::mt19937 random(10);
  Network network = makeResidualNetwork();
  Loss loss(network, 9, random);
  loss.differentiate();
  Parameters start = loss.parameters;
  for (NodeId id = 0; id < network.getNodeCount(); ++id) {
    if (!network.getNode(id).layer)
      continue;
    std::vector<float> direction = loss.parameterGradients[id].weights;
    for (float &value : direction)
      value = std::copysign(1.0f, value);
    const float step = 5e-4f;
    double slope = 0, losses[2];
    for (size_t i = 0; i < direction.size(); ++i)
      slope += double(direction[i]) * loss.parameterGradients[id].weights[i];
    for (int side = 0; side < 2; ++side) {
      for (size_t i = 0; i < direction.size(); ++i)
        loss.parameters.layers[id].weights[i] =
            start.layers[id].weights[i] + (side ? step : -step) * direction[i];
      losses[side] = loss.compute();
    }
    loss.parameters = start;
    // Some of the activations change sides within the step.
    EXPECT_NEAR((losses[1] - losses[0]) / (2 * double(step)), slope,
                0.02 * slope);
  }
}

TEST(Backward, SeedsAnywhereAndRangesOnly) {
  std::mt19937 random(11);
  Network network;
  ValueId x = network.addInput({4});
  NodeId first = network.addFullyConnected(x, 4, {4});
  NodeId second = network.addFullyConnected(first, 4, {4});
  NodeId third = network.addFullyConnected(second, 4, {4});
  Loss loss(network, 3, random);
  loss.compute();
  // Seeds at the first and third layer, derivatives of the second and third.
  std::vector<float> seed = randomFloats(12, random);
  std::copy(seed.begin(), seed.end(), loss.gradients.set(third));
  std::copy(seed.begin(), seed.end(), loss.gradients.set(first));
  Gradients gradients(network.getNodeCount());
  gradients[second].bias = {1, 1, 1, 1};
  runBackward(network, loss.parameters, loss.batch, loss.gradients,
              {second, network.getNodeCount()}, gradients, {first});
  const std::vector<float> &by3 = loss.parameters.layers[third].weights;
  const std::vector<float> &by2 = loss.parameters.layers[second].weights;
  for (int i = 0; i < 4; ++i) {
    double bias = 1;
    for (int s = 0; s < 3; ++s)
      for (int o = 0; o < 4; ++o)
        bias += double(seed[s * 4 + o]) * by3[o * 4 + i];
    EXPECT_NEAR(gradients[second].bias[i], bias, 1e-5);
  }
  double sum = seed[0];
  for (int o = 0; o < 4; ++o)
    for (int m = 0; m < 4; ++m)
      sum += double(seed[o]) * by3[o * 4 + m] * by2[m * 4 + 0];
  EXPECT_NEAR(loss.gradients.get(first)[0], sum, 1e-5);
  EXPECT_FALSE(loss.gradients.has(x));
  EXPECT_TRUE(gradients[third].weights.empty());
}

TEST(Backward, IsTheSameWithAnyNumberOfThreads) {
  std::mt19937 random(12);
  Network network = makeResidualNetwork();
  Loss loss(network, 45, random);
  loss.differentiate(1);
  Gradients one = loss.parameterGradients;
  loss.differentiate(2);
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].weights, loss.parameterGradients[i].weights);
    EXPECT_EQ(one[i].bias, loss.parameterGradients[i].bias);
    EXPECT_EQ(one[i].logScales, loss.parameterGradients[i].logScales);
  }
}

} // namespace

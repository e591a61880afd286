//===- ForwardTest.cpp - Tests of computing values ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations against their definitions in double, spelled out element by
// element; runs of parts of a network against runs of the whole.
//
//===----------------------------------------------------------------------===//

#include "RandomNetwork.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// Runs all nodes on inputs that are already set.
void runAll(const Network &network, const Parameters &parameters, Batch &batch,
            const ExecutionOptions &options = {}) {
  runForward(network, parameters, batch, {0, network.getNodeCount()}, options);
}

/// The values of the last node.
std::vector<float> getResult(const Network &network, const Batch &batch) {
  ValueId last = network.getNodeCount() - 1;
  const float *data = batch.get(last);
  return {data, data + batch.getSamples() * network.getSize(last)};
}

/// Runs a network of one sample on `input`.
std::vector<float> runOne(const Network &network,
                          const std::vector<float> &input) {
  Batch batch(network, 1);
  std::copy(input.begin(), input.end(), batch.set(0));
  runAll(network, network.createParameters(), batch);
  return getResult(network, batch);
}

/// The pixel that a tap of a window reads, or -1 outside.
int64_t getPixel(const PatchGeometry &g, int64_t window, int64_t tap) {
  int64_t row = window / g.outputWidth * g.strideHeight +
                tap / g.kernelWidth * g.dilationHeight - g.paddingTop;
  int64_t column = window % g.outputWidth * g.strideWidth +
                   tap % g.kernelWidth * g.dilationWidth - g.paddingLeft;
  bool isInside =
      row >= 0 && row < g.inputHeight && column >= 0 && column < g.inputWidth;
  return isInside ? row * g.inputWidth + column : -1;
}

TEST(Forward, ConvolutionsAreTheirDefinition) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 60; ++trial) {
    PatchGeometry g = randomGeometry(random);
    int64_t outputs = randomWhole(1, 5, random);
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    network.addConvolution(0, g, outputs, Activation::Relu);
    Parameters parameters = randomParameters(network, random);
    Batch batch(network, 3);
    setRandomInputs(network, batch, random);
    runAll(network, parameters, batch);
    std::vector<float> result = getResult(network, batch);
    const float *input = batch.get(0);
    for (size_t i = 0; i < result.size(); ++i) {
      int64_t o = i % outputs, window = i / outputs % g.getRows();
      int64_t sample = i / outputs / g.getRows();
      double sum = parameters.layers[1].bias[o];
      for (int64_t k = 0; k < g.getColumns(); ++k) {
        int64_t pixel = getPixel(g, window, k / g.channels);
        if (pixel >= 0)
          sum += parameters.layers[1].weights[o * g.getColumns() + k] *
                 input[(sample * g.inputHeight * g.inputWidth + pixel) *
                           g.channels +
                       k % g.channels];
      }
      ASSERT_NEAR(result[i], std::max(sum, 0.0), 1e-5);
    }
  }
}

TEST(Forward, DepthwiseIsItsDefinition) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 60; ++trial) {
    PatchGeometry g = randomGeometry(random);
    int64_t multiplier = randomWhole(1, 3, random);
    int64_t outputs = g.channels * multiplier;
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    network.addDepthwise(0, g, multiplier);
    Parameters parameters = randomParameters(network, random);
    Batch batch(network, 3);
    setRandomInputs(network, batch, random);
    runAll(network, parameters, batch);
    std::vector<float> result = getResult(network, batch);
    const float *input = batch.get(0);
    for (size_t i = 0; i < result.size(); ++i) {
      int64_t o = i % outputs, window = i / outputs % g.getRows();
      int64_t sample = i / outputs / g.getRows();
      double sum = parameters.layers[1].bias[o];
      for (int64_t tap = 0; tap < g.getTaps(); ++tap) {
        int64_t pixel = getPixel(g, window, tap);
        if (pixel >= 0)
          sum += parameters.layers[1].weights[tap * outputs + o] *
                 input[(sample * g.inputHeight * g.inputWidth + pixel) *
                           g.channels +
                       o / multiplier];
      }
      ASSERT_NEAR(result[i], sum, 1e-5);
    }
  }
}

TEST(Forward, PoolsAreTheirDefinition) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 60; ++trial) {
    PatchGeometry g = randomGeometry(random);
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    NodeId average = network.addAveragePool(0, g);
    NodeId largest = network.addMaxPool(0, g);
    Batch batch(network, 1);
    setRandomInputs(network, batch, random);
    runAll(network, network.createParameters(), batch);
    for (int64_t i = 0; i < network.getSize(average); ++i) {
      double sum = 0, maximum = -2;
      int64_t count = 0;
      for (int64_t tap = 0; tap < g.getTaps(); ++tap)
        if (int64_t p = getPixel(g, i / g.channels, tap); p >= 0) {
          double x = batch.get(0)[p * g.channels + i % g.channels];
          sum += x, maximum = std::max(maximum, x), ++count;
        }
      ASSERT_NEAR(batch.get(average)[i], count ? sum / count : 0, 1e-6);
      ASSERT_NEAR(batch.get(largest)[i], count ? maximum : 0, 1e-6);
    }
  }
}

TEST(Forward, ElementwiseFunctionsByHand) {
  std::vector<float> x = {-4, -1, -0.25f, 0, 0.5f, 7};
  using Build = std::function<void(Network &)>;
  auto run = [&](const Build &build) {
    Network network;
    network.addInput({6});
    build(network);
    return runOne(network, x);
  };
  auto near = [](const std::vector<float> &result,
                 const std::vector<float> &wanted) {
    for (size_t i = 0; i < wanted.size(); ++i)
      EXPECT_NEAR(result[i], wanted[i], 1e-6);
  };
  near(run([](Network &n) { n.addIdentity(0, Activation::Relu); }),
       {0, 0, 0, 0, 0.5f, 7});
  near(run([](Network &n) { n.addIdentity(0, Activation::Relu6); }),
       {0, 0, 0, 0, 0.5f, 6});
  near(run([](Network &n) { n.addIdentity(0, Activation::ReluN1To1); }),
       {-1, -1, -0.25f, 0, 0.5f, 1});
  near(run([](Network &n) { n.addLeakyRelu(0, 0.5f); }),
       {-2, -0.5f, -0.125f, 0, 0.5f, 7});
  near(run([](Network &n) { n.addHardSwish(0); }),
       {0, -1 / 3.0f, -0.25f * 2.75f / 6, 0, 0.5f * 3.5f / 6, 7});
  near(run([](Network &n) { n.addTanh(0); }),
       {-0.9993293f, -0.7615942f, -0.2449187f, 0, 0.4621172f, 0.9999983f});
  near(run([](Network &n) { n.addLogistic(0); }),
       {0.0179862f, 0.2689414f, 0.4378235f, 0.5f, 0.6224593f, 0.9990889f});
  near(run([](Network &n) { n.addSoftmax(n.addReshape(0, {3, 2}), 2.0f); }),
       {0.0024726f, 0.9975274f, 0.3775407f, 0.6224593f, 2.26e-6f, 0.9999977f});
}

TEST(Forward, MovesByHand) {
  std::vector<float> x = {1, 2, 3, 4, 5, 6};
  using Build = std::function<void(Network &)>;
  auto run = [&](const Build &build) {
    Network network;
    network.addInput({2, 3});
    build(network);
    return runOne(network, x);
  };
  using Floats = std::vector<float>;
  EXPECT_EQ(run([](Network &n) { n.addPad(0, {1, 0}, {0, 1}, 9); }),
            (Floats{9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6, 9}));
  EXPECT_EQ(run([](Network &n) { n.addTranspose(0, {1, 0}); }),
            (Floats{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(run([](Network &n) {
              n.addStridedSlice(0, {1, 2}, {1, 2}, {1, -2}, {2});
            }),
            (Floats{6, 4}));
  EXPECT_EQ(run([](Network &n) {
              ValueId constant = n.addConstant({2, 1}, {7, 8});
              n.addConcatenation({0, constant, 0}, 1);
            }),
            (Floats{1, 2, 3, 7, 1, 2, 3, 4, 5, 6, 8, 4, 5, 6}));
  EXPECT_EQ(run([](Network &n) { n.addMean(0, {0}, {1, 3}); }),
            (Floats{2.5f, 3.5f, 4.5f}));
  EXPECT_EQ(run([](Network &n) { n.addMean(0, {1}, {2}); }), (Floats{2, 5}));
  EXPECT_EQ(run([](Network &n) { n.addMean(0, {0, 1}, {}); }), Floats{3.5f});
}

TEST(Forward, BroadcastByHand) {
  std::vector<float> x = {1, 2, 3, 4, 5, 6};
  auto run =
      [&](const std::function<void(Network &, ValueId, ValueId)> &build) {
        Network network;
        network.addInput({2, 3});
        ValueId row = network.addConstant({3}, {10, 20, 30});
        ValueId column = network.addConstant({2, 1}, {2, 3});
        build(network, row, column);
        return runOne(network, x);
      };
  using Floats = std::vector<float>;
  EXPECT_EQ(run([](Network &n, ValueId row, ValueId) { n.addAdd(0, row); }),
            (Floats{11, 22, 33, 14, 25, 36}));
  EXPECT_EQ(
      run([](Network &n, ValueId, ValueId column) { n.addSub(column, 0); }),
      (Floats{1, 0, -1, -1, -2, -3}));
  EXPECT_EQ(run([](Network &n, ValueId row, ValueId column) {
              n.addMul(n.addMul(row, column), 0, Activation::Relu6);
            }),
            (Floats{6, 6, 6, 6, 6, 6}));
}

TEST(Forward, GridsRoundHalvesAwayFromZeroAndClamp) {
  ActivationGrid grid{0.5f, 3, -4, 10};
  std::vector<float> x = {0.25f, -0.25f, 0.2f,  0.75f, -0.75f,
                          -9,    9,      1e30f, NAN};
  roundToGrid(grid, x.data(), x.size());
  EXPECT_EQ(
      x, (std::vector<float>{0.5f, -0.5f, 0, 1, -1, -3.5f, 3.5f, 3.5f, -3.5f}));
}

TEST(Forward, ResumesFromStoredValues) {
  std::mt19937 random(5);
  Network network = makeResidualNetwork();
  Parameters teacher = randomParameters(network, random);
  for (std::optional<ActivationGrid> &grid : teacher.grids)
    grid = ActivationGrid{0.02f, -20, -128, 127};
  Parameters student = teacher;
  for (float &weight : student.layers[3].weights)
    weight = -weight;
  Batch stored(network, 11);
  setRandomInputs(network, stored, random);
  runAll(network, teacher, stored);
  Batch resumed(network, 11, &stored), whole(network, 11);
  runForward(network, student, resumed, {3, network.getNodeCount()});
  std::copy_n(stored.get(0), 11 * network.getSize(0), whole.set(0));
  runAll(network, student, whole);
  EXPECT_EQ(getResult(network, resumed), getResult(network, whole));
  EXPECT_NE(getResult(network, resumed), getResult(network, stored));
  EXPECT_EQ(resumed.get(2), stored.get(2));
}

TEST(Forward, KeepsWhatActivationAndGridClamp) {
  std::mt19937 random(6);
  Network network;
  network.addInput({4});
  network.addFullyConnected(0, 4, {4}, Activation::Relu);
  network.addAdd(0, 1);
  Parameters parameters = randomParameters(network, random);
  parameters.grids[1] = ActivationGrid{0.25f, 0, 0, 2};
  Batch batch(network, 8);
  setRandomInputs(network, batch, random);
  runAll(network, parameters, batch, {2, true});
  for (int64_t i = 0; i < 32; ++i) {
    float x = std::max(batch.getLinear(1)[i], 0.0f);
    EXPECT_EQ(batch.get(1)[i], std::min(std::round(x * 4), 2.0f) / 4);
  }
  EXPECT_EQ(batch.get(2), batch.getLinear(2));
  runAll(network, parameters, batch);
  EXPECT_EQ(batch.getLinear(1), nullptr);
}

TEST(Forward, IsTheSameWithAnyNumberOfThreads) {
  std::mt19937 random(7);
  Network network = makeResidualNetwork();
  Parameters parameters = randomParameters(network, random);
  for (int64_t samples : {1, 2, 33, 64}) {
    Batch one(network, samples), two(network, samples);
    setRandomInputs(network, one, random);
    std::copy_n(one.get(0), samples * network.getSize(0), two.set(0));
    runAll(network, parameters, one, {1});
    runAll(network, parameters, two, {2});
    EXPECT_EQ(getResult(network, one), getResult(network, two));
  }
}

} // namespace

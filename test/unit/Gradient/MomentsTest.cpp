//===- MomentsTest.cpp - Tests of second moments --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against what they are for: the squared error of any weights is a quadratic
// form of the moments.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Moments.h"
#include "RandomNetwork.h"
#include "gtest/gtest.h"

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// Sum over windows of (w x + b - y)^2 of one output channel, by moments.
double getError(const LayerMoments &moments, const LayerShape &layer,
                const LayerParameters &parameters, int64_t row) {
  Eigen::VectorXd weights(layer.columns + 1);
  for (int64_t k = 0; k < layer.columns; ++k)
    weights[k] = parameters.weights[layer.getIndex(row, k)];
  weights[layer.columns] = parameters.bias[row];
  int64_t group = layer.isDepthwise ? row : 0;
  int64_t column = layer.isDepthwise ? 0 : row;
  return weights.dot(moments.inputs[group] * weights) -
         2 * weights.dot(moments.cross[group].col(column)) +
         moments.targetSquares[row];
}

/// The same by running the layer.
double getPlainError(const float *output, const std::vector<float> &targets,
                     int64_t rows, int64_t row) {
  double sum = 0;
  for (size_t i = row; i < targets.size(); i += rows)
    sum += (double(output[i]) - targets[i]) * (double(output[i]) - targets[i]);
  return sum;
}

void checkLayer(const Network &network, std::mt19937 &random) {
  NodeId node = network.getNodeCount() - 1;
  const LayerShape &layer = *network.getNode(node).layer;
  Parameters parameters = randomParameters(network, random);
  LayerMoments moments;
  std::vector<double> plain(layer.rows);
  int64_t windows = 0;
  for (int64_t samples : {5, 2}) {
    Batch batch(network, samples);
    setRandomInputs(network, batch, random);
    runForward(network, parameters, batch, {0, node + 1});
    std::vector<float> targets =
        randomFloats(samples * network.getSize(node), random);
    accumulateMoments(network, node, batch, targets.data(), moments);
    for (int64_t row = 0; row < layer.rows; ++row)
      plain[row] += getPlainError(batch.get(node), targets, layer.rows, row);
    windows += samples * network.getNode(node).geometry.getRows();
  }
  EXPECT_EQ(moments.windows, windows);
  for (int64_t row = 0; row < layer.rows; ++row)
    EXPECT_NEAR(getError(moments, layer, parameters.layers[node], row),
                plain[row], 1e-4 * (1 + plain[row]));
  for (const Eigen::MatrixXd &square : moments.inputs)
    EXPECT_EQ(square, square.transpose());
}

TEST(Moments, TellErrorsOfConvolutions) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 30; ++trial) {
    PatchGeometry g = randomGeometry(random);
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    network.addConvolution(0, g, randomWhole(1, 5, random));
    checkLayer(network, random);
  }
}

TEST(Moments, TellErrorsOfDepthwiseConvolutions) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 30; ++trial) {
    PatchGeometry g = randomGeometry(random);
    Network network;
    network.addInput({g.inputHeight, g.inputWidth, g.channels});
    network.addDepthwise(0, g, randomWhole(1, 3, random));
    checkLayer(network, random);
  }
}

TEST(Moments, TellErrorsOfMatrixProducts) {
  std::mt19937 random(3);
  Network network;
  network.addInput({2, 6});
  network.addFullyConnected(0, 6, {2, 3});
  checkLayer(network, random);
}

} // namespace

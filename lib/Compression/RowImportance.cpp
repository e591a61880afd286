//===- RowImportance.cpp - How much results depend on channels ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass forward and one back for each block of samples.
//
//===----------------------------------------------------------------------===//

#include "RowImportance.h"
#include "thimble/Compression/Gradient/Backward.h"
#include "thimble/Compression/Gradient/Samples.h"
#include <cmath>

using namespace thimble;
using gradient::NodeId;
using gradient::ValueId;

/// Samples that the network gets at once.
static constexpr int64_t blockSamples = 32;

/// Derivatives of the logarithm of what is drawn: a class of a distribution, or
/// numbers around the output with a variance of 1.
static void drawDerivatives(const float *probabilities, int64_t size,
                            gradient::RandomSequence &random, float *to) {
  constexpr uint64_t parts = uint64_t(1) << 24;
  if (!probabilities) {
    for (int64_t i = 0; i < size; ++i)
      to[i] = random.below(2) ? 1.0f : -1.0f;
    return;
  }
  double draw = double(random.below(parts)) / double(parts), sum = 0;
  int64_t chosen = 0;
  for (; chosen + 1 < size; ++chosen) {
    sum += probabilities[chosen];
    if (draw < sum)
      break;
  }
  for (int64_t i = 0; i < size; ++i)
    to[i] = probabilities[i] - (i == chosen ? 1.0f : 0.0f);
}

static void addSquares(const float *derivatives, int64_t count,
                       Eigen::VectorXd &sums) {
  int64_t rows = sums.size();
  for (int64_t i = 0; i < count; i += rows)
    for (int64_t row = 0; row < rows; ++row)
      sums[row] += double(derivatives[i + row]) * derivatives[i + row];
}

/// The geometric mean becomes 1.
static void normalize(Eigen::VectorXd &values) {
  double mean = values.mean();
  if (!(mean > 0)) {
    values.setOnes();
    return;
  }
  values = values.cwiseMax(0.1 * mean);
  values /= std::exp(values.array().log().mean());
}

std::vector<Eigen::VectorXd>
thimble::measureRowImportance(const FunctionNetwork &function,
                              const SampleBlock &samples) {
  const gradient::Network &network = function.network;
  ValueId output = function.outputs.front();
  bool isDistribution = function.distributions.contains(output);
  ValueId seed =
      isDistribution ? network.getNode(output).inputs.front() : output;
  std::vector<Eigen::VectorXd> result;
  std::vector<ValueId> wanted;
  for (auto [op, node] : function.layers) {
    wanted.push_back(node);
    result.push_back(Eigen::VectorXd::Zero(network.getNode(node).layer->rows));
  }
  gradient::RandomSequence random(1);
  gradient::Batch batch(network, 1), derivatives(network, 1);
  int64_t size = network.getSize(seed);
  for (int64_t first = 0; first < samples.count; first += blockSamples) {
    SampleBlock block =
        samples.slice(first, std::min(blockSamples, samples.count - first));
    batch.reset(block.count);
    derivatives.reset(block.count);
    for (auto [index, input] : llvm::enumerate(function.inputs))
      std::copy(block.inputs[index].begin(), block.inputs[index].end(),
                batch.set(input));
    gradient::ExecutionOptions options;
    options.keepLinear = true;
    gradient::runForward(network, function.parameters, batch,
                         {0, network.getNodeCount()}, options);
    float *to = derivatives.set(seed);
    for (int64_t i = 0; i < block.count; ++i)
      drawDerivatives(isDistribution ? batch.get(output) + i * size : nullptr,
                      size, random, to + i * size);
    gradient::Gradients none(network.getNodeCount());
    gradient::runBackward(network, function.parameters, batch, derivatives,
                          {0, seed + 1}, none, wanted, options);
    for (auto [sums, node] : llvm::zip_equal(result, wanted))
      if (const float *by = derivatives.get(node))
        addSquares(by, block.count * network.getSize(node), sums);
  }
  for (Eigen::VectorXd &values : result)
    normalize(values);
  return result;
}

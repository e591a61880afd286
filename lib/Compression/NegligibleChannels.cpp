//===- NegligibleChannels.cpp - Channels that hardly matter ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both tests are relative, so that scales of weights and inputs do not count.
//
//===----------------------------------------------------------------------===//

#include "NegligibleChannels.h"
#include "FloatLayers.h"
#include "thimble/Compression/WeightGeometry.h"

using namespace mlir;
using namespace thimble;

MaskMatrix ChannelUse::getKept(int64_t columns) const {
  MaskMatrix kept = MaskMatrix::Constant(outputs.size(), columns, true);
  for (int64_t row = 0; row < kept.rows(); ++row)
    for (int64_t column = 0; column < columns; ++column)
      kept(row, column) =
          outputs[row] && (inputs.empty() || inputs[column % inputs.size()]);
  return kept;
}

/// The columns of channel `channel`: one a tap.
static std::vector<Eigen::Index> columnsOf(int64_t channel, int64_t channels,
                                           int64_t columns) {
  std::vector<Eigen::Index> result;
  for (int64_t column = channel; column < columns; column += channels)
    result.push_back(column);
  return result;
}

static double getVariance(const Eigen::MatrixXd &weights,
                          const Eigen::MatrixXd &hessian) {
  return (weights * hessian).cwiseProduct(weights).sum();
}

ChannelUse thimble::findChannelUse(WeightedOp op,
                                   const Eigen::MatrixXd &weights,
                                   double threshold) {
  WeightGeometry geometry = WeightGeometry::of(op);
  double least = threshold * weights.cwiseAbs().maxCoeff();
  ChannelUse use;
  for (int64_t row = 0; row < weights.rows(); ++row)
    use.outputs.push_back(weights.row(row).cwiseAbs().maxCoeff() > least);
  if (geometry.isDepthwise)
    return use;
  std::vector<Eigen::MatrixXd> hessians = getHessians(op);
  double leastVariance =
      hessians.empty()
          ? 0
          : threshold * threshold * getVariance(weights, hessians.front());
  int64_t channels = geometry.patches.channels;
  for (int64_t channel = 0; channel < channels; ++channel) {
    std::vector<Eigen::Index> columns =
        columnsOf(channel, channels, weights.cols());
    Eigen::MatrixXd part = weights(Eigen::all, columns);
    bool isUsed = part.cwiseAbs().maxCoeff() > least;
    if (isUsed && !hessians.empty())
      isUsed =
          getVariance(part, hessians.front()(columns, columns)) > leastVariance;
    use.inputs.push_back(isUsed);
  }
  return use;
}

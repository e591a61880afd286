//===- Moments.cpp - Second moments of a layer's inputs -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows as rows, as many as some thousand at once, then products of these
// matrices. Only one triangle of the symmetric ones is computed.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Moments.h"
#include <algorithm>
#include <cassert>

using namespace thimble;
using namespace thimble::gradient;

using RowMatrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMatrixMap = Eigen::Map<const RowMatrix>;

/// Windows of one product: enough for it to be fast, few enough for floats to
/// sum.
constexpr int64_t kProductWindows = 2048;

namespace {

/// Sums moments of some samples of a node.
class MomentSum {
public:
  MomentSum(const Network &network, NodeId node, const Batch &batch,
            const float *targets)
      : node(network.getNode(node)), targets(targets),
        windowCount(this->node.geometry.getRows()) {
    ValueId input = this->node.inputs[0];
    data = batch.get(input);
    assert(data && this->node.layer && "expected a layer whose input is set");
    inputSize = network.getSize(input);
  }

  /// Adds samples first..last-1.
  void add(int64_t first, int64_t last, LayerMoments &to) const;
  /// Zeros of the right sizes.
  LayerMoments getZeros() const;

private:
  void addLayer(int64_t first, int64_t count, LayerMoments &to) const;
  void addDepthwise(int64_t first, int64_t count, LayerMoments &to) const;

  const Node &node;
  const float *data, *targets;
  int64_t windowCount, inputSize;
};

LayerMoments MomentSum::getZeros() const {
  LayerMoments zeros;
  int64_t columns = node.layer->columns + 1, rows = node.layer->rows;
  bool isDepthwise = node.layer->isDepthwise;
  zeros.inputs.assign(isDepthwise ? rows : 1,
                      Eigen::MatrixXd::Zero(columns, columns));
  zeros.cross.assign(isDepthwise ? rows : 1,
                     Eigen::MatrixXd::Zero(columns, isDepthwise ? 1 : rows));
  zeros.targetSquares = Eigen::VectorXd::Zero(rows);
  return zeros;
}

/// The upper triangle of a symmetric product; the lower one stays as it is.
void addSquare(const RowMatrix &windows, Eigen::MatrixXd &to) {
  Eigen::MatrixXf square = Eigen::MatrixXf::Zero(to.rows(), to.cols());
  square.selfadjointView<Eigen::Upper>().rankUpdate(windows.transpose());
  to.triangularView<Eigen::Upper>() += square.cast<double>();
}

void MomentSum::addLayer(int64_t first, int64_t count, LayerMoments &to) const {
  int64_t columns = node.layer->columns, channels = node.layer->rows;
  RowMatrix windows(count * windowCount, columns + 1),
      sample(windowCount, columns);
  for (int64_t s = 0; s < count; ++s) {
    gatherPatches(node.geometry, data + (first + s) * inputSize, sample.data());
    windows.block(s * windowCount, 0, windowCount, columns) = sample;
  }
  windows.col(columns).setOnes();
  addSquare(windows, to.inputs[0]);
  if (!targets)
    return;
  ConstMatrixMap wanted(targets + first * windowCount * channels,
                        count * windowCount, channels);
  Eigen::MatrixXf cross = windows.transpose() * wanted;
  to.cross[0] += cross.cast<double>();
}

void MomentSum::addDepthwise(int64_t first, int64_t count,
                             LayerMoments &to) const {
  int64_t taps = node.layer->columns, channels = node.layer->rows;
  int64_t multiplier = channels / node.geometry.channels;
  RowMatrix windows(count * windowCount, taps + 1), sample(windowCount, taps);
  for (int64_t channel = 0; channel < channels; ++channel) {
    if (channel % multiplier == 0) {
      for (int64_t s = 0; s < count; ++s) {
        gatherChannelPatches(node.geometry, channel / multiplier,
                             data + (first + s) * inputSize, sample.data());
        windows.block(s * windowCount, 0, windowCount, taps) = sample;
      }
      windows.col(taps).setOnes();
    }
    addSquare(windows, to.inputs[channel]);
    if (!targets)
      continue;
    ConstMatrixMap wanted(targets + first * windowCount * channels,
                          count * windowCount, channels);
    Eigen::VectorXf cross = windows.transpose() * wanted.col(channel);
    to.cross[channel] += cross.cast<double>();
  }
}

void MomentSum::add(int64_t first, int64_t last, LayerMoments &to) const {
  int64_t group = std::max<int64_t>(kProductWindows / windowCount, 1);
  for (int64_t s = first; s < last; s += group) {
    int64_t count = std::min(group, last - s);
    if (node.layer->isDepthwise)
      addDepthwise(s, count, to);
    else
      addLayer(s, count, to);
    to.windows += count * windowCount;
    if (!targets)
      continue;
    ConstMatrixMap wanted(targets + s * node.size, count * windowCount,
                          node.layer->rows);
    to.targetSquares +=
        wanted.cast<double>().colwise().squaredNorm().transpose();
  }
}

/// to += from.
void addTo(LayerMoments &to, const LayerMoments &from) {
  for (size_t i = 0; i < to.inputs.size(); ++i) {
    to.inputs[i] += from.inputs[i];
    to.cross[i] += from.cross[i];
  }
  to.targetSquares += from.targetSquares;
  to.windows += from.windows;
}

} // namespace

void thimble::gradient::accumulateMoments(const Network &network, NodeId node,
                                          const Batch &batch,
                                          const float *targets,
                                          LayerMoments &moments,
                                          const ExecutionOptions &options) {
  MomentSum sum(network, node, batch, targets);
  if (moments.inputs.empty())
    moments = sum.getZeros();
  LayerMoments halves[2] = {sum.getZeros(), sum.getZeros()};
  forEachHalf(batch.getSamples(), options.threads,
              [&](int half, int64_t first, int64_t last) {
                sum.add(first, last, halves[half]);
              });
  for (LayerMoments &half : halves) {
    for (Eigen::MatrixXd &square : half.inputs)
      square.triangularView<Eigen::StrictlyLower>() = square.transpose();
    addTo(moments, half);
  }
}

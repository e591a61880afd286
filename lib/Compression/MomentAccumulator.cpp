//===- MomentAccumulator.cpp - Second moments over samples ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Channels of a depthwise convolution that read the same input share a sum.
//
//===----------------------------------------------------------------------===//

#include "MomentAccumulator.h"

using namespace thimble;

/// Windows whose products are summed in floats.
static constexpr int64_t blockRows = 512;

MomentAccumulator::MomentAccumulator(const WeightGeometry &geometry)
    : geometry(geometry) {
  int64_t size = geometry.columns + 1;
  sums.assign(geometry.isDepthwise ? geometry.patches.channels : 1,
              Eigen::MatrixXd::Zero(size, size));
  patches.resize(geometry.patches.getRows(), geometry.columns);
  block.resize(geometry.columns, geometry.columns);
}

/// Adds the products of the rows of `patches` and, in the last row, their sum.
void MomentAccumulator::addPatches(Eigen::MatrixXd &sum) {
  const int64_t columns = geometry.columns;
  for (int64_t row = 0; row < patches.rows(); row += blockRows) {
    auto rows =
        patches.middleRows(row, std::min(blockRows, patches.rows() - row));
    block.setZero();
    block.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
    sum.topLeftCorner(columns, columns).triangularView<Eigen::Lower>() +=
        block.cast<double>();
    sum.row(columns).head(columns) += rows.colwise().sum().cast<double>();
  }
}

void MomentAccumulator::add(const float *input) {
  const PatchGeometry &windowing = geometry.patches;
  const int64_t pixels = windowing.inputHeight * windowing.inputWidth;
  for (int64_t image = 0; image < geometry.images; ++image) {
    const float *from = input + image * pixels * windowing.channels;
    if (geometry.isDepthwise) {
      for (int64_t channel = 0; channel < windowing.channels; ++channel) {
        gatherChannelPatches(windowing, channel, from, patches.data());
        addPatches(sums[channel]);
      }
    } else {
      gatherPatches(windowing, from, patches.data());
      addPatches(sums[0]);
    }
    windows += static_cast<double>(windowing.getRows());
  }
}

void MomentAccumulator::merge(const MomentAccumulator &other) {
  for (size_t i = 0; i < sums.size(); ++i)
    sums[i] += other.sums[i];
  windows += other.windows;
}

std::vector<Eigen::MatrixXd> MomentAccumulator::getMeans() const {
  std::vector<Eigen::MatrixXd> means;
  for (int64_t group = 0; group < geometry.groups; ++group) {
    const Eigen::MatrixXd &sum =
        sums[geometry.isDepthwise ? geometry.inputChannel(group) : 0];
    Eigen::MatrixXd mean = sum.selfadjointView<Eigen::Lower>();
    mean /= windows;
    mean(geometry.columns, geometry.columns) = 1;
    means.push_back(std::move(mean));
  }
  return means;
}

//===- Convolution.cpp - Convolutions as matrix products ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows as rows times the transposed weights. Windows of one tap in the
// input's order are the input itself.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <Eigen/Core>
#include <algorithm>

using namespace thimble;
using namespace thimble::gradient;

using RowMatrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMatrixMap = Eigen::Map<const RowMatrix>;
using MatrixMap = Eigen::Map<RowMatrix>;

namespace {

/// Rows that a product should have at least: packing the weights costs about
/// as much as some rows.
constexpr int64_t kProductRows = 256;

class Convolution final : public Operation {
public:
  Convolution(const PatchGeometry &geometry, int64_t outputChannels)
      : geometry(geometry), outputChannels(outputChannels),
        rows(geometry.getRows()), columns(geometry.getColumns()),
        inputSize(geometry.inputHeight * geometry.inputWidth *
                  geometry.channels),
        isPlain(geometry.getTaps() == 1 && geometry.strideHeight == 1 &&
                geometry.strideWidth == 1 && geometry.paddingTop == 0 &&
                geometry.paddingLeft == 0 &&
                geometry.inputHeight == geometry.outputHeight &&
                geometry.inputWidth == geometry.outputWidth) {}

  void forward(const ForwardArguments &a) const override;
  void backward(const BackwardArguments &a) const override;

private:
  /// Samples whose windows are multiplied at once.
  int64_t getGroup(const Operand &input, int64_t samples) const {
    if (input.stride == 0)
      return 1;
    int64_t group = (kProductRows + rows - 1) / rows;
    return isPlain ? samples : std::min(group, samples);
  }

  /// The windows of `count` samples from `first` on.
  const float *getWindows(const Operand &input, int64_t first, int64_t count,
                          Scratch &scratch) const {
    if (isPlain)
      return input.at(first);
    float *windows = Scratch::get(scratch.first, count * rows * columns);
    for (int64_t i = 0; i < count; ++i)
      gatherPatches(geometry, input.at(first + i),
                    windows + i * rows * columns);
    return windows;
  }

  void addParameterGradients(const BackwardArguments &a, int64_t first,
                             int64_t count) const;
  void addInputGradient(const BackwardArguments &a, int64_t first,
                        int64_t count) const;

  PatchGeometry geometry;
  int64_t outputChannels, rows, columns, inputSize;
  bool isPlain;
};

void Convolution::forward(const ForwardArguments &a) const {
  const Operand &input = a.inputs[0];
  ConstMatrixMap weights(a.parameters.weights.data(), outputChannels, columns);
  int64_t group = getGroup(input, a.samples);
  for (int64_t s = 0; s < a.samples; s += group) {
    int64_t count = std::min(group, a.samples - s);
    ConstMatrixMap windows(getWindows(input, s, count, a.scratch), count * rows,
                           columns);
    MatrixMap output(a.output + s * rows * outputChannels, count * rows,
                     outputChannels);
    if (a.parameters.bias.empty()) {
      output.noalias() = windows * weights.transpose();
      continue;
    }
    output.rowwise() = Eigen::Map<const Eigen::RowVectorXf>(
        a.parameters.bias.data(), outputChannels);
    output.noalias() += windows * weights.transpose();
  }
}

void Convolution::addParameterGradients(const BackwardArguments &a,
                                        int64_t first, int64_t count) const {
  int64_t offset = first * rows * outputChannels;
  ConstMatrixMap gradient(a.gradient + offset, count * rows, outputChannels);
  LayerGradients &to = a.parameterGradients;
  if (!to.weights.empty()) {
    ConstMatrixMap windows(getWindows(a.inputs[0], first, count, a.scratch),
                           count * rows, columns);
    MatrixMap(to.weights.data(), outputChannels, columns).noalias() +=
        gradient.transpose() * windows;
  }
  // Row after row: Eigen's own sum depends on where the numbers lie.
  if (!to.bias.empty()) {
    Eigen::Map<Eigen::RowVectorXf> bias(to.bias.data(), outputChannels);
    Eigen::RowVectorXf sum = Eigen::RowVectorXf::Zero(outputChannels);
    for (int64_t row = 0; row < gradient.rows(); ++row)
      sum += gradient.row(row);
    bias += sum;
  }
  if (to.logScales.empty())
    return;
  ConstMatrixMap output(a.output + offset, count * rows, outputChannels);
  Eigen::Map<Eigen::RowVectorXf> scales(to.logScales.data(), outputChannels);
  Eigen::RowVectorXf products = Eigen::RowVectorXf::Zero(outputChannels);
  Eigen::RowVectorXf bias = products;
  if (!a.parameters.bias.empty())
    bias = Eigen::Map<const Eigen::RowVectorXf>(a.parameters.bias.data(),
                                                outputChannels);
  for (int64_t row = 0; row < gradient.rows(); ++row)
    products += gradient.row(row).cwiseProduct(output.row(row) - bias);
  scales += products;
}

void Convolution::addInputGradient(const BackwardArguments &a, int64_t first,
                                   int64_t count) const {
  ConstMatrixMap weights(a.parameters.weights.data(), outputChannels, columns);
  ConstMatrixMap gradient(a.gradient + first * rows * outputChannels,
                          count * rows, outputChannels);
  float *to = a.inputGradients[0] + first * inputSize;
  if (isPlain) {
    MatrixMap(to, count * rows, columns).noalias() += gradient * weights;
    return;
  }
  float *windows = Scratch::get(a.scratch.second, count * rows * columns);
  MatrixMap(windows, count * rows, columns).noalias() = gradient * weights;
  for (int64_t i = 0; i < count; ++i)
    scatterPatches(geometry, windows + i * rows * columns, to + i * inputSize);
}

void Convolution::backward(const BackwardArguments &a) const {
  int64_t group = getGroup(a.inputs[0], a.samples);
  for (int64_t s = 0; s < a.samples; s += group) {
    int64_t count = std::min(group, a.samples - s);
    addParameterGradients(a, s, count);
    if (a.inputGradients[0])
      addInputGradient(a, s, count);
  }
}

} // namespace

OperationPointer
thimble::gradient::makeConvolution(const PatchGeometry &geometry,
                                   int64_t outputChannels) {
  return std::make_unique<Convolution>(geometry, outputChannels);
}

//===- Equalize.cpp - Channels between layers become equally large --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Powers of two only: products and sums of floats scaled by them round alike,
// so nothing else changes (but for numbers near the least float).
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightGeometry.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/ModelSamples.h"
#include <cmath>

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_EQUALIZEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// More would only serve channels that hardly matter.
static constexpr int largestExponent = 8;

/// The layer that alone reads `op`'s result, channel by channel; null if there
/// is none, or if what is between does not scale.
static WeightedOp getReader(WeightedOp op) {
  Value result = op->getResult(0);
  Activation activation = cast<ActivatedOp>(*op).getActivation();
  if (!result.hasOneUse() ||
      (activation != Activation::None && activation != Activation::Relu))
    return {};
  auto reader = dyn_cast<WeightedOp>(*result.user_begin());
  if (!reader || reader->getOperand(0) != result ||
      !constantValue(reader.getWeightOperand().get()))
    return {};
  int64_t channels = tensorType(op.getWeightOperand().get())
                         .getDimSize(op.getOutputChannelAxis());
  if (lastDimension(tensorType(result)) != channels ||
      WeightGeometry::of(reader).patches.channels != channels)
    return {};
  return reader;
}

/// The input channel that a weight of the reader multiplies.
static int64_t channelOf(const WeightGeometry &reader, int64_t row,
                         int64_t column) {
  return reader.isDepthwise ? reader.inputChannel(row)
                            : column % reader.patches.channels;
}

/// Root mean square of each channel that `reader` reads; empty without moments.
static Eigen::VectorXd getMagnitudes(WeightedOp reader) {
  std::vector<Eigen::MatrixXd> moments = getMoments(reader);
  if (moments.empty())
    return {};
  WeightGeometry geometry = WeightGeometry::of(reader);
  Eigen::VectorXd largest = Eigen::VectorXd::Zero(geometry.patches.channels);
  for (auto [group, matrix] : llvm::enumerate(moments))
    for (int64_t column = 0; column + 1 < matrix.cols(); ++column) {
      // Taps on padding are less: the largest is a tap that has least of it.
      double &magnitude = largest[channelOf(geometry, group, column)];
      magnitude = std::max(magnitude, std::sqrt(matrix(column, column)));
    }
  return largest;
}

/// Exponents of two that the channels between are divided by: about the root of
/// magnitude / next weight, 0 in the middle. Channels of a depthwise reader all
/// become equally large: its weights have scales of their own.
static std::vector<int> getExponents(const Eigen::MatrixXd &weights,
                                     WeightedOp reader) {
  WeightGeometry geometry = WeightGeometry::of(reader);
  Eigen::VectorXd magnitudes = getMagnitudes(reader);
  if (magnitudes.size() == 0)
    magnitudes = weights.cwiseAbs().rowwise().maxCoeff();
  Eigen::MatrixXd next = getWeights(reader).cwiseAbs();
  Eigen::VectorXd largest = Eigen::VectorXd::Zero(magnitudes.size());
  for (int64_t row = 0; row < next.rows(); ++row)
    for (int64_t column = 0; column < next.cols(); ++column) {
      double &number = largest[channelOf(geometry, row, column)];
      number = std::max(number, next(row, column));
    }
  std::vector<double> logarithms(magnitudes.size());
  std::vector<double> sorted;
  // Channels that are nearly nothing have no say.
  double least = 1e-6 * magnitudes.maxCoeff();
  double leastWeight = 1e-6 * largest.maxCoeff();
  for (int64_t channel = 0; channel < magnitudes.size(); ++channel) {
    if (!(magnitudes[channel] > least && largest[channel] > leastWeight)) {
      logarithms[channel] = NAN;
      continue;
    }
    logarithms[channel] =
        geometry.isDepthwise
            ? std::log2(magnitudes[channel])
            : 0.5 * std::log2(magnitudes[channel] / largest[channel]);
    sorted.push_back(logarithms[channel]);
  }
  llvm::sort(sorted);
  std::vector<int> exponents;
  for (double logarithm : logarithms)
    exponents.push_back(
        std::isnan(logarithm)
            ? 0
            : std::clamp<int>(
                  std::lround(logarithm - sorted[sorted.size() / 2]),
                  -largestExponent, largestExponent));
  return exponents;
}

/// The reader's moments when its input channels have been divided.
static void scaleMoments(WeightedOp reader, const std::vector<int> &exponents) {
  std::vector<Eigen::MatrixXd> moments = getMoments(reader);
  if (moments.empty())
    return;
  WeightGeometry geometry = WeightGeometry::of(reader);
  for (auto [group, matrix] : llvm::enumerate(moments))
    for (int64_t column = 0; column + 1 < matrix.cols(); ++column) {
      double factor =
          std::ldexp(1.0, -exponents[channelOf(geometry, group, column)]);
      matrix.col(column) *= factor;
      matrix.row(column) *= factor;
    }
  setMoments(reader, moments);
}

static void equalize(WeightedOp op, WeightedOp reader) {
  Eigen::MatrixXd weights = getWeights(op);
  Eigen::VectorXd biases = getBiases(op);
  std::vector<int> exponents = getExponents(weights, reader);
  int64_t changed =
      llvm::count_if(exponents, [](int exponent) { return exponent != 0; });
  if (changed == 0)
    return;
  for (int64_t row = 0; row < weights.rows(); ++row) {
    double factor = std::ldexp(1.0, -exponents[row]);
    weights.row(row) *= factor;
    biases[row] *= factor;
  }
  setWeights(op, weights, biases);
  WeightGeometry geometry = WeightGeometry::of(reader);
  Eigen::MatrixXd next = getWeights(reader);
  for (int64_t row = 0; row < next.rows(); ++row)
    for (int64_t column = 0; column < next.cols(); ++column)
      next(row, column) *=
          std::ldexp(1.0, exponents[channelOf(geometry, row, column)]);
  setWeights(reader, next, getBiases(reader));
  scaleMoments(reader, exponents);
  op->removeAttr(rangeAttrName);
  op->removeAttr(histogramAttrName);
  remark::passed(op->getLoc(),
                 remark::RemarkOpts::name("Equalize").category("compression"))
      << remark::add("{0} of {1} channels between '{2}' and '{3}' are scaled",
                     changed, exponents.size(), getLayerName(op),
                     getLayerName(reader));
}

namespace {
struct EqualizePass : public thimble::impl::EqualizePassBase<EqualizePass> {
  void runOnOperation() override {
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model) || failed(verifyNoTeacher(*model)))
      return signalPassFailure();
    FailureOr<SmallVector<WeightedOp>> layers = getFloatLayers(*model);
    if (failed(layers))
      return signalPassFailure();
    for (WeightedOp op : *layers)
      if (WeightedOp reader = getReader(op))
        equalize(op, reader);
  }
};
} // namespace

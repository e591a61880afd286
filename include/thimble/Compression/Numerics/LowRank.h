//===- LowRank.h - One layer as two thinner ones ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The singular value decomposition of a layer's weights in the metric of its
// inputs, for matrix products and for convolutions split by channels or by
// axes, and what each split costs.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_LOWRANK_H
#define THIMBLE_COMPRESSION_NUMERICS_LOWRANK_H

#include <Eigen/Core>
#include <cstdint>

namespace thimble {

/// Two layers, one after the other. The values between them have a second
/// moment (about the mean) of 1 each, so that one scale serves all.
struct LowRankFactors {
  /// The layer that comes first, r x K; of a spatial split r x (kh * C).
  Eigen::MatrixXd first;
  /// The other, O x r; of a spatial split O x (kw * r), r innermost.
  Eigen::MatrixXd second;
};

/// All truncations of one layer, each the best of its rank: they minimize
/// tr((W - BA) H (W - BA)^T) (Eckart and Young, 1936, in the whitened space).
/// For a k x k convolution the first factor is a k x k convolution to r
/// channels, the second one of 1 x 1.
class LayerSpectrum {
public:
  /// `target`: O x K; `hessian`: K x K, the bias eliminated, damped by
  /// `damping` times the mean of its diagonal.
  LayerSpectrum(const Eigen::MatrixXd &target, const Eigen::MatrixXd &hessian,
                double damping = 0.01);

  /// Squared singular values of the whitened weights, falling; min(O, K) of
  /// them. Their sum is the energy of the outputs.
  const Eigen::VectorXd &getEnergies() const { return energies; }

  /// The error of the best approximation of that rank: what it drops.
  double getError(int64_t rank) const;

  /// The least rank that keeps that share, 0 to 1, of the energy.
  int64_t getRank(double share) const;

  /// The best approximation; `rank` from 1 to min(O, K).
  LowRankFactors getFactors(int64_t rank) const;

private:
  Eigen::MatrixXd target;
  Eigen::VectorXd energies;
  /// O x min(O, K): orthonormal directions of the outputs.
  Eigen::MatrixXd directions;
};

/// A convolution: weights are O x (kh * kw * C), taps in the order of OHWI.
struct ConvolutionShape {
  int64_t outputs = 1, kernelHeight = 1, kernelWidth = 1, channels = 1;

  int64_t getColumns() const { return kernelHeight * kernelWidth * channels; }
};

/// A kh x 1 convolution to `rank` channels and then one of 1 x kw. It starts
/// from the singular vectors in the mean metric of the columns of the window;
/// then both factors in turn are solved for in the full one (the second
/// exactly, the first by conjugate gradients). `rank` is at most
/// min(O * kw, kh * C).
LowRankFactors splitSpatially(const Eigen::MatrixXd &target,
                              const Eigen::MatrixXd &hessian,
                              const ConvolutionShape &shape, int64_t rank,
                              double damping = 0.01);

/// The weights, O x K, that the two convolutions of a spatial split stand for.
Eigen::MatrixXd mergeSpatially(const LowRankFactors &factors,
                               const ConvolutionShape &shape);

/// Pixels of a convolution. Between the two of a spatial split there are
/// outputHeight rows of inputWidth: the first strides vertically only.
struct ConvolutionPixels {
  int64_t outputHeight = 1, outputWidth = 1, inputWidth = 1;
};

/// Multiply-accumulates of the convolution as it is and when it is split.
int64_t countMacs(const ConvolutionShape &shape,
                  const ConvolutionPixels &pixels);
int64_t countChannelSplitMacs(const ConvolutionShape &shape,
                              const ConvolutionPixels &pixels, int64_t rank);
int64_t countSpatialSplitMacs(const ConvolutionShape &shape,
                              const ConvolutionPixels &pixels, int64_t rank);

/// Whether the layer gets thinner: at rank r it has less weights and less
/// multiply-accumulates than before if r (O + K) < O K.
inline bool savesMacs(int64_t rank, int64_t outputs, int64_t columns) {
  return rank * (outputs + columns) < outputs * columns;
}

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_LOWRANK_H

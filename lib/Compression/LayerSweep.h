//===- LayerSweep.h - Layer by layer, teacher beside student ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks student and teacher from input to output. At each layer the statistics
// are those of the student's own, quantized and already compressed inputs, so
// that a layer can make up for what the layers before it did.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_LAYERSWEEP_H
#define THIMBLE_LIB_COMPRESSION_LAYERSWEEP_H

#include "FunctionNetwork.h"
#include "ValueStore.h"
#include "thimble/Compression/Numerics/Refit.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace thimble {

/// The least-squares problem of one layer: find numbers near `fitted` whose
/// products with the inputs come near what the teacher computes.
struct LayerProblem {
  size_t layer = 0; ///< index in FunctionNetwork::layers
  bool isDepthwise = false;
  /// Input channels, or what else is innermost in a row of weights: K divided
  /// by the taps.
  int64_t channels = 0;
  /// O x K, fitted to the teacher's results (ridge regression).
  AffineLayer fitted;
  /// Moments of inputs and targets: one for all rows, or one a row of a
  /// depthwise convolution.
  std::vector<LayerMoments> moments;
  /// K x K second moments of the inputs, the bias eliminated, as many.
  std::vector<Eigen::MatrixXd> hessians;

  /// How much each row matters (measureRowImportance); empty: all the same.
  Eigen::VectorXd importance;

  /// The best biases for other weights.
  Eigen::VectorXd fitBiases(const Eigen::MatrixXd &weights) const;
};

struct SweepOptions {
  /// Pull of the regression to the float weights, as a part of the moments'
  /// mean diagonal.
  double ridge = 1e-3;
  /// Windows whose moments are taken, at least.
  int64_t windows = 100000;
  /// Samples they come from, at least.
  int64_t momentSamples = 256;
  /// Samples that say how much rows matter.
  int64_t importanceSamples = 256;
};

/// Called at each layer: puts the layer's numbers into the student's
/// parameters.
using LayerVisitor = llvm::function_ref<void(const LayerProblem &problem)>;

/// Visits all layers. A layer's parameters are its float numbers until it is
/// visited: the regression is pulled to them.
void sweepLayers(const FunctionNetwork &teacher, const FunctionNetwork &student,
                 const gradient::Parameters &studentParameters,
                 const SampleBlock &samples, const SweepOptions &options,
                 LayerVisitor visit);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_LAYERSWEEP_H

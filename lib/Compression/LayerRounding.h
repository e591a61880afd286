//===- LayerRounding.h - A layer's integers by its recipe -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a recipe means for one layer whose inputs are known.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_LAYERROUNDING_H
#define THIMBLE_LIB_COMPRESSION_LAYERROUNDING_H

#include "LayerSweep.h"
#include "thimble/Compression/WeightMatrix.h"

namespace thimble {

/// The numbers that a layer gets.
struct CompressedLayer {
  IntegerWeights weights;
  Eigen::VectorXd biases; ///< real numbers
  /// What the codes stand for: the fitted weights.
  Eigen::MatrixXd targets;

  Eigen::MatrixXd getWeights() const {
    return weights.scales.asDiagonal() * weights.codes.cast<double>();
  }
};

/// Weights that stay 0: those of output channels and input channels that have
/// no other, and all zeros if the recipe asks for a pattern.
MaskMatrix getKept(const IntegerWeights &weights, RecipeAttr recipe);

/// Rounds the problem's weights. `kept` is where they may differ from 0. A null
/// recipe stands for eight bits. `beamWidth`: of RoundingOptions.
CompressedLayer compressLayer(const LayerProblem &problem, RecipeAttr recipe,
                              const MaskMatrix &kept, double inputScale,
                              int beamWidth);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_LAYERROUNDING_H

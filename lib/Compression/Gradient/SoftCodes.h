//===- SoftCodes.h - Codes between two neighbours ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What AdaRound trains: for each weight how far it is from the lower of two
// codes to the upper, h(V) = clip(sigmoid(V) * (zeta - gamma) + gamma, 0, 1)
// with zeta 1.1 and gamma -0.1.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_GRADIENT_SOFTCODES_H
#define THIMBLE_LIB_COMPRESSION_GRADIENT_SOFTCODES_H

#include "thimble/Compression/Gradient/Adam.h"
#include "thimble/Compression/Gradient/RoundingOptimization.h"

namespace thimble::gradient {

/// The prices of a step, in the unit of the loss.
struct RoundingPrices {
  /// Of an undecided code, and the exponent of its penalty.
  float decision = 0, exponent = 2;
  /// Of a bit.
  float bit = 0;
};

/// The codes of one layer while they are trained.
class SoftCodes {
public:
  SoftCodes(const LayerShape &shape, const RoundingLayer &layer);

  NodeId getNode() const { return layer.node; }
  /// Writes the weights of the codes as they are now.
  void writeWeights(std::vector<float> &weights) const;
  /// The nearer of both codes.
  std::vector<int8_t> harden() const;
  /// Moves by the loss's derivatives by the weights, and by the prices.
  void step(const std::vector<float> &gradients, const RoundingPrices &prices,
            float rate);
  /// Counts the codes anew for what bits cost.
  void updateBits();

private:
  /// h, and its derivative by V.
  struct Position {
    float value, slope;
  };
  Position getPosition(size_t i) const;

  LayerShape shape;
  const RoundingLayer &layer;
  /// For each weight both codes (equal if it is decided), its scale and V.
  std::vector<int8_t> lower, upper;
  std::vector<float> scales, positions, derivatives;
  Adam steps;
  /// Bits of each code, by code + 128.
  std::vector<float> bits;
};

} // namespace thimble::gradient

#endif // THIMBLE_LIB_COMPRESSION_GRADIENT_SOFTCODES_H

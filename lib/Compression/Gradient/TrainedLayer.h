//===- TrainedLayer.h - A layer while it is distilled -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales are trained as logarithms of factors on the start's: a step is the
// same share of every scale, and none changes its sign. Codes are trained by
// real numbers behind them, of which each is the nearest code; the loss's
// derivatives by the weights are passed straight through the rounding.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_GRADIENT_TRAINEDLAYER_H
#define THIMBLE_LIB_COMPRESSION_GRADIENT_TRAINEDLAYER_H

#include "thimble/Compression/Gradient/Adam.h"
#include "thimble/Compression/Gradient/RoundingOptimization.h"

namespace thimble::gradient {

/// How far a step goes: see DistillationOptions.
struct StepRates {
  float scale = 0, bias = 0, code = 0;
  /// Of a bit, in the unit of the loss.
  float bitPrice = 0;
};

/// The trained numbers of one layer.
class TrainedLayer {
public:
  /// `training` may be null: then codes stay.
  TrainedLayer(NodeId node, const LayerShape &shape,
               const QuantizedLayer &start, const CodeTraining *training);

  NodeId getNode() const { return node; }
  /// The layer with the numbers as they are now.
  QuantizedLayer get() const;
  /// Gradients of the right sizes, 0, as far as they are needed.
  LayerGradients getZeroGradients() const;
  void step(LayerGradients &by, const StepRates &rates);

  /// What biases are measured with; 0 if all are the same.
  float getBiasDeviation() const { return biasDeviation; }
  void setBiasDeviation(float deviation) { biasDeviation = deviation; }

  /// Whether bits of the codes' entropy cost something.
  bool isCoded() const { return training && training->isCoded; }
  /// Bits of entropy of the codes as they are now; counts them for what bits
  /// cost.
  double countBits();
  /// The square of the derivative by a step of a code, summed, and the number
  /// of these codes.
  std::pair<double, int64_t> measure(const LayerGradients &by) const;

private:
  void initializePositions();
  void stepCodes(const std::vector<float> &by, const StepRates &rates);
  /// Index in the alphabet of the code nearest to `position`.
  size_t getNearest(float position) const;

  NodeId node;
  LayerShape shape;
  QuantizedLayer current;
  const CodeTraining *training;
  std::vector<float> startScales, logFactors;
  Adam scaleSteps, biasSteps;
  float biasDeviation;
  /// What codes are rounded from, in units of codes; empty if they stay.
  std::vector<float> positions, derivatives;
  Adam codeSteps;
  /// The mean distance of neighbours in the alphabet.
  float gap = 1;
  /// Bits of each code, by index in the alphabet.
  std::vector<float> bits;
};

} // namespace thimble::gradient

#endif // THIMBLE_LIB_COMPRESSION_GRADIENT_TRAINEDLAYER_H

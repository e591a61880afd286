//===- EngineLayers.h - Compressed layers for training ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between matrices of codes and the order of lib/Compression/Gradient.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_ENGINELAYERS_H
#define THIMBLE_LIB_COMPRESSION_ENGINELAYERS_H

#include "Reconstruction.h"
#include "thimble/Compression/Gradient/RoundingOptimization.h"

namespace thimble {

/// Codes, scales and biases.
gradient::QuantizedLayer toEngine(const gradient::LayerShape &shape,
                                  const CompressedLayer &layer);
/// Takes them back, with scales that are safe (see getSafeScale).
void fromEngine(const gradient::LayerShape &shape,
                const gradient::QuantizedLayer &trained, double inputScale,
                CompressedLayer &layer);

/// How the layer's codes may change under a recipe (null: eight bits): codes
/// that a step or palette has not used stay unused, so that tables do not grow.
gradient::CodeTraining getCodeTraining(const gradient::LayerShape &shape,
                                       const CompressedLayer &layer,
                                       RecipeAttr recipe,
                                       const MaskMatrix &kept);

/// Reads samples of a block.
gradient::SampleSet getSampleSet(const SampleBlock &block);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_ENGINELAYERS_H

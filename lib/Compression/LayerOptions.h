//===- LayerOptions.h - What each layer could become, measured --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For every layer a list of recipes, each with its bytes and with what it does
// to the network's results when only this layer is compressed.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_LAYEROPTIONS_H
#define THIMBLE_LIB_COMPRESSION_LAYEROPTIONS_H

#include "OutputLoss.h"
#include "Reconstruction.h"
#include "StoredSize.h"

namespace thimble {

/// One way to compress one layer.
struct LayerOption {
  RecipeAttr recipe;
  int64_t bytes = 0; ///< of flash, tables included, decoders not
  double cycles = 0; ///< to decode it, one inference
  double loss = 0;   ///< more than with all layers at eight bits
};

/// Options of all layers, in the order of FunctionNetwork::layers. The first of
/// each is eight bits.
struct OptionTable {
  std::vector<std::vector<LayerOption>> layers;
  double baseLoss = 0; ///< of all layers at eight bits
};

/// Recipes that are worth measuring for weights of root mean square `rms`.
/// `hasRows`: an output channel's weights are one after another.
std::vector<RecipeAttr> candidateRecipes(mlir::MLIRContext *context, double rms,
                                         bool entropyCoding, bool hasRows);

/// Measures: layers are rounded on `samples`, results compared on
/// `lossSamples`.
OptionTable measureOptions(const TeacherAndStudent &networks,
                           const SampleBlock &samples,
                           const SampleBlock &lossSamples,
                           const StoredSizes &sizes, bool entropyCoding);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_LAYEROPTIONS_H

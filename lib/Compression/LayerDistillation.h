//===- LayerDistillation.h - All layers trained together --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands a reconstructed student to the engine's distillation.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_LAYERDISTILLATION_H
#define THIMBLE_LIB_COMPRESSION_LAYERDISTILLATION_H

#include "Reconstruction.h"
#include "thimble/Compression/Gradient/Distillation.h"

namespace thimble {

/// Whether samples may be mirrored and shifted.
enum class Augmentation { none, image };
/// RGB images of some size are taken for images.
Augmentation guessAugmentation(mlir::func::FuncOp model);

/// What the codes of a layer may become.
struct CodeChoices {
  RecipeAttr recipe;
  const MaskMatrix *kept;
};

/// Trains scales, biases and, unless `codes` is empty, codes. Nothing gets
/// worse on the samples that are held out. `parameters` become what the layers
/// then are.
gradient::DistillationResult
distillLayers(const TeacherAndStudent &networks, const SampleBlock &samples,
              Augmentation augmentation, llvm::ArrayRef<CodeChoices> codes,
              const gradient::DistillationOptions &options,
              std::vector<CompressedLayer> &layers,
              gradient::Parameters &parameters);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_LAYERDISTILLATION_H

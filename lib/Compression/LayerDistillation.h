//===- LayerDistillation.h - Scales and biases trained together -*- C++ -*-===//
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

/// Trains scales and biases; codes stay. Nothing gets worse on the samples that
/// are held out. `parameters` become what the layers then are.
gradient::DistillationResult distillLayers(
    const TeacherAndStudent &networks, const SampleBlock &samples,
    Augmentation augmentation, const gradient::DistillationOptions &options,
    std::vector<CompressedLayer> &layers, gradient::Parameters &parameters);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_LAYERDISTILLATION_H

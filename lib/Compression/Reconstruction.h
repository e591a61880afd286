//===- Reconstruction.h - All layers' integers by their recipes -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One layer after the other to the teacher's results.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_RECONSTRUCTION_H
#define THIMBLE_LIB_COMPRESSION_RECONSTRUCTION_H

#include "LayerRounding.h"

namespace thimble {

/// The networks of a module: a quantized model and its float teacher.
struct TeacherAndStudent {
  mlir::func::FuncOp model;
  FunctionNetwork teacher, student;
  /// See findCounterparts.
  std::vector<gradient::NodeId> counterparts;

  /// Emits an error if the model has no teacher or is not quantized.
  static mlir::FailureOr<TeacherAndStudent> of(mlir::func::FuncOp model);

  /// The scale of a layer's input.
  double getInputScale(size_t layer) const;
  /// What each layer's recipe says, null without one.
  std::vector<RecipeAttr> getRecipes() const;
  /// Where weights may differ from 0, layer by layer.
  std::vector<MaskMatrix> getKept(llvm::ArrayRef<RecipeAttr> recipes) const;
  /// Replaces the model's weights and biases.
  void write(llvm::ArrayRef<CompressedLayer> layers) const;
};

/// Sweeps once, rounding every layer; the student's parameters become what the
/// layers then are.
std::vector<CompressedLayer>
reconstructLayers(const TeacherAndStudent &networks, const SampleBlock &samples,
                  llvm::ArrayRef<RecipeAttr> recipes,
                  llvm::ArrayRef<MaskMatrix> kept, const SweepOptions &options,
                  gradient::Parameters &parameters);

/// Sets the engine's parameters to a layer's integers; the bias is rounded as
/// the object's will be.
void setParameters(const TeacherAndStudent &networks, size_t index,
                   const CompressedLayer &layer,
                   gradient::Parameters &parameters);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_RECONSTRUCTION_H

//===- Contraction.h - Convolutions and products for kernels -----*- C++
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a kernel must know to compute a multiply-accumulate op with a loop nest
// of its own.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_CONTRACTION_H
#define THIMBLE_DIALECT_THIMBLE_IR_CONTRACTION_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/LoopNest/Requantize.h"
#include "thimble/LoopNest/WindowGeometry.h"

namespace thimble {

/// A convolution each of whose outputs reads all input channels; a matrix
/// product is one with windows of one pixel.
struct Contraction {
  WindowGeometry geometry;
  Requantizer requantizer;
  std::vector<uint8_t> weights; ///< decoded, in TFLite's OHWI order
  uint8_t paddingByte;
};

/// None if the op is no such op.
std::optional<Contraction> contractionOf(mlir::Operation *op);
/// Completes the spec that a nest has described with the op's rows.
void addContractionRows(mlir::Operation *op, StepSpec &spec);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_CONTRACTION_H

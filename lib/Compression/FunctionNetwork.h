//===- FunctionNetwork.h - A function for differentiation -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bridge from the dialect to lib/Compression/Gradient, which knows no IR.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_FUNCTIONNETWORK_H
#define THIMBLE_LIB_COMPRESSION_FUNCTIONNETWORK_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Compression/Gradient/Network.h"
#include "thimble/Compression/Numerics/Refit.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"

namespace thimble {

/// A float or integer function as a network of floats. What an integer function
/// computes is simulated: codes stand for the real numbers that they mean, and
/// results are rounded to the grids of their types.
struct FunctionNetwork {
  gradient::Network network;
  /// The function's own numbers.
  gradient::Parameters parameters;
  std::vector<gradient::ValueId> inputs, outputs;
  /// Ops with a weight, in order, and their nodes.
  std::vector<std::pair<WeightedOp, gradient::NodeId>> layers;
  /// The node of an op by its thimble.id.
  llvm::StringMap<gradient::NodeId> nodes;
  /// Nodes whose result is the sum of their inputs.
  llvm::DenseSet<gradient::NodeId> sums;
  /// Nodes whose result is a probability distribution in its last dimension.
  llvm::DenseSet<gradient::NodeId> distributions;

  /// Emits an error at an op that has no counterpart.
  static mlir::FailureOr<FunctionNetwork> of(mlir::func::FuncOp function);
};

/// For each of the student's nodes the teacher's that corresponds to it, -1
/// without one: inputs in order, results by id if they have the same shape.
std::vector<gradient::NodeId> findCounterparts(const FunctionNetwork &student,
                                               const FunctionNetwork &teacher);

/// Reads a layer's weights (rows x columns) and biases from the order of the
/// node's memory.
AffineLayer getLayer(const gradient::LayerShape &shape,
                     const gradient::LayerParameters &parameters);
/// Writes them.
void setLayer(const gradient::LayerShape &shape, const AffineLayer &numbers,
              gradient::LayerParameters &parameters);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_FUNCTIONNETWORK_H

//===- Backward.h - Reverse-mode derivatives --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The derivatives of a loss by a network's values, inputs and parameters.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_BACKWARD_H
#define THIMBLE_COMPRESSION_GRADIENT_BACKWARD_H

#include "thimble/Compression/Gradient/Execution.h"

namespace thimble::gradient {

/// Derivatives of a loss by parameters: one for each node.
using Gradients = std::vector<LayerGradients>;

/// Runs `range` backwards. `gradients` holds the derivatives of the loss by
/// the values that the caller has set, and gets those of the values in front of
/// them, as far as they lead to a layer of `parameterGradients` that isn't
/// empty or to one of `wanted` (the others may stay unset). Derivatives by
/// values with activation or grid are those before both: rounding is passed
/// straight through where it doesn't clamp. Adds to `parameterGradients`.
/// What an earlier call has left in `gradients` counts as set: reset it first.
/// `batch` was computed by runForward with keepLinear; clamping of inputs of
/// the network is ignored.
void runBackward(const Network &network, const Parameters &parameters,
                 const Batch &batch, Batch &gradients, NodeRange range,
                 Gradients &parameterGradients,
                 const std::vector<ValueId> &wanted = {},
                 const ExecutionOptions &options = {});

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_BACKWARD_H

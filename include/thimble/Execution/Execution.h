//===- Execution.h - What a run of a model gives ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the runners for the host and for emulated cores have in common.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_EXECUTION_H
#define THIMBLE_EXECUTION_EXECUTION_H

#include "thimble/Execution/CycleProfile.h"
#include "thimble/Execution/TensorFile.h"

namespace thimble {

/// Written to all memory of a model before each call, so that a model that
/// reads what it has not written gives something else than it should.
constexpr uint32_t poisonWord = 0xA55AC33C;

/// Bytes on either side of every block of memory that a model must not touch.
constexpr uint64_t guardBytes = 64;

/// Most pointers that a model can be called with, the arena included.
constexpr unsigned maxArguments = 8;

/// What a run gives.
struct ExecutionResult {
  TensorVectors outputs;   ///< beside ModelInfo::outputs
  TensorVectors preserved; ///< beside ModelInfo::preserved
  /// Measured high-water mark in bytes; the host does not measure it.
  std::optional<uint64_t> stackBytes;
  std::optional<CycleProfile> profile; ///< if it was asked for

  /// A result without values for the vectors of `inputs`.
  ExecutionResult(const ModelInfo &model, const TensorVectors &inputs) {
    outputs.count = preserved.count = inputs.count;
    outputs.hasAxis = preserved.hasAxis = inputs.hasAxis;
    outputs.tensors.resize(model.outputs.size());
    preserved.tensors.resize(model.preserved.size());
  }
};

} // namespace thimble

#endif // THIMBLE_EXECUTION_EXECUTION_H

//===- Execution.h - Running a network --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of a batch of samples, and the function that computes them.
//
// A batch is cut in two halves, which are computed one after the other or at
// once; sums over samples are made in each half, then the halves are added.
// So results don't depend on the number of threads.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_EXECUTION_H
#define THIMBLE_COMPRESSION_GRADIENT_EXECUTION_H

#include "thimble/Compression/Gradient/Network.h"
#include <functional>

namespace thimble::gradient {

/// Nodes first..last-1.
struct NodeRange {
  NodeId first = 0, last = 0;
};

/// How functions of this component run.
struct ExecutionOptions {
  /// 1 or 2.
  int threads = 2;
  /// Also keeps what results were before activation and quantization:
  /// getLinear. Derivatives need it.
  bool keepLinear = false;
};

/// The values of `samples` samples: for each value, where it was set or
/// computed, samples x size floats.
class Batch {
public:
  /// Values that aren't set here are read from `base`, which must live as
  /// long: so a range of nodes runs on from stored values.
  Batch(const Network &network, int64_t samples, const Batch *base = nullptr);

  int64_t getSamples() const { return samples; }
  bool has(ValueId id) const { return get(id); }
  /// Whether the value was set or computed here, not in the base.
  bool isOwn(ValueId id) const { return values[id].isSet; }
  /// Null if neither this batch nor its base has the value.
  const float *get(ValueId id) const;
  /// What the node computed before activation and quantization: as get() if
  /// the node has neither. Null if that wasn't kept.
  const float *getLinear(NodeId id) const;
  /// Memory for a value that the caller sets: what was there, if anything.
  float *set(ValueId id);
  /// Memory for what a node computes before activation and quantization;
  /// runForward calls it.
  float *setLinear(NodeId id);
  /// Says that a node has neither activation nor quantization.
  void shareLinear(NodeId id) { sharesLinear[id] = true; }
  /// Forgets all values but keeps the memory; for another number of samples.
  void reset(int64_t newSamples);

private:
  struct Storage {
    std::vector<float> memory;
    bool isSet = false;
  };
  float *allocate(Storage &storage, int64_t size) const;

  const Network &network;
  const Batch *base;
  int64_t samples;
  std::vector<Storage> values, linear;
  std::vector<bool> sharesLinear;
};

/// Computes the nodes of `range`. Values from before the range that its nodes
/// read must be set. An input in the range is rounded to its grid in place.
void runForward(const Network &network, const Parameters &parameters,
                Batch &batch, NodeRange range,
                const ExecutionOptions &options = {});

/// Rounds to the grid, ties away from zero as TFLite does, in place.
void roundToGrid(const ActivationGrid &grid, float *values, int64_t count);

/// Calls `run(half, first sample, sample behind the last)` for both halves of
/// a batch, on one or two threads.
void forEachHalf(int64_t samples, int threads,
                 const std::function<void(int, int64_t, int64_t)> &run);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_EXECUTION_H

//===- ValueStore.h - A network's values for many samples -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Node after node for all samples, where a pass changes a node's numbers before
// the next one runs.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_VALUESTORE_H
#define THIMBLE_LIB_COMPRESSION_VALUESTORE_H

#include "thimble/Compression/Gradient/Execution.h"

namespace thimble {

/// Samples for a network: for each of its inputs `count` times as many floats
/// as the input has elements.
struct SampleBlock {
  int64_t count = 0;
  std::vector<std::vector<float>> inputs;

  /// `chosen` samples, evenly spread.
  SampleBlock thinned(int64_t chosen) const;
  /// Samples [first, first + number).
  SampleBlock slice(int64_t first, int64_t number) const;
};

/// Values of all samples at one point of the network: those that later nodes
/// still read.
class ValueStore {
public:
  ValueStore(const gradient::Network &network,
             const gradient::Parameters &parameters,
             const SampleBlock &samples);

  gradient::NodeId getNext() const { return next; }
  bool has(gradient::ValueId id) const { return !values[id].empty(); }
  /// Floats of all samples, one sample behind the other.
  const std::vector<float> &get(gradient::ValueId id) const {
    return values[id];
  }
  /// What the next node will compute, before its activation and quantization.
  std::vector<float> getNextLinear() const;
  /// Runs the next node.
  void runNext();
  /// Runs nodes up to but not including `node`.
  void runTo(gradient::NodeId node);
  /// The values that `node` reads, of samples first, first + step, ...
  gradient::Batch getInputs(gradient::NodeId node, int64_t first, int64_t step,
                            int64_t count) const;

private:
  /// Runs the next node in blocks; `take(batch, first sample, samples)` gets
  /// each.
  void runBlocks(bool keepLinear,
                 const std::function<void(const gradient::Batch &, int64_t,
                                          int64_t)> &take) const;

  const gradient::Network &network;
  const gradient::Parameters &parameters;
  int64_t count;
  gradient::NodeId next = 0;
  std::vector<std::vector<float>> values;
  std::vector<gradient::NodeId> lastUser;
};

/// Values `outputs` for all samples, run in blocks small enough for memory.
std::vector<std::vector<float>>
runNetwork(const gradient::Network &network,
           const gradient::Parameters &parameters, const SampleBlock &samples,
           const std::vector<gradient::ValueId> &outputs);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_VALUESTORE_H

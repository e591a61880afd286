//===- Batch.cpp - The values of a batch of samples -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory grows when a value is first set and is kept for the next batch.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Gradient/Execution.h"
#include <cassert>
#include <thread>

using namespace thimble;
using namespace thimble::gradient;

Batch::Batch(const Network &network, int64_t samples, const Batch *base)
    : network(network), base(base), samples(samples),
      values(network.getNodeCount()), linear(network.getNodeCount()),
      sharesLinear(network.getNodeCount()) {
  assert((!base || base->samples == samples) && "the same samples");
}

const float *Batch::get(ValueId id) const {
  if (values[id].isSet)
    return values[id].memory.data();
  if (network.getNode(id).kind == Node::Kind::Constant)
    return network.getNode(id).constant.data();
  return base ? base->get(id) : nullptr;
}

const float *Batch::getLinear(NodeId id) const {
  if (linear[id].isSet)
    return linear[id].memory.data();
  if (values[id].isSet)
    return sharesLinear[id] ? values[id].memory.data() : nullptr;
  return base ? base->getLinear(id) : nullptr;
}

float *Batch::allocate(Storage &storage, int64_t size) const {
  if (static_cast<int64_t>(storage.memory.size()) < samples * size)
    storage.memory.resize(samples * size);
  storage.isSet = true;
  return storage.memory.data();
}

float *Batch::set(ValueId id) {
  linear[id].isSet = false;
  sharesLinear[id] = false;
  return allocate(values[id], network.getSize(id));
}

float *Batch::setLinear(NodeId id) {
  return allocate(linear[id], network.getSize(id));
}

void Batch::reset(int64_t newSamples) {
  assert(!base && "a batch on a base has its samples");
  samples = newSamples;
  for (Storage &storage : values)
    storage.isSet = false;
  for (Storage &storage : linear)
    storage.isSet = false;
}

void thimble::gradient::forEachHalf(
    int64_t samples, int threads,
    const std::function<void(int, int64_t, int64_t)> &run) {
  int64_t middle = (samples + 1) / 2;
  if (threads < 2 || middle == samples) {
    run(0, 0, middle);
    run(1, middle, samples);
    return;
  }
  std::thread second([&] { run(1, middle, samples); });
  run(0, 0, middle);
  second.join();
}

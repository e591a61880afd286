//===- Move.cpp - Operations that only move elements ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pads, transposes and slices by a list of sources; concatenations by blocks.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <algorithm>

using namespace thimble;
using namespace thimble::gradient;

namespace {

class Move final : public Operation {
public:
  Move(int64_t inputSize, std::vector<int32_t> sources, float value)
      : inputSize(inputSize), sources(std::move(sources)), value(value) {}

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *from = a.inputs[0].at(s);
      float *to = a.output + s * sources.size();
      for (size_t i = 0; i < sources.size(); ++i)
        to[i] = sources[i] < 0 ? value : from[sources[i]];
    }
  }

  void backward(const BackwardArguments &a) const override {
    if (!a.inputGradients[0])
      return;
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *by = a.gradient + s * sources.size();
      float *to = a.inputGradients[0] + s * inputSize;
      for (size_t i = 0; i < sources.size(); ++i)
        if (sources[i] >= 0)
          to[sources[i]] += by[i];
    }
  }

private:
  int64_t inputSize;
  std::vector<int32_t> sources;
  float value;
};

class Concatenation final : public Operation {
public:
  Concatenation(std::vector<int64_t> blocks, int64_t repetitions)
      : blocks(std::move(blocks)), repetitions(repetitions) {}

  void forward(const ForwardArguments &a) const override {
    float *to = a.output;
    for (int64_t s = 0; s < a.samples; ++s)
      for (int64_t r = 0; r < repetitions; ++r)
        for (size_t i = 0; i < blocks.size(); ++i)
          to = std::copy_n(a.inputs[i].at(s) + r * blocks[i], blocks[i], to);
  }

  void backward(const BackwardArguments &a) const override {
    const float *by = a.gradient;
    for (int64_t s = 0; s < a.samples; ++s)
      for (int64_t r = 0; r < repetitions; ++r)
        for (size_t i = 0; i < blocks.size(); by += blocks[i], ++i) {
          if (!a.inputGradients[i])
            continue;
          float *to = a.inputGradients[i] + (s * repetitions + r) * blocks[i];
          for (int64_t j = 0; j < blocks[i]; ++j)
            to[j] += by[j];
        }
  }

private:
  std::vector<int64_t> blocks;
  int64_t repetitions;
};

} // namespace

OperationPointer thimble::gradient::makeMove(int64_t inputSize,
                                             std::vector<int32_t> sources,
                                             float value) {
  return std::make_unique<Move>(inputSize, std::move(sources), value);
}

OperationPointer
thimble::gradient::makeConcatenation(std::vector<int64_t> blocks,
                                     int64_t repetitions) {
  return std::make_unique<Concatenation>(std::move(blocks), repetitions);
}

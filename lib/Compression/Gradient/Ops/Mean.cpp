//===- Mean.cpp - Means over whole dimensions -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each element of the input belongs to one of the result.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <algorithm>

using namespace thimble;
using namespace thimble::gradient;

namespace {

class Mean final : public Operation {
public:
  Mean(const Shape &input, const std::vector<int64_t> &axes) {
    int64_t inputSize = 1;
    for (size_t d = 0; d < input.size(); ++d) {
      inputSize *= input[d];
      if (std::find(axes.begin(), axes.end(), d) == axes.end())
        outputSize *= input[d];
    }
    targets.resize(inputSize);
    for (int64_t i = 0; i < inputSize; ++i) {
      int64_t rest = i, stride = 1, target = 0;
      for (int64_t d = static_cast<int64_t>(input.size()) - 1; d >= 0; --d) {
        int64_t index = rest % input[d];
        rest /= input[d];
        if (std::find(axes.begin(), axes.end(), d) != axes.end())
          continue;
        target += index * stride;
        stride *= input[d];
      }
      targets[i] = static_cast<int32_t>(target);
    }
    share = static_cast<float>(outputSize) / static_cast<float>(inputSize);
  }

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *x = a.inputs[0].at(s);
      float *to = a.output + s * outputSize;
      std::fill_n(to, outputSize, 0.0f);
      for (size_t i = 0; i < targets.size(); ++i)
        to[targets[i]] += x[i];
      for (int64_t i = 0; i < outputSize; ++i)
        to[i] *= share;
    }
  }

  void backward(const BackwardArguments &a) const override {
    if (!a.inputGradients[0])
      return;
    int64_t inputSize = static_cast<int64_t>(targets.size());
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *by = a.gradient + s * outputSize;
      float *to = a.inputGradients[0] + s * inputSize;
      for (int64_t i = 0; i < inputSize; ++i)
        to[i] += share * by[targets[i]];
    }
  }

private:
  int64_t outputSize = 1;
  /// The element of the result that each of the input's belongs to.
  std::vector<int32_t> targets;
  /// One over the elements that are averaged.
  float share = 1;
};

} // namespace

OperationPointer thimble::gradient::makeMean(const Shape &input,
                                             const std::vector<int64_t> &axes) {
  return std::make_unique<Mean>(input, axes);
}

//===- Softmax.cpp - Probabilities from logits ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Over the last dimension, the maximum subtracted first.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

namespace {

class Softmax final : public Operation {
public:
  Softmax(int64_t size, int64_t depth, float beta)
      : size(size), depth(depth), beta(beta) {}

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s)
      for (int64_t row = 0; row < size; row += depth)
        computeRow(a.inputs[0].at(s) + row, a.output + s * size + row);
  }

  /// dL/dx_i = beta * y_i * (g_i - sum_j g_j y_j).
  void backward(const BackwardArguments &a) const override {
    if (!a.inputGradients[0])
      return;
    for (int64_t row = 0; row < a.samples * size; row += depth) {
      const float *y = a.output + row, *by = a.gradient + row;
      float *to = a.inputGradients[0] + row;
      float sum = 0;
      for (int64_t i = 0; i < depth; ++i)
        sum += by[i] * y[i];
      for (int64_t i = 0; i < depth; ++i)
        to[i] += beta * y[i] * (by[i] - sum);
    }
  }

private:
  void computeRow(const float *x, float *to) const {
    float largest = beta * x[0];
    for (int64_t i = 0; i < depth; ++i)
      largest = std::max(largest, beta * x[i]);
    float sum = 0;
    for (int64_t i = 0; i < depth; ++i)
      sum += to[i] = std::exp(beta * x[i] - largest);
    for (int64_t i = 0; i < depth; ++i)
      to[i] /= sum;
  }

  int64_t size, depth;
  float beta;
};

} // namespace

OperationPointer thimble::gradient::makeSoftmax(int64_t size, int64_t depth,
                                                float beta) {
  return std::make_unique<Softmax>(size, depth, beta);
}

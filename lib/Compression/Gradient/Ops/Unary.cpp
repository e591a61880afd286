//===- Unary.cpp - Functions of single elements ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each function is a struct with its value and its derivative, which may use
// the value.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

namespace {

struct Identity {
  float value(float x) const { return x; }
  float derivative(float, float) const { return 1; }
};

struct LeakyRelu {
  float alpha;
  float value(float x) const { return x > 0 ? x : alpha * x; }
  float derivative(float x, float) const { return x > 0 ? 1 : alpha; }
};

/// x * relu6(x + 3) / 6.
struct HardSwish {
  float value(float x) const {
    return x * std::min(std::max(x + 3, 0.0f), 6.0f) / 6;
  }
  float derivative(float x, float) const {
    return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
  }
};

struct Logistic {
  float value(float x) const { return 1 / (1 + std::exp(-x)); }
  float derivative(float, float y) const { return y * (1 - y); }
};

struct Tanh {
  float value(float x) const { return std::tanh(x); }
  float derivative(float, float y) const { return 1 - y * y; }
};

template <typename Function>
class Unary final : public Operation {
public:
  Unary(int64_t size, Function function) : size(size), function(function) {}

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *x = a.inputs[0].at(s);
      float *to = a.output + s * size;
      for (int64_t i = 0; i < size; ++i)
        to[i] = function.value(x[i]);
    }
  }

  void backward(const BackwardArguments &a) const override {
    if (!a.inputGradients[0])
      return;
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *x = a.inputs[0].at(s), *y = a.output + s * size;
      const float *by = a.gradient + s * size;
      float *to = a.inputGradients[0] + s * size;
      for (int64_t i = 0; i < size; ++i)
        to[i] += by[i] * function.derivative(x[i], y[i]);
    }
  }

private:
  int64_t size;
  Function function;
};

} // namespace

OperationPointer thimble::gradient::makeIdentity(int64_t size) {
  return std::make_unique<Unary<Identity>>(size, Identity());
}

OperationPointer thimble::gradient::makeLeakyRelu(int64_t size, float alpha) {
  return std::make_unique<Unary<LeakyRelu>>(size, LeakyRelu{alpha});
}

OperationPointer thimble::gradient::makeHardSwish(int64_t size) {
  return std::make_unique<Unary<HardSwish>>(size, HardSwish());
}

OperationPointer thimble::gradient::makeLogistic(int64_t size) {
  return std::make_unique<Unary<Logistic>>(size, Logistic());
}

OperationPointer thimble::gradient::makeTanh(int64_t size) {
  return std::make_unique<Unary<Tanh>>(size, Tanh());
}

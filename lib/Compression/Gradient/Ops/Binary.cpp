//===- Binary.cpp - Arithmetic on two tensors -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums, differences and products with NumPy's broadcasting.
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// For each element of `result` that of `shape` which it reads; empty if the
/// shapes have the same elements.
std::vector<int32_t> getSources(const Shape &shape, const Shape &result) {
  int64_t size = 1, resultSize = 1;
  for (int64_t extent : shape)
    size *= extent;
  for (int64_t extent : result)
    resultSize *= extent;
  if (size == resultSize)
    return {};
  std::vector<int32_t> sources(resultSize);
  for (int64_t i = 0; i < resultSize; ++i) {
    int64_t rest = i, stride = 1, source = 0;
    for (size_t d = 0; d < result.size(); ++d) {
      int64_t extent = result[result.size() - 1 - d];
      int64_t index = rest % extent;
      rest /= extent;
      if (d >= shape.size())
        continue;
      int64_t own = shape[shape.size() - 1 - d];
      source += own == 1 ? 0 : index * stride;
      stride *= own;
    }
    sources[i] = static_cast<int32_t>(source);
  }
  return sources;
}

/// Calls visit(i, element of the operand) for all elements of the result.
template <typename Visit>
void forEachSource(const std::vector<int32_t> &sources, int64_t size,
                   Visit visit) {
  if (sources.empty())
    for (int64_t i = 0; i < size; ++i)
      visit(i, i);
  else
    for (int64_t i = 0; i < size; ++i)
      visit(i, sources[i]);
}

/// An operand read with broadcasting.
struct Broadcast {
  Broadcast(const Shape &shape, const Shape &result)
      : sources(getSources(shape, result)) {
    for (int64_t extent : shape)
      size *= extent;
  }
  std::vector<int32_t> sources;
  int64_t size = 1;
};

/// lhs + sign * rhs.
class Sum final : public Operation {
public:
  Sum(const Shape &lhs, const Shape &rhs, const Shape &result, float sign)
      : lhs(lhs, result), rhs(rhs, result), sign(sign) {
    for (int64_t extent : result)
      size *= extent;
  }

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *x = a.inputs[0].at(s), *y = a.inputs[1].at(s);
      float *to = a.output + s * size;
      forEachSource(lhs.sources, size,
                    [&](int64_t i, int64_t from) { to[i] = x[from]; });
      forEachSource(rhs.sources, size,
                    [&](int64_t i, int64_t from) { to[i] += sign * y[from]; });
    }
  }

  void backward(const BackwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *by = a.gradient + s * size;
      if (float *to = a.inputGradients[0]) {
        to += s * lhs.size;
        forEachSource(lhs.sources, size,
                      [&](int64_t i, int64_t from) { to[from] += by[i]; });
      }
      if (float *to = a.inputGradients[1]) {
        to += s * rhs.size;
        forEachSource(rhs.sources, size, [&](int64_t i, int64_t from) {
          to[from] += sign * by[i];
        });
      }
    }
  }

private:
  Broadcast lhs, rhs;
  float sign;
  int64_t size = 1;
};

/// lhs * rhs.
class Product final : public Operation {
public:
  Product(const Shape &lhs, const Shape &rhs, const Shape &result)
      : lhs(lhs, result), rhs(rhs, result) {
    for (int64_t extent : result)
      size *= extent;
  }

  void forward(const ForwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      const float *x = a.inputs[0].at(s), *y = a.inputs[1].at(s);
      float *to = a.output + s * size;
      forEachSource(lhs.sources, size,
                    [&](int64_t i, int64_t from) { to[i] = x[from]; });
      forEachSource(rhs.sources, size,
                    [&](int64_t i, int64_t from) { to[i] *= y[from]; });
    }
  }

  void backward(const BackwardArguments &a) const override {
    for (int64_t s = 0; s < a.samples; ++s) {
      addGradient(a, s, 0, lhs, rhs);
      addGradient(a, s, 1, rhs, lhs);
    }
  }

private:
  /// To operand `index`, which is `own`: the gradient times the other.
  void addGradient(const BackwardArguments &a, int64_t sample, int index,
                   const Broadcast &own, const Broadcast &other) const {
    float *to = a.inputGradients[index];
    if (!to)
      return;
    to += sample * own.size;
    const float *by = a.gradient + sample * size;
    const float *with = a.inputs[1 - index].at(sample);
    forEachSource(own.sources, size, [&](int64_t i, int64_t from) {
      to[from] += by[i] * with[other.sources.empty() ? i : other.sources[i]];
    });
  }

  Broadcast lhs, rhs;
  int64_t size = 1;
};

} // namespace

OperationPointer thimble::gradient::makeAdd(const Shape &lhs, const Shape &rhs,
                                            const Shape &result) {
  return std::make_unique<Sum>(lhs, rhs, result, 1.0f);
}

OperationPointer thimble::gradient::makeSub(const Shape &lhs, const Shape &rhs,
                                            const Shape &result) {
  return std::make_unique<Sum>(lhs, rhs, result, -1.0f);
}

OperationPointer thimble::gradient::makeMul(const Shape &lhs, const Shape &rhs,
                                            const Shape &result) {
  return std::make_unique<Product>(lhs, rhs, result);
}

//===- Operation.h - What computes a node and its derivatives ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface of the files of Ops/, one function for each of them that makes
// an operation. Activations and quantization of results aren't the operations'
// business.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_OPERATION_H
#define THIMBLE_COMPRESSION_GRADIENT_OPERATION_H

#include <cstdint>
#include <vector>

namespace thimble::gradient {

/// The numbers of a node with weights, in the order of its LayerShape.
struct LayerParameters {
  std::vector<float> weights;
  /// One an output channel, or empty for none.
  std::vector<float> bias;
};

/// Derivatives of a loss by the numbers of a node with weights. What is empty
/// isn't computed; the rest is added to.
struct LayerGradients {
  std::vector<float> weights, bias;
  /// By the logarithm of a factor of an output channel's weights. Much cheaper
  /// than the weights': it is the sum of gradient * (result - bias).
  std::vector<float> logScales;

  bool isEmpty() const {
    return weights.empty() && bias.empty() && logScales.empty();
  }
};

/// An operand: samples that are `stride` floats apart (0 for constants, the
/// number of elements otherwise).
struct Operand {
  const float *data = nullptr;
  int64_t stride = 0;

  const float *at(int64_t sample) const { return data + sample * stride; }
};

/// Memory that an operation may use while it runs, one for each thread.
struct Scratch {
  std::vector<float> first, second;

  /// `count` floats of any content.
  static float *get(std::vector<float> &memory, int64_t count) {
    if (static_cast<int64_t>(memory.size()) < count)
      memory.resize(count);
    return memory.data();
  }
};

/// What a forward step reads and writes: `samples` of each, one behind the
/// other.
struct ForwardArguments {
  int64_t samples;
  const std::vector<Operand> &inputs;
  float *output;
  const LayerParameters &parameters;
  Scratch &scratch;
};

/// What a backward step reads and adds to.
struct BackwardArguments {
  int64_t samples;
  const std::vector<Operand> &inputs;
  /// What forward wrote (before activation and quantization).
  const float *output;
  /// By the output.
  const float *gradient;
  /// By the inputs, added to; null where not wanted.
  const std::vector<float *> &inputGradients;
  const LayerParameters &parameters;
  LayerGradients &parameterGradients;
  Scratch &scratch;
};

/// Computes one kind of node. Has no state but shapes, so threads share it.
class Operation {
public:
  virtual ~Operation() = default;
  virtual void forward(const ForwardArguments &arguments) const = 0;
  virtual void backward(const BackwardArguments &arguments) const = 0;
};

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_OPERATION_H

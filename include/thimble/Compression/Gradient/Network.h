//===- Network.h - A float network as a list of nodes -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The structure of a network, without its numbers: nodes in an order in which
// they can be computed. Weights, biases and quantizations stand beside it in
// Parameters, so that teacher and student share one network.
//
// A value is the float tensor of one sample, C innermost (NHWC). Its shape is
// what the caller says, with or without the model's leading dimension of 1, as
// long as axes and ranks agree with it; a batch holds values one sample behind
// the other.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_NETWORK_H
#define THIMBLE_COMPRESSION_GRADIENT_NETWORK_H

#include "thimble/Compression/Gradient/Operation.h"
#include "thimble/Compression/Numerics/Patches.h"
#include <memory>
#include <optional>

namespace thimble::gradient {

/// A node, and its only result: an index in the order of adding.
using NodeId = int32_t;
using ValueId = NodeId;
using Shape = std::vector<int64_t>;

/// What bounds a node's result.
enum class Activation { None, Relu, Relu6, ReluN1To1 };

/// The numbers that a quantized value can be: scale * (q - zeroPoint) for
/// integers q of low..high.
struct ActivationGrid {
  float scale = 1;
  int32_t zeroPoint = 0, low = -128, high = 127;
};

/// How the weights of a layer lie in memory: `rows` output channels of
/// `columns` weights each.
struct LayerShape {
  int64_t rows = 0, columns = 0;
  /// Output channels innermost (1HWC) instead of outermost (OHWI).
  bool isDepthwise = false;

  int64_t getCount() const { return rows * columns; }
  /// Where weight `column` of output channel `row` is.
  int64_t getIndex(int64_t row, int64_t column) const {
    return isDepthwise ? column * rows + row : row * columns + column;
  }
};

/// One step of the network.
struct Node {
  enum class Kind { Input, Constant, Operation };

  Kind kind = Kind::Operation;
  std::vector<ValueId> inputs;
  /// The result's shape and number of elements, a sample.
  Shape shape;
  int64_t size = 1;
  Activation activation = Activation::None;
  /// What computes the result; none for inputs and constants.
  std::unique_ptr<Operation> operation;
  /// Set if the node has weights.
  std::optional<LayerShape> layer;
  /// The windows of a node with weights.
  PatchGeometry geometry;
  /// The numbers of a constant.
  std::vector<float> constant;
};

/// Weights, biases and quantizations of a network, by node.
struct Parameters {
  /// Nodes without weights have empty ones.
  std::vector<LayerParameters> layers;
  /// Values that are rounded to a grid; inputs may be.
  std::vector<std::optional<ActivationGrid>> grids;
};

/// Nodes in an order in which they can be computed. Shapes that don't fit are
/// the caller's bugs (asserts).
class Network {
public:
  /// A value that the caller supplies.
  ValueId addInput(Shape shape);
  /// The same `numbers` for every sample.
  ValueId addConstant(Shape shape, std::vector<float> numbers);

  /// A convolution with OHWI weights. The result has the input's shape with
  /// the last three dimensions replaced.
  NodeId addConvolution(ValueId input, const PatchGeometry &geometry,
                        int64_t outputChannels,
                        Activation activation = Activation::None);
  /// Output channel c reads input channel c / multiplier; weights are 1HWC.
  NodeId addDepthwise(ValueId input, const PatchGeometry &geometry,
                      int64_t multiplier,
                      Activation activation = Activation::None);
  /// Reads rows of `columns` elements, writes rows of result.back().
  NodeId addFullyConnected(ValueId input, int64_t columns, Shape result,
                           Activation activation = Activation::None);

  /// Element by element; shapes broadcast as in NumPy.
  NodeId addAdd(ValueId lhs, ValueId rhs,
                Activation activation = Activation::None);
  NodeId addSub(ValueId lhs, ValueId rhs,
                Activation activation = Activation::None);
  NodeId addMul(ValueId lhs, ValueId rhs,
                Activation activation = Activation::None);

  /// The input itself: relu, relu6, and changes of quantization, which grids
  /// do.
  NodeId addIdentity(ValueId input, Activation activation = Activation::None);
  NodeId addLeakyRelu(ValueId input, float alpha);
  NodeId addHardSwish(ValueId input);
  NodeId addLogistic(ValueId input);
  NodeId addTanh(ValueId input);
  /// Of beta * x over the last dimension.
  NodeId addSoftmax(ValueId input, float beta);

  /// The divisor counts the taps inside. Results have the shape of a
  /// convolution's with as many channels.
  NodeId addAveragePool(ValueId input, const PatchGeometry &geometry,
                        Activation activation = Activation::None);
  NodeId addMaxPool(ValueId input, const PatchGeometry &geometry,
                    Activation activation = Activation::None);
  /// The mean over dimensions `axes`; `result` has them as 1 or not at all.
  NodeId addMean(ValueId input, const std::vector<int64_t> &axes, Shape result);

  NodeId addPad(ValueId input, const Shape &low, const Shape &high,
                float value = 0);
  NodeId addConcatenation(const std::vector<ValueId> &inputs, int64_t axis);
  NodeId addReshape(ValueId input, Shape shape);
  /// Dimension i of the result is dimension permutation[i] of the input.
  NodeId addTranspose(ValueId input, const std::vector<int64_t> &permutation);
  /// Element i of a dimension is input element offset + i * stride; `result`
  /// is `sizes`, dimensions of size 1 left out as wished.
  NodeId addStridedSlice(ValueId input, const std::vector<int64_t> &offsets,
                         const Shape &sizes,
                         const std::vector<int64_t> &strides, Shape result);

  NodeId getNodeCount() const { return static_cast<NodeId>(nodes.size()); }
  const Node &getNode(NodeId id) const { return nodes[id]; }
  int64_t getSize(ValueId id) const { return nodes[id].size; }

  /// Parameters of the right sizes: weights and biases 0, nothing rounded.
  Parameters createParameters() const;
  /// Samples that are computed together from the first node to the last, so
  /// that their values stay in a cache: 1..32, a function of the sizes alone.
  int64_t getChunkSize() const;
  /// The nodes that read a value, ascending.
  std::vector<NodeId> getUsers(ValueId id) const;

private:
  NodeId add(std::vector<ValueId> inputs, Shape shape,
             std::unique_ptr<Operation> operation,
             Activation activation = Activation::None);
  /// Adds a node with weights.
  NodeId addLayer(ValueId input, Shape shape, const PatchGeometry &geometry,
                  const LayerShape &layer, std::unique_ptr<Operation> operation,
                  Activation activation);
  /// The input's shape with the last three dimensions of a window op.
  Shape getWindowedShape(ValueId input, const PatchGeometry &geometry,
                         int64_t channels) const;

  std::vector<Node> nodes;
};

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_NETWORK_H

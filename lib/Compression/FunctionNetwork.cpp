//===- FunctionNetwork.cpp - A function for differentiation ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One case an op of the dialect: what the op computes in real numbers.
//
//===----------------------------------------------------------------------===//

#include "FunctionNetwork.h"
#include "thimble/Compression/WeightGeometry.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace thimble;
using gradient::NodeId;
using gradient::Shape;
using gradient::ValueId;

static Shape shapeOf(Value value) {
  ArrayRef<int64_t> shape = tensorType(value).getShape();
  return Shape(shape.begin(), shape.end());
}

static gradient::Activation activationOf(Operation *op) {
  auto activated = dyn_cast<ActivatedOp>(op);
  if (!activated)
    return gradient::Activation::None;
  switch (activated.getActivation()) {
  case Activation::None:
    return gradient::Activation::None;
  case Activation::Relu:
    return gradient::Activation::Relu;
  case Activation::Relu6:
    return gradient::Activation::Relu6;
  case Activation::ReluN1To1:
    return gradient::Activation::ReluN1To1;
  }
  llvm_unreachable("covered switch");
}

/// The windows of a pool.
template <typename PoolOp>
static PatchGeometry poolGeometry(PoolOp op) {
  ArrayRef<int64_t> input = tensorType(op.getInput()).getShape();
  ArrayRef<int64_t> output = tensorType(op.getOutput()).getShape();
  PatchGeometry g;
  g.inputHeight = input[1], g.inputWidth = input[2], g.channels = input[3];
  g.outputHeight = output[1], g.outputWidth = output[2];
  g.kernelHeight = op.getKernelSize()[0], g.kernelWidth = op.getKernelSize()[1];
  g.strideHeight = op.getStrides()[0], g.strideWidth = op.getStrides()[1];
  g.paddingTop = op.getPadding()[0], g.paddingLeft = op.getPadding()[2];
  return g;
}

/// The numbers that a constant stands for.
static std::vector<float> realNumbers(ConstantOp constant) {
  Value value = constant.getOutput();
  int64_t count = tensorType(value).getNumElements();
  if (isFloat(value)) {
    SmallVector<float> floats = constantFloats(value, count);
    return {floats.begin(), floats.end()};
  }
  TensorQuantization grid = quantization(value);
  std::vector<float> numbers;
  for (const APInt &element : constantValue(value).getValues<APInt>())
    numbers.push_back(
        dequantize(static_cast<int32_t>(element.getSExtValue()), grid));
  return numbers;
}

namespace {
class NetworkBuilder {
public:
  explicit NetworkBuilder(FunctionNetwork &result)
      : result(result), network(result.network) {}

  LogicalResult add(func::FuncOp function);

private:
  ValueId get(Value value);
  /// The op's node, -1 if it has no counterpart.
  NodeId addOp(Operation *op);
  NodeId addMatrixOp(Operation *op);
  NodeId addElementwise(Operation *op);
  NodeId addMove(Operation *op);

  FunctionNetwork &result;
  gradient::Network &network;
  llvm::DenseMap<Value, ValueId> values;
};
} // namespace

/// Constants become nodes when they are first used.
ValueId NetworkBuilder::get(Value value) {
  auto [entry, isNew] = values.try_emplace(value, -1);
  if (isNew)
    entry->second =
        network.addConstant(shapeOf(value), realNumbers(constantOf(value)));
  return entry->second;
}

NodeId NetworkBuilder::addMatrixOp(Operation *op) {
  gradient::Activation activation = activationOf(op);
  return TypeSwitch<Operation *, NodeId>(op)
      .Case([&](Conv2DOp conv) {
        return network.addConvolution(
            get(conv.getInput()), WeightGeometry::of(conv).patches,
            lastDimension(tensorType(conv.getOutput())), activation);
      })
      .Case([&](DepthwiseConv2DOp conv) {
        int64_t channels = lastDimension(tensorType(conv.getInput()));
        return network.addDepthwise(
            get(conv.getInput()), WeightGeometry::of(conv).patches,
            lastDimension(tensorType(conv.getOutput())) / channels, activation);
      })
      .Case([&](FullyConnectedOp product) {
        return network.addFullyConnected(
            get(product.getInput()),
            lastDimension(tensorType(product.getFilter())),
            shapeOf(product.getOutput()), activation);
      })
      .Case([&](AveragePool2DOp pool) {
        return network.addAveragePool(get(pool.getInput()), poolGeometry(pool),
                                      activation);
      })
      .Case([&](MaxPool2DOp pool) {
        return network.addMaxPool(get(pool.getInput()), poolGeometry(pool),
                                  activation);
      })
      .Case([&](MeanOp mean) {
        return network.addMean(get(mean.getInput()), mean.getAxes().vec(),
                               shapeOf(mean.getOutput()));
      })
      .Default(-1);
}

NodeId NetworkBuilder::addElementwise(Operation *op) {
  gradient::Activation activation = activationOf(op);
  auto in = [&](unsigned index) { return get(op->getOperand(index)); };
  return TypeSwitch<Operation *, NodeId>(op)
      .Case<AddOp>(
          [&](auto) { return network.addAdd(in(0), in(1), activation); })
      .Case<SubOp>(
          [&](auto) { return network.addSub(in(0), in(1), activation); })
      .Case<MulOp>(
          [&](auto) { return network.addMul(in(0), in(1), activation); })
      .Case<ReluOp>([&](auto) {
        return network.addIdentity(in(0), gradient::Activation::Relu);
      })
      .Case<Relu6Op>([&](auto) {
        return network.addIdentity(in(0), gradient::Activation::Relu6);
      })
      .Case<QuantizeOp, DequantizeOp>(
          [&](auto) { return network.addIdentity(in(0)); })
      .Case<LogisticOp>([&](auto) { return network.addLogistic(in(0)); })
      .Case<TanhOp>([&](auto) { return network.addTanh(in(0)); })
      .Case<HardSwishOp>([&](auto) { return network.addHardSwish(in(0)); })
      .Case([&](LeakyReluOp relu) {
        return network.addLeakyRelu(in(0), relu.getAlpha().convertToFloat());
      })
      .Case([&](SoftmaxOp softmax) {
        return network.addSoftmax(in(0), softmax.getBeta().convertToFloat());
      })
      .Default(-1);
}

NodeId NetworkBuilder::addMove(Operation *op) {
  return TypeSwitch<Operation *, NodeId>(op)
      .Case([&](ReshapeOp reshape) {
        return network.addReshape(get(reshape.getInput()),
                                  shapeOf(reshape.getOutput()));
      })
      .Case([&](PadOp pad) {
        return network.addPad(get(pad.getInput()), pad.getLow().vec(),
                              pad.getHigh().vec());
      })
      .Case([&](ConcatenationOp join) {
        std::vector<ValueId> inputs;
        for (Value input : join.getInputs())
          inputs.push_back(get(input));
        return network.addConcatenation(inputs, join.getAxis());
      })
      .Case([&](StridedSliceOp slice) {
        return network.addStridedSlice(
            get(slice.getInput()), slice.getOffsets().vec(),
            slice.getSizes().vec(), slice.getStrides().vec(),
            shapeOf(slice.getOutput()));
      })
      .Case([&](TransposeOp transpose) {
        return network.addTranspose(get(transpose.getInput()),
                                    transpose.getPermutation().vec());
      })
      .Default(-1);
}

NodeId NetworkBuilder::addOp(Operation *op) {
  for (auto add : {&NetworkBuilder::addMatrixOp,
                   &NetworkBuilder::addElementwise, &NetworkBuilder::addMove})
    if (NodeId node = (this->*add)(op); node >= 0)
      return node;
  return -1;
}

LogicalResult NetworkBuilder::add(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments()) {
    values[argument] = network.addInput(shapeOf(argument));
    result.inputs.push_back(values[argument]);
  }
  for (Operation &op : function.front()) {
    if (!isa<ReferenceSemantics>(op))
      continue;
    NodeId node = addOp(&op);
    if (node < 0)
      return op.emitOpError("expected an op that can be differentiated");
    values[op.getResult(0)] = node;
    if (auto id = op.getAttrOfType<StringAttr>(idAttrName))
      result.nodes[id.getValue()] = node;
    if (isa<AddOp>(op))
      result.sums.insert(node);
    if (isa<SoftmaxOp>(op))
      result.distributions.insert(node);
    if (auto weighted = dyn_cast<WeightedOp>(op))
      result.layers.emplace_back(weighted, node);
  }
  for (Value output : function.front().getTerminator()->getOperands())
    result.outputs.push_back(get(output));
  result.parameters = network.createParameters();
  for (auto [value, id] : values)
    if (!constantOf(value) && !isFloat(value) &&
        isa<quant::UniformQuantizedType>(tensorType(value).getElementType())) {
      TensorQuantization grid = quantization(value);
      ClampRange range = isInt16(value) ? int16Range : ClampRange();
      result.parameters.grids[id] = gradient::ActivationGrid{
          static_cast<float>(grid.scale), grid.zeroPoint, range.min, range.max};
    }
  for (auto [op, node] : result.layers)
    setLayer(*network.getNode(node).layer, {getWeights(op), getBiases(op)},
             result.parameters.layers[node]);
  return success();
}

std::vector<NodeId> thimble::findCounterparts(const FunctionNetwork &student,
                                              const FunctionNetwork &teacher) {
  std::vector<NodeId> counterparts(student.network.getNodeCount(), -1);
  for (auto [mine, theirs] : llvm::zip_equal(student.inputs, teacher.inputs))
    counterparts[mine] = theirs;
  for (const auto &entry : student.nodes) {
    auto found = teacher.nodes.find(entry.first());
    if (found != teacher.nodes.end() &&
        teacher.network.getNode(found->second).shape ==
            student.network.getNode(entry.second).shape)
      counterparts[entry.second] = found->second;
  }
  return counterparts;
}

FailureOr<FunctionNetwork> FunctionNetwork::of(func::FuncOp function) {
  FunctionNetwork result;
  if (failed(NetworkBuilder(result).add(function)))
    return failure();
  return result;
}

AffineLayer thimble::getLayer(const gradient::LayerShape &shape,
                              const gradient::LayerParameters &parameters) {
  AffineLayer result;
  result.weights.resize(shape.rows, shape.columns);
  result.bias = Eigen::VectorXd::Zero(shape.rows);
  for (int64_t row = 0; row < shape.rows; ++row) {
    for (int64_t column = 0; column < shape.columns; ++column)
      result.weights(row, column) =
          parameters.weights[shape.getIndex(row, column)];
    if (!parameters.bias.empty())
      result.bias[row] = parameters.bias[row];
  }
  return result;
}

void thimble::setLayer(const gradient::LayerShape &shape,
                       const AffineLayer &numbers,
                       gradient::LayerParameters &parameters) {
  parameters.weights.resize(shape.getCount());
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column)
      parameters.weights[shape.getIndex(row, column)] =
          static_cast<float>(numbers.weights(row, column));
  parameters.bias.assign(numbers.bias.begin(), numbers.bias.end());
}

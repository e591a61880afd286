//===- FoldBatchNorm.cpp - Constants become part of weights ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a normalization is when training is over: a product and a sum.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/ModelSamples.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// result = scale * x + shift, by channel.
namespace {
struct ChannelMap {
  Eigen::VectorXd scale, shift;
};
} // namespace

/// The numbers of a constant by channel; none if it is no constant, or has
/// different numbers for one channel.
static std::optional<Eigen::VectorXd> getChannelNumbers(Value value,
                                                        int64_t channels) {
  if (!constantValue(value) || !isFloat(value))
    return std::nullopt;
  RankedTensorType type = tensorType(value);
  int64_t count = type.getNumElements();
  if (count != 1 && (count != channels || lastDimension(type) != channels))
    return std::nullopt;
  SmallVector<float> floats = constantFloats(value, count);
  Eigen::VectorXd numbers(channels);
  for (int64_t i = 0; i < channels; ++i)
    numbers[i] = floats[count == 1 ? 0 : i];
  return numbers;
}

/// What `reader` does to its operand `value`; none if that is more than a map
/// of channels.
static std::optional<ChannelMap> getChannelMap(Operation *reader, Value value,
                                               int64_t channels) {
  if (!isa<MulOp, AddOp, SubOp>(reader) ||
      reader->getResult(0).getType() != value.getType())
    return std::nullopt;
  bool isLeft = reader->getOperand(0) == value;
  std::optional<Eigen::VectorXd> numbers =
      getChannelNumbers(reader->getOperand(isLeft ? 1 : 0), channels);
  if (!numbers)
    return std::nullopt;
  Eigen::VectorXd one = Eigen::VectorXd::Ones(channels);
  if (isa<MulOp>(reader))
    return ChannelMap{*numbers, Eigen::VectorXd::Zero(channels)};
  if (isa<AddOp>(reader))
    return ChannelMap{one, *numbers};
  if (isLeft)
    return ChannelMap{one, -*numbers};
  return ChannelMap{-one, *numbers};
}

/// %0 = thimble.conv_2d %x, %w, %b
/// %1 = thimble.mul %0, %c {activation = a}
///   ->
/// %0 = thimble.conv_2d %x, c * %w, c * %b {activation = a}
static bool foldReader(WeightedOp op) {
  Value result = op->getResult(0);
  auto activated = cast<ActivatedOp>(*op);
  int64_t channels = tensorType(op.getWeightOperand().get())
                         .getDimSize(op.getOutputChannelAxis());
  if (!result.hasOneUse() || activated.getActivation() != Activation::None ||
      lastDimension(tensorType(result)) != channels)
    return false;
  Operation *reader = *result.user_begin();
  std::optional<ChannelMap> map = getChannelMap(reader, result, channels);
  if (!map)
    return false;
  Eigen::MatrixXd weights = map->scale.asDiagonal() * getWeights(op);
  Eigen::VectorXd biases = map->scale.cwiseProduct(getBiases(op)) + map->shift;
  setWeights(op, weights, biases);
  activated.setActivation(cast<ActivatedOp>(reader).getActivation());
  op->removeAttr(histogramAttrName);
  op->removeAttr(rangeAttrName);
  if (std::optional<RealRange> range = getRange(reader->getResult(0)))
    setRange(result, *range);
  remark::passed(
      op->getLoc(),
      remark::RemarkOpts::name("FoldBatchNorm").category("compression"))
      << remark::add("'{0}' becomes part of the weights of '{1}'",
                     getLayerName(reader), getLayerName(op));
  SmallVector<Value, 2> operands(reader->getOperands());
  reader->getResult(0).replaceAllUsesWith(result);
  reader->erase();
  for (Value operand : operands)
    if (operand.use_empty() && constantValue(operand))
      operand.getDefiningOp()->erase();
  return true;
}

namespace {
struct FoldBatchNormPass
    : public thimble::impl::FoldBatchNormPassBase<FoldBatchNormPass> {
  void runOnOperation() override {
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model) || failed(verifyNoTeacher(*model)))
      return signalPassFailure();
    FailureOr<SmallVector<WeightedOp>> layers = getFloatLayers(*model);
    if (failed(layers))
      return signalPassFailure();
    for (WeightedOp op : *layers)
      while (foldReader(op))
        ;
  }
};
} // namespace

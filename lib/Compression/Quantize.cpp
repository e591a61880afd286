//===- Quantize.cpp - A float network becomes one of integers -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic is TFLite's, so what a quantized op means is in its own
// ReferenceSemantics; here only types and constants change.
//
//===----------------------------------------------------------------------===//

#include "ActivationTypes.h"
#include "FloatLayers.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Compression/WeightMatrix.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/ModelSamples.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_QUANTIZEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static LogicalResult verifyFloat(func::FuncOp function) {
  for (Operation &op : function.front()) {
    if (!isa<ReferenceSemantics>(op))
      continue;
    for (Value operand : op.getOperands())
      if (!isFloat(operand))
        return op.emitOpError("expected a network of floats, found ")
               << operand.getType()
               << ": a quantized network cannot be calibrated again";
    if (!isFloat(op.getResult(0)))
      return op.emitOpError("expected a network of floats, found ")
             << op.getResult(0).getType();
  }
  return success();
}

/// True if the only window is all of one image.
static bool isGlobal(AveragePool2DOp pool) {
  ArrayRef<int64_t> input = tensorType(pool.getInput()).getShape();
  ArrayRef<int64_t> output = tensorType(pool.getOutput()).getShape();
  return pool.getKernelSize() == input.slice(1, 2) && output[1] == 1 &&
         output[2] == 1 &&
         llvm::all_of(pool.getPadding(),
                      [](int64_t rows) { return rows == 0; }) &&
         pool.getActivation() == Activation::None;
}

/// An average over an image lies in a much smaller range than the image. TFLite
/// has its pool keep the image's steps, which are then the coarsest of the
/// network; its mean may have finer ones.
static void replaceGlobalPools(func::FuncOp model) {
  for (auto pool :
       llvm::make_early_inc_range(model.getOps<AveragePool2DOp>())) {
    if (!isGlobal(pool))
      continue;
    OpBuilder builder(pool);
    auto mean = MeanOp::create(builder, pool.getLoc(), pool.getType(),
                               pool.getInput(), ArrayRef<int64_t>{1, 2});
    mean->setDiscardableAttrs(pool->getDiscardableAttrDictionary());
    pool.replaceAllUsesWith(mean.getOutput());
    pool.erase();
  }
}

/// An activation that is known when compiling, in the type of its consumers.
static void quantizeConstant(ConstantOp constant, RankedTensorType type) {
  TensorQuantization quantization;
  auto element = cast<quant::UniformQuantizedType>(type.getElementType());
  quantization.scale = element.getScale();
  quantization.zeroPoint = static_cast<int32_t>(element.getZeroPoint());
  unsigned bits = element.getStorageTypeIntegralWidth();
  SmallVector<APInt> values;
  for (float value : constant.getValue().getValues<float>())
    values.emplace_back(bits,
                        bits == 16 ? quantizeToInt16(value, quantization)
                                   : quantizeToInt8(value, quantization),
                        /*isSigned=*/true);
  auto stored =
      RankedTensorType::get(type.getShape(), element.getStorageType());
  constant.setValueAttr(DenseElementsAttr::get(stored, values));
  constant.getOutput().setType(type);
}

/// Rounds the weight and corrects the bias by what rounding adds to the mean of
/// the result (Nagel et al. 2019, "Data-Free Quantization Through Weight
/// Equalization and Bias Correction", section 4.2).
static void quantizeWeight(WeightedOp op, int64_t bits) {
  double inputScale = quantization(op->getOperand(0)).scale;
  Eigen::MatrixXd weights = getWeights(op);
  Eigen::VectorXd biases = getBiases(op);
  IntegerWeights integers = roundToNearest(weights, biases, bits, inputScale);
  Eigen::MatrixXd error =
      weights - Eigen::MatrixXd(integers.scales.asDiagonal() *
                                integers.codes.cast<double>());
  setIntegerWeights(op, integers, biases + getRowShift(op, error), inputScale);
}

namespace {
struct QuantizePass : public thimble::impl::QuantizePassBase<QuantizePass> {
  using QuantizePassBase::QuantizePassBase;

  void runOnOperation() override {
    if (weightBits < 2 || weightBits > 8) {
      getOperation().emitError("expected 2 to 8 bits for weights, found ")
          << weightBits.getValue();
      return signalPassFailure();
    }
    if (activationBits != 8 && activationBits != 16) {
      getOperation().emitError("expected 8 or 16 bits for activations, found ")
          << activationBits.getValue();
      return signalPassFailure();
    }
    FailureOr<func::FuncOp> model = findModel(getOperation());
    if (failed(model) || failed(verifyFloat(*model)))
      return signalPassFailure();
    keepTeacher(*model);
    replaceGlobalPools(*model);
    ActivationTypes types(activationBits);
    if (failed(types.assign(*model)))
      return signalPassFailure();
    rewrite(*model, types);
  }

  void rewrite(func::FuncOp model, ActivationTypes &types) {
    // Weights are read while they are floats, input scales when they are
    // types: ops come in order, so inputs are quantized first.
    for (BlockArgument argument : model.getArguments())
      argument.setType(types.typeOf(argument));
    for (Operation &op : llvm::make_early_inc_range(model.front())) {
      if (!isa<ReferenceSemantics>(op))
        continue;
      auto weighted = dyn_cast<WeightedOp>(op);
      if (weighted)
        quantizeWeight(weighted, weightBits);
      for (OpOperand &operand : op.getOpOperands())
        if (ConstantOp constant = constantOf(operand.get());
            constant && isFloat(operand.get()))
          quantizeConstant(constant, types.typeOf(operand.get()));
      op.getResult(0).setType(types.typeOf(op.getResult(0)));
    }
    Operation *terminator = model.front().getTerminator();
    model.setFunctionType(FunctionType::get(model.getContext(),
                                            model.front().getArgumentTypes(),
                                            terminator->getOperandTypes()));
  }
};
} // namespace

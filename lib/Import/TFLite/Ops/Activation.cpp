//===- Activation.cpp - Functions of single elements ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RELU and its kin, LOGISTIC, TANH, HARD_SWISH and SOFTMAX.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"
#include "thimble/Support/ActivationTables.h"
#include <cmath>

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

/// One input and an output of its kind and shape.
static LogicalResult checkUnary(OpImporter &op) {
  if (failed(op.expectActivations()))
    return failure();
  return op.expectOutputShape(op.input(0).shape);
}

/// The int8 kernels of some functions have one output quantization, of
/// scale 1 / `steps`. (What int16 ones take, ops verify.)
static LogicalResult expectOutput(OpImporter &op, int64_t steps,
                                  int64_t zeroPoint) {
  ImportedTensor &output = op.output();
  if (!output.isInt8() ||
      (output.scales[0] == 1.0f / steps && output.zeroPoints[0] == zeroPoint))
    return success();
  return op.emitError() << "expected an output of scale 1/" << steps
                        << " and zero point " << zeroPoint << ", found scale "
                        << double(output.scales[0]) << " and zero point "
                        << output.zeroPoints[0]
                        << "; convert the model again with full int8 "
                           "quantization";
}

static LogicalResult emitScaleError(OpImporter &op) {
  return op.emitError() << "expected scales that the integer kernel can "
                           "represent, found "
                        << double(op.input(0).scales[0]) << " in and "
                        << double(op.output().scales[0]) << " out";
}

template <typename OpT>
static LogicalResult importUnary(OpImporter &op) {
  if (failed(checkUnary(op)))
    return failure();
  return op.create<OpT>(op.value(0));
}

static LogicalResult importLogistic(OpImporter &op) {
  if (failed(checkUnary(op)) || failed(expectOutput(op, 256, -128)))
    return failure();
  if (op.input(0).isInt8() && !isLogisticOrTanhSupported(op.input(0).scales[0]))
    return emitScaleError(op);
  return op.create<LogisticOp>(op.value(0));
}

static LogicalResult importTanh(OpImporter &op) {
  if (failed(checkUnary(op)) || failed(expectOutput(op, 128, 0)))
    return failure();
  if (op.input(0).isInt8() && !isLogisticOrTanhSupported(op.input(0).scales[0]))
    return emitScaleError(op);
  return op.create<TanhOp>(op.value(0));
}

static LogicalResult importHardSwish(OpImporter &op) {
  if (failed(checkUnary(op)))
    return failure();
  if (op.input(0).isInt8() &&
      !isHardSwishSupported(op.input(0).scales[0], op.output().scales[0]))
    return emitScaleError(op);
  return op.create<HardSwishOp>(op.value(0));
}

static LogicalResult importLeakyRelu(OpImporter &op) {
  auto options = op.requiredOptions<LeakyReluOptions>();
  if (failed(options) || failed(checkUnary(op)))
    return failure();
  float alpha = (*options)->alpha();
  if (!std::isfinite(alpha))
    return op.emitError() << "expected a finite alpha, found "
                          << std::to_string(alpha);
  return op.create<LeakyReluOp>(op.value(0), llvm::APFloat(alpha));
}

/// The sum of a row of int8 exponentials has room for this many maxima; of
/// int16 the op takes no more, either.
static constexpr int64_t maxSoftmaxRow = 4095;

static LogicalResult importSoftmax(OpImporter &op) {
  auto options = op.requiredOptions<SoftmaxOptions>();
  if (failed(options) || failed(checkUnary(op)) ||
      failed(expectOutput(op, 256, -128)))
    return failure();
  ImportedTensor &input = op.input(0);
  if (input.shape.empty() ||
      (input.isQuantized() && input.shape.back() > maxSoftmaxRow))
    return op.emitError() << "expected rows of at most " << maxSoftmaxRow
                          << " elements, found shape "
                          << shapeText(input.shape);
  float beta = (*options)->beta();
  if (!std::isfinite(beta) || beta <= 0)
    return op.emitError() << "expected a finite beta above 0, found "
                          << std::to_string(beta);
  if (input.isInt8() &&
      !softmaxParameters(input.scales[0], beta, op.output().quantization()))
    return emitScaleError(op);
  return op.create<SoftmaxOp>(op.value(0), llvm::APFloat(beta));
}

llvm::ArrayRef<OpRow> thimble::tflite::activationRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::HARD_SWISH, 1, 1, importHardSwish},
      {BuiltinOperator::LEAKY_RELU, 1, 1, importLeakyRelu},
      {BuiltinOperator::LOGISTIC, 1, 1, importLogistic},
      {BuiltinOperator::RELU, 1, 1, importUnary<ReluOp>},
      {BuiltinOperator::RELU6, 1, 1, importUnary<Relu6Op>},
      {BuiltinOperator::SOFTMAX, 1, 1, importSoftmax},
      {BuiltinOperator::TANH, 1, 1, importTanh},
  };
  return rows;
}

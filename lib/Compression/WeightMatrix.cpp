//===- WeightMatrix.cpp - A weight as a matrix ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants are never changed in place: another op may read the same.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/WeightMatrix.h"
#include "mlir/IR/Builders.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

namespace {
/// Where element (row, column) is in the tensor.
class Layout {
public:
  explicit Layout(WeightedOp op) {
    RankedTensorType type = tensorType(op.getWeightOperand().get());
    int64_t axis = op.getOutputChannelAxis();
    rows = type.getDimSize(axis);
    columns = type.getNumElements() / rows;
    for (int64_t inner : type.getShape().drop_front(axis + 1))
      innerSize *= inner;
  }
  int64_t index(int64_t row, int64_t column) const {
    int64_t outer = column / innerSize, inner = column % innerSize;
    return (outer * rows + row) * innerSize + inner;
  }

  int64_t rows, columns;

private:
  int64_t innerSize = 1; ///< elements of the dimensions behind the channels
};
} // namespace

int64_t thimble::getCodeLimit(int64_t bits) {
  return (int64_t(1) << (bits - 1)) - 1;
}

IntegerWeights thimble::getIntegerWeights(WeightedOp op) {
  Layout layout(op);
  Value weight = op.getWeightOperand().get();
  std::vector<uint8_t> bytes = constantBytes(weight);
  IntegerWeights result;
  result.codes.resize(layout.rows, layout.columns);
  result.scales.resize(layout.rows);
  auto type = cast<quant::QuantizedType>(tensorType(weight).getElementType());
  result.limit = type.getStorageTypeMax();
  for (int64_t row = 0; row < layout.rows; ++row) {
    result.scales[row] = channelScale(weight, row);
    for (int64_t column = 0; column < layout.columns; ++column)
      result.codes(row, column) =
          static_cast<int8_t>(bytes[layout.index(row, column)]);
  }
  return result;
}

Eigen::MatrixXd thimble::getWeights(WeightedOp op) {
  Value weight = op.getWeightOperand().get();
  if (!isFloat(weight)) {
    IntegerWeights integers = getIntegerWeights(op);
    return integers.scales.asDiagonal() * integers.codes.cast<double>();
  }
  Layout layout(op);
  SmallVector<float> floats =
      constantFloats(weight, layout.rows * layout.columns);
  Eigen::MatrixXd result(layout.rows, layout.columns);
  for (int64_t row = 0; row < layout.rows; ++row)
    for (int64_t column = 0; column < layout.columns; ++column)
      result(row, column) = floats[layout.index(row, column)];
  return result;
}

Eigen::VectorXd thimble::getBiases(WeightedOp op) {
  Layout layout(op);
  Value bias = op.getBiasValue();
  Eigen::VectorXd result = Eigen::VectorXd::Zero(layout.rows);
  if (!bias)
    return result;
  if (isFloat(bias)) {
    SmallVector<float> floats = constantFloats(bias, layout.rows);
    for (int64_t row = 0; row < layout.rows; ++row)
      result[row] = floats[row];
    return result;
  }
  double inputScale = quantization(op->getOperand(0)).scale;
  SmallVector<int64_t> integers = constantWideIntegers(bias, layout.rows);
  for (int64_t row = 0; row < layout.rows; ++row)
    result[row] = static_cast<double>(integers[row]) * inputScale *
                  channelScale(op.getWeightOperand().get(), row);
  return result;
}

std::vector<uint8_t> thimble::getTensorBytes(WeightedOp op,
                                             const CodeMatrix &codes) {
  Layout layout(op);
  std::vector<uint8_t> bytes(layout.rows * layout.columns);
  for (int64_t row = 0; row < layout.rows; ++row)
    for (int64_t column = 0; column < layout.columns; ++column)
      bytes[layout.index(row, column)] =
          static_cast<uint8_t>(codes(row, column));
  return bytes;
}

/// A constant of `type` that stands before `op` where `original` stood in the
/// source.
static Value makeConstant(WeightedOp op, Value original, RankedTensorType type,
                          DenseElementsAttr value) {
  OpBuilder builder(op);
  Location location = original ? original.getLoc() : op->getLoc();
  return ConstantOp::create(builder, location, type, value);
}

static void eraseIfUnused(Value value) {
  if (value && value.use_empty())
    if (ConstantOp constant = value.getDefiningOp<ConstantOp>())
      constant.erase();
}

static void replaceOperands(WeightedOp op, Value weight, Value bias) {
  Value oldWeight = op.getWeightOperand().get(), oldBias = op.getBiasValue();
  op.getWeightOperand().set(weight);
  op.setBiasValue(bias);
  eraseIfUnused(oldWeight);
  eraseIfUnused(oldBias);
}

void thimble::setWeights(WeightedOp op, const Eigen::MatrixXd &weights,
                         const Eigen::VectorXd &biases) {
  Layout layout(op);
  Type f32 = Float32Type::get(op->getContext());
  std::vector<float> floats(layout.rows * layout.columns);
  for (int64_t row = 0; row < layout.rows; ++row)
    for (int64_t column = 0; column < layout.columns; ++column)
      floats[layout.index(row, column)] =
          static_cast<float>(weights(row, column));
  Value oldWeight = op.getWeightOperand().get();
  RankedTensorType type = tensorType(oldWeight);
  Value weight = makeConstant(op, oldWeight, type,
                              DenseElementsAttr::get<float>(type, floats));
  std::vector<float> biasFloats(biases.begin(), biases.end());
  auto biasType = RankedTensorType::get({layout.rows}, f32);
  Value bias =
      makeConstant(op, op.getBiasValue(), biasType,
                   DenseElementsAttr::get<float>(biasType, biasFloats));
  replaceOperands(op, weight, bias);
}

void thimble::setIntegerWeights(WeightedOp op, const IntegerWeights &weights,
                                const Eigen::VectorXd &biases,
                                double inputScale) {
  Layout layout(op);
  Builder b(op->getContext());
  std::vector<uint8_t> codes = getTensorBytes(op, weights.codes);
  Value oldWeight = op.getWeightOperand().get();
  ArrayRef<int64_t> shape = tensorType(oldWeight).getShape();
  SmallVector<double> scales(weights.scales.begin(), weights.scales.end());
  auto element = quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, b.getI8Type(), b.getF32Type(), scales,
      SmallVector<int64_t>(layout.rows, 0), op.getOutputChannelAxis(),
      -weights.limit, weights.limit);
  Value weight = makeConstant(
      op, oldWeight, RankedTensorType::get(shape, element),
      DenseElementsAttr::getFromRawBuffer(
          RankedTensorType::get(shape, b.getI8Type()),
          ArrayRef<char>(reinterpret_cast<const char *>(codes.data()),
                         codes.size())));
  SmallVector<APInt> integers;
  unsigned bits = isInt16(op->getOperand(0)) ? 64 : 32;
  for (int64_t row = 0; row < layout.rows; ++row)
    integers.emplace_back(
        bits, std::llround(biases[row] / (inputScale * weights.scales[row])),
        /*isSigned=*/true, /*implicitTrunc=*/true);
  auto biasType = RankedTensorType::get({layout.rows}, b.getIntegerType(bits));
  Value bias = makeConstant(op, op.getBiasValue(), biasType,
                            DenseElementsAttr::get(biasType, integers));
  replaceOperands(op, weight, bias);
}

double thimble::getSafeScale(double scale, double bias, double inputScale) {
  // The accumulator starts with the bias: half of int32 is left to it.
  double least = std::abs(bias) / (inputScale * (1 << 30));
  // A row of zeros has any scale; this one keeps its bias exact.
  if (scale == 0)
    scale = 1.0 / 128;
  double safe = static_cast<float>(std::max(scale, least));
  return std::max<double>(safe, std::numeric_limits<float>::min());
}

IntegerWeights thimble::roundToNearest(const Eigen::MatrixXd &weights,
                                       const Eigen::VectorXd &biases,
                                       int64_t bits, double inputScale) {
  IntegerWeights result;
  result.limit = getCodeLimit(bits);
  result.codes.resize(weights.rows(), weights.cols());
  result.scales.resize(weights.rows());
  for (int64_t row = 0; row < weights.rows(); ++row) {
    double largest = weights.row(row).cwiseAbs().maxCoeff();
    double scale =
        getSafeScale(largest / result.limit, biases[row], inputScale);
    result.scales[row] = scale;
    for (int64_t column = 0; column < weights.cols(); ++column) {
      double code = std::round(weights(row, column) / scale);
      result.codes(row, column) = static_cast<int8_t>(
          std::clamp<double>(code, -result.limit, result.limit));
    }
  }
  return result;
}

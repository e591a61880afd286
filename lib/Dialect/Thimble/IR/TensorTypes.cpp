//===- TensorTypes.cpp - Reading types and constants of the graph ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants are kept as dense attributes in the storage type.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include <limits>

using namespace mlir;
using namespace thimble;

Type thimble::storageType(Type element) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    return quantized.getStorageType();
  return element;
}

EncodingAttr thimble::encodingOf(RankedTensorType type) {
  return dyn_cast_or_null<EncodingAttr>(type.getEncoding());
}

RankedTensorType thimble::decodedType(RankedTensorType type) {
  return RankedTensorType::get(type.getShape(), type.getElementType());
}

bool thimble::isWeightTensorType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !encodingOf(tensor))
    return isGraphTensorType(type);
  return isGraphTensorType(decodedType(tensor)) &&
         storageType(tensor.getElementType()).getIntOrFloatBitWidth() == 8;
}

bool thimble::isGraphTensorType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || tensor.getEncoding())
    return false;
  Type element = tensor.getElementType();
  if (element.isF32() || element.isInteger(32) || element.isInteger(64))
    return true;
  if (!isa<quant::UniformQuantizedType, quant::UniformQuantizedPerAxisType>(
          element))
    return false;
  unsigned width = storageType(element).getIntOrFloatBitWidth();
  return width == 8 || width == 16 || width == 32;
}

RankedTensorType thimble::tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

bool thimble::isFloat(Value value) {
  return tensorType(value).getElementType().isF32();
}

LogicalResult thimble::verifySameKind(Operation *op, Value operand,
                                      Value result) {
  if (op->hasTrait<Int8Only>() && isInt16(operand))
    return op->emitOpError("expected operand and result both f32 or both "
                           "per-tensor int8: TFLite has no form of it for "
                           "int16, found ")
           << operand.getType();
  if (areSameKind(operand, result))
    return success();
  return op->emitOpError("expected operand and result both f32, both "
                         "per-tensor int8 or both per-tensor int16 with zero "
                         "point 0, found ")
         << operand.getType() << " and " << result.getType();
}

/// The type of per-tensor signed numbers of `bits` bits, null for others.
static quant::UniformQuantizedType quantizedType(Value value, unsigned bits) {
  auto type =
      dyn_cast<quant::UniformQuantizedType>(tensorType(value).getElementType());
  bool fits =
      type && type.isSigned() && type.getStorageTypeIntegralWidth() == bits;
  return fits ? type : quant::UniformQuantizedType();
}

bool thimble::isInt8(Value value) { return bool(quantizedType(value, 8)); }

bool thimble::isInt16(Value value) {
  auto type = quantizedType(value, 16);
  return type && type.getZeroPoint() == 0;
}

bool thimble::isQuantized(Value value) {
  return isInt8(value) || isInt16(value);
}

bool thimble::areSameKind(Value first, Value second) {
  return (isFloat(first) && isFloat(second)) ||
         (isInt8(first) && isInt8(second)) ||
         (isInt16(first) && isInt16(second));
}

TensorQuantization thimble::quantization(Value value) {
  auto type =
      cast<quant::UniformQuantizedType>(tensorType(value).getElementType());
  return {type.getScale(), static_cast<int32_t>(type.getZeroPoint())};
}

double thimble::channelScale(Value weight, int64_t channel) {
  Type element = tensorType(weight).getElementType();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    return perAxis.getScales()[channel];
  return cast<quant::UniformQuantizedType>(element).getScale();
}

int64_t thimble::elementBytes(RankedTensorType type) {
  return storageType(type.getElementType()).getIntOrFloatBitWidth() / 8;
}

int64_t thimble::tensorBytes(RankedTensorType type) {
  return type.getNumElements() * elementBytes(type);
}

int64_t thimble::lastDimension(RankedTensorType type) {
  return type.getRank() == 0 ? 1 : type.getShape().back();
}

int64_t thimble::rowElements(RankedTensorType type) {
  int64_t last = lastDimension(type);
  return type.getRank() == 4 ? type.getDimSize(2) * last : last;
}

int64_t thimble::rowCount(RankedTensorType type) {
  return type.getNumElements() == 0 ? 0
                                    : type.getNumElements() / rowElements(type);
}

int64_t thimble::rowRank(RankedTensorType type) {
  return std::max<int64_t>(type.getRank() - (type.getRank() == 4 ? 2 : 1), 0);
}

std::optional<int64_t> thimble::rowDimension(RankedTensorType type) {
  ArrayRef<int64_t> counting = type.getShape().take_front(rowRank(type));
  auto isOne = [](int64_t size) { return size == 1; };
  if (counting.empty() || !llvm::all_of(counting.drop_back(), isOne))
    return std::nullopt;
  return counting.size() - 1;
}

RankedTensorType thimble::withRows(RankedTensorType type, int64_t rows) {
  SmallVector<int64_t> shape(type.getShape());
  shape[*rowDimension(type)] = rows;
  return type.clone(shape);
}

Operation *thimble::rebuildOp(Operation *op, OpBuilder &builder,
                              ValueRange operands, RankedTensorType result) {
  Operation *clone = builder.clone(*op);
  clone->setOperands(operands);
  clone->getResult(0).setType(result);
  return clone;
}

ConstantOp thimble::constantOf(Value value) {
  if (!value)
    return {};
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto kernel = dyn_cast<KernelOp>(argument.getOwner()->getParentOp());
    return kernel ? constantOf(kernel.getInputs()[argument.getArgNumber()])
                  : ConstantOp();
  }
  if (auto decode = value.getDefiningOp<DecodeOp>())
    return constantOf(decode.getInput());
  return value.getDefiningOp<ConstantOp>();
}

std::vector<uint8_t> thimble::elementsBytes(ElementsAttr value) {
  auto elements = cast<DenseElementsAttr>(value);
  ArrayRef<char> raw = elements.getRawData();
  std::vector<uint8_t> bytes;
  int64_t repeats = elements.isSplat() ? elements.getNumElements() : 1;
  bytes.reserve(raw.size() * repeats);
  for (int64_t i = 0; i < repeats; ++i)
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  return bytes;
}

std::vector<uint8_t> thimble::payloadBytes(ConstantOp constant) {
  return elementsBytes(constant.getValue());
}

ElementsAttr thimble::constantValue(Value value) {
  ConstantOp constant = constantOf(value);
  if (!constant)
    return {};
  RankedTensorType type = constant.getOutput().getType();
  EncodingAttr encoding = encodingOf(type);
  if (!encoding)
    return constant.getValue();
  // The verifier has decoded it before.
  FailureOr<std::vector<uint8_t>> bytes =
      encoding.decode(type, payloadBytes(constant));
  assert(succeeded(bytes) && "a payload that cannot be decoded");
  return DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get(type.getShape(),
                            storageType(type.getElementType())),
      ArrayRef<char>(reinterpret_cast<const char *>(bytes->data()),
                     bytes->size()));
}

std::vector<uint8_t> thimble::constantBytes(Value value) {
  return elementsBytes(constantValue(value));
}

SmallVector<int32_t> thimble::constantIntegers(Value value, int64_t size) {
  SmallVector<int32_t> result;
  ElementsAttr elements = constantValue(value);
  if (!elements)
    return SmallVector<int32_t>(size, 0);
  for (const APInt &element : elements.getValues<APInt>())
    result.push_back(static_cast<int32_t>(element.getSExtValue()));
  return result;
}

SmallVector<int64_t> thimble::constantWideIntegers(Value value, int64_t size) {
  SmallVector<int64_t> result;
  ElementsAttr elements = constantValue(value);
  if (!elements)
    return SmallVector<int64_t>(size, 0);
  for (const APInt &element : elements.getValues<APInt>())
    result.push_back(element.getSExtValue());
  return result;
}

SmallVector<float> thimble::constantFloats(Value value, int64_t size) {
  ElementsAttr elements = constantValue(value);
  if (!elements)
    return SmallVector<float>(size, 0.0f);
  return llvm::to_vector(elements.getValues<float>());
}

RowOperand thimble::rowOperand(Operation *op, unsigned index,
                               RowWindow window) {
  RankedTensorType type = tensorType(op->getOperand(index));
  int64_t rows = rowCount(type);
  int64_t images = type.getRank() == 4 ? type.getDimSize(0) : 1;
  return {index, window, rowElements(type) * elementBytes(type), rows / images,
          images};
}

RowOperand thimble::wholeOperand(Operation *op, unsigned index) {
  RowWindow window;
  window.whole = true;
  return rowOperand(op, index, window);
}

std::pair<float, float> thimble::activationRange(Activation activation) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  switch (activation) {
  case Activation::None:
    return {-infinity, infinity};
  case Activation::Relu:
    return {0.0f, infinity};
  case Activation::Relu6:
    return {0.0f, 6.0f};
  case Activation::ReluN1To1:
    return {-1.0f, 1.0f};
  }
  llvm_unreachable("covered switch");
}

FusedActivation thimble::fusedActivation(Activation activation) {
  switch (activation) {
  case Activation::None:
    return FusedActivation::None;
  case Activation::Relu:
    return FusedActivation::Relu;
  case Activation::Relu6:
    return FusedActivation::Relu6;
  case Activation::ReluN1To1:
    return FusedActivation::ReluN1To1;
  }
  llvm_unreachable("covered switch");
}

ClampRange thimble::quantizedActivationRange(Activation activation,
                                             Value output) {
  // Verifiers have refused scales that leave no range.
  ClampRange storage;
  if (isInt16(output))
    storage = int16Range;
  return clampRange(fusedActivation(activation), quantization(output),
                    storage.min, storage.max)
      .value_or(storage);
}

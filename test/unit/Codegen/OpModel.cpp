//===- OpModel.cpp - Models around a few ops for tests --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arguments are added to the function as they are asked for.
//
//===----------------------------------------------------------------------===//

#include "OpModel.h"
#include "thimble/InitAll.h"
#include <cstring>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

Bytes Random::elements(RankedTensorType type) {
  Bytes bytes(tensorBytes(type));
  if (type.getElementType().isF32()) {
    for (size_t i = 0; i < bytes.size(); i += 4) {
      float value = static_cast<float>(pick(-4096, 4096)) / 2048.0f;
      std::memcpy(&bytes[i], &value, 4);
    }
    return bytes;
  }
  if (type.getElementType().isInteger(32)) {
    for (size_t i = 0; i < bytes.size(); i += 4) {
      int32_t value = static_cast<int32_t>(pick(-20000, 20000));
      std::memcpy(&bytes[i], &value, 4);
    }
    return bytes;
  }
  for (uint8_t &byte : bytes)
    byte = static_cast<uint8_t>(pick(0, 3) == 0 ? oneOf<int64_t>({-128, 127})
                                                : pick(-128, 127));
  return bytes;
}

static std::unique_ptr<MLIRContext> makeContext() {
  DialectRegistry registry;
  registerDialects(registry);
  auto context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

OpModel::OpModel()
    : context(makeContext()), builder(context.get()),
      module(ModuleOp::create(builder.getUnknownLoc())) {
  builder.setInsertionPointToEnd(module->getBody());
  model = func::FuncOp::create(builder, builder.getUnknownLoc(), "m",
                               builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(model.addEntryBlock());
}

RankedTensorType OpModel::f32(ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getF32Type());
}

RankedTensorType OpModel::i32(ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getI32Type());
}

RankedTensorType OpModel::int8(ArrayRef<int64_t> shape, double scale,
                               int64_t zeroPoint) {
  // The nearest float, as a file would hold it.
  return RankedTensorType::get(
      shape, quant::UniformQuantizedType::get(
                 quant::QuantizationFlags::Signed, builder.getI8Type(),
                 builder.getF32Type(), static_cast<float>(scale), zeroPoint,
                 -128, 127));
}

RankedTensorType OpModel::weights(ArrayRef<int64_t> shape,
                                  ArrayRef<double> scales, int32_t axis) {
  SmallVector<double> rounded;
  for (double scale : scales)
    rounded.push_back(static_cast<float>(scale));
  return RankedTensorType::get(
      shape, quant::UniformQuantizedPerAxisType::get(
                 quant::QuantizationFlags::Signed, builder.getI8Type(),
                 builder.getF32Type(), rounded,
                 SmallVector<int64_t>(scales.size(), 0), axis, -128, 127));
}

Value OpModel::input(RankedTensorType type) {
  unsigned index = model.getNumArguments();
  if (failed(model.insertArgument(index, type, {}, builder.getUnknownLoc())))
    llvm_unreachable("an argument can be added");
  return model.getArgument(index);
}

Value OpModel::constant(RankedTensorType type, const Bytes &bytes) {
  Type storage = type.getElementType();
  if (auto quantized = dyn_cast<quant::QuantizedType>(storage))
    storage = quantized.getStorageType();
  auto value = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get(type.getShape(), storage),
      ArrayRef<char>(reinterpret_cast<const char *>(bytes.data()),
                     bytes.size()));
  return ConstantOp::create(builder, builder.getUnknownLoc(), type, value);
}

void OpModel::finish(ValueRange results) {
  func::ReturnOp::create(builder, builder.getUnknownLoc(), results);
  model.setFunctionType(
      builder.getFunctionType(model.getArgumentTypes(), TypeRange(results)));
}

OwningOpRef<ModuleOp> OpModel::clone() const {
  return OwningOpRef<ModuleOp>(cast<ModuleOp>((*module)->clone()));
}

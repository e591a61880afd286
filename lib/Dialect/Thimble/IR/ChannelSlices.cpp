//===- ChannelSlices.cpp - Constants with fewer channels ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Slicing copies whole elements, whatever their type.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/ChannelSlices.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

Type thimble::sliceElementType(Type element, int64_t axis,
                               const llvm::BitVector &kept) {
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element);
  if (!perAxis || perAxis.getQuantizedDimension() != axis)
    return element;
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  for (unsigned index : kept.set_bits()) {
    scales.push_back(perAxis.getScales()[index]);
    zeroPoints.push_back(perAxis.getZeroPoints()[index]);
  }
  return quant::UniformQuantizedPerAxisType::get(
      perAxis.getFlags(), perAxis.getStorageType(), perAxis.getExpressedType(),
      scales, zeroPoints, perAxis.getQuantizedDimension(),
      perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
}

Value thimble::sliceConstant(OpBuilder &builder, Value constant, int64_t axis,
                             const llvm::BitVector &kept) {
  if (axis < 0 || kept.all())
    return constant;
  RankedTensorType type = tensorType(constant);
  int64_t inner = elementBytes(type);
  for (int64_t size : type.getShape().drop_front(axis + 1))
    inner *= size;
  std::vector<uint8_t> bytes = constantBytes(constant);
  std::vector<char> slice;
  for (size_t at = 0; at < bytes.size(); at += inner)
    if (kept.test((at / inner) % kept.size()))
      slice.insert(slice.end(), &bytes[at], &bytes[at] + inner);
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] = kept.count();
  Type storage = constantValue(constant).getElementType();
  auto value = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get(shape, storage), slice);
  return ConstantOp::create(
      builder, constant.getLoc(),
      RankedTensorType::get(
          shape, sliceElementType(type.getElementType(), axis, kept)),
      value);
}

Value thimble::createInt8Constant(OpBuilder &builder, Location loc,
                                  RankedTensorType type,
                                  ArrayRef<int8_t> values) {
  auto storage =
      RankedTensorType::get(type.getShape(), builder.getIntegerType(8));
  return ConstantOp::create(builder, loc, type,
                            DenseElementsAttr::get(storage, values));
}

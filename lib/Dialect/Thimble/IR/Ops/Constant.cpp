//===- Constant.cpp - thimble.constant ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers known when compiling.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

static LogicalResult verifyPayload(ConstantOp op, EncodingAttr encoding) {
  auto value = cast<ShapedType>(op.getValue().getType());
  if (value.getRank() != 1 || !value.getElementType().isInteger(8) ||
      !isa<DenseElementsAttr>(op.getValue()))
    return op.emitOpError("expected the bytes of the encoding as a dense "
                          "tensor<Nxi8>, found ")
           << value;
  if (failed(encoding.decode(tensorType(op.getOutput()), payloadBytes(op))))
    return op.emitOpError("expected bytes that the encoding of the result "
                          "decodes, found ")
           << value.getNumElements() << " others";
  return success();
}

LogicalResult ConstantOp::verify() {
  RankedTensorType type = tensorType(getOutput());
  if (EncodingAttr encoding = encodingOf(type))
    return verifyPayload(*this, encoding);
  auto value = cast<ShapedType>(getValue().getType());
  if (value.getShape() != type.getShape())
    return emitOpError("expected a value of shape [")
           << type.getShape() << "], found [" << value.getShape() << "]";
  Type storage = storageType(type.getElementType());
  if (value.getElementType() != storage)
    return emitOpError("expected a value of ")
           << storage << ", the storage type of the result, found "
           << value.getElementType();
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

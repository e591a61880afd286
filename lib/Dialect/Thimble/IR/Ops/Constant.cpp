//===- Constant.cpp - thimble.constant ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers known when compiling.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

LogicalResult ConstantOp::verify() {
  RankedTensorType type = tensorType(getOutput());
  auto value = cast<ShapedType>(getValue().getType());
  if (value.getShape() != type.getShape())
    return emitOpError("expected a value of shape [")
           << type.getShape() << "], found [" << value.getShape() << "]";
  Type storage = type.getElementType();
  if (auto quantized = dyn_cast<quant::QuantizedType>(storage))
    storage = quantized.getStorageType();
  if (value.getElementType() != storage)
    return emitOpError("expected a value of ")
           << storage << ", the storage type of the result, found "
           << value.getElementType();
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

//===- Decode.cpp - thimble.decode ----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From an encoded weight to its numbers.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

LogicalResult DecodeOp::verify() {
  RankedTensorType input = tensorType(getInput());
  if (!encodingOf(input))
    return emitOpError("expected an operand with #thimble.encoding, found ")
           << input;
  if (tensorType(getOutput()) != decodedType(input))
    return emitOpError("expected the operand's type without its encoding, "
                       "found ")
           << getOutput().getType();
  return success();
}

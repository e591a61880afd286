//===- IdentityFold.cpp - Ops that change nothing -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// %1 = thimble.reshape %0 : (tensor<4x!q>) -> tensor<4x!q>
// %2 = thimble.relu %1 : ...
//   ->
// %2 = thimble.relu %0 : ...
//
//===----------------------------------------------------------------------===//

#include "IdentityFold.h"

using namespace mlir;
using namespace thimble;

static bool isReturned(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    return user->hasTrait<OpTrait::IsTerminator>();
  });
}

OpFoldResult thimble::foldToOperand(Operation *op) {
  Value input = op->getOperand(0), output = op->getResult(0);
  if (input.getType() != output.getType() || constantValue(input))
    return {};
  // Two results of a model are two tensors; neither is an argument.
  bool computed = static_cast<bool>(input.getDefiningOp<ReferenceSemantics>());
  if (isReturned(output) && (!computed || isReturned(input)))
    return {};
  return input;
}

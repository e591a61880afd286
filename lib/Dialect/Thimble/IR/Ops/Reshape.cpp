//===- Reshape.cpp - thimble.reshape --------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes stay as they are; nothing is done where the planner leaves them in
// place.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StepBuilder.h"

using namespace mlir;
using namespace thimble;

LogicalResult ReshapeOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  if (input.getNumElements() != output.getNumElements() ||
      elementBytes(input) != elementBytes(output))
    return emitOpError("expected as many elements of the same size as before, "
                       "found ")
           << input << " and " << output;
  return success();
}

StepSpec ReshapeOp::getStepSpec(const TargetInfo &) {
  StepSpec spec;
  spec.operands.push_back(wholeOperand(*this, 0));
  spec.overwrites.push_back(0);
  spec.isCopy = true;
  return spec;
}

void ReshapeOp::buildStep(StepBuilder &step) {
  step.copy(step.output, step.operands[0],
            step.constant(tensorBytes(tensorType(getInput()))));
}

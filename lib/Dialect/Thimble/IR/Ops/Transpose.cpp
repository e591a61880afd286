//===- Transpose.cpp - thimble.transpose ----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Transpose.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

LogicalResult TransposeOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  ArrayRef<int64_t> order = getPermutation();
  SmallVector<bool> seen(input.getRank(), false);
  bool valid = int64_t(order.size()) == input.getRank() &&
               output.getRank() == input.getRank() &&
               elementBytes(input) == elementBytes(output);
  for (size_t i = 0; valid && i < order.size(); ++i) {
    valid = order[i] >= 0 && order[i] < input.getRank() && !seen[order[i]] &&
            output.getDimSize(i) == input.getDimSize(order[i]);
    if (valid)
      seen[order[i]] = true;
  }
  if (!valid)
    return emitOpError("expected a permutation of the dimensions of ")
           << input << " that gives " << output;
  return success();
}

StepSpec TransposeOp::getStepSpec(const TargetInfo &) {
  StepSpec spec;
  spec.operands.push_back(wholeOperand(*this, 0));
  return spec;
}

void TransposeOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  int64_t bytes = elementBytes(input);
  SmallVector<int64_t> strides = rowMajorStrides(input.getShape(), bytes);
  StridedOperand from{step.operands[0], 0, {}};
  for (int64_t d : getPermutation())
    from.strides.push_back(strides[d]);
  StridedOperand to{step.output, 0, rowMajorStrides(output.getShape(), bytes)};
  buildStridedCopy(step, output.getShape(), to, from, bytes);
}

//===- Pad.cpp - thimble.pad ----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Pad: the new elements are the output's zero
// point.
//
//===----------------------------------------------------------------------===//

#include "Convolution.h"
#include "IdentityFold.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

LogicalResult PadOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  size_t rank = input.getRank();
  bool valid = getLow().size() == rank && getHigh().size() == rank &&
               size_t(output.getRank()) == rank &&
               elementBytes(input) == elementBytes(output) &&
               isFloat(getInput()) == isFloat(getOutput());
  for (size_t d = 0; valid && d < rank; ++d)
    valid = getLow()[d] >= 0 && getHigh()[d] >= 0 &&
            getLow()[d] <= output.getDimSize(d) &&
            output.getDimSize(d) - getLow()[d] - input.getDimSize(d) ==
                getHigh()[d];
  if (!valid)
    return emitOpError("expected a result that is ")
           << input << " with its padding, found " << output;
  return success();
}

StepSpec PadOp::getStepSpec(const TargetInfo &) {
  StepSpec spec;
  spec.operands.push_back(wholeOperand(*this, 0));
  return spec;
}

void PadOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  int64_t bytes = elementBytes(output);
  step.fill(step.output, paddingByte(getOutput()),
            step.constant(tensorBytes(output)));
  StridedOperand to{step.output, 0, rowMajorStrides(output.getShape(), bytes)};
  for (auto [low, stride] : llvm::zip_equal(getLow(), to.strides))
    to.offset += low * stride;
  StridedOperand from{step.operands[0], 0,
                      rowMajorStrides(input.getShape(), bytes)};
  buildStridedCopy(step, input.getShape(), to, from, bytes);
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  // Nothing is added where the type stays the same.
  return foldToOperand(*this);
}

//===- StridedSlice.cpp - thimble.strided_slice ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::StridedSlice, masks resolved by the
// importer.
//
//===----------------------------------------------------------------------===//

#include "IdentityFold.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

LogicalResult StridedSliceOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  size_t rank = input.getRank();
  if (getOffsets().size() != rank || getSizes().size() != rank ||
      getStrides().size() != rank)
    return emitOpError("expected ") << rank << " offsets, sizes and strides";
  int64_t elements = 1;
  for (size_t d = 0; d < rank; ++d) {
    int64_t first = getOffsets()[d], size = getSizes()[d];
    int64_t stride = getStrides()[d], limit = input.getDimSize(d);
    bool bounded = size >= 1 && size <= limit && first >= 0 && first < limit &&
                   stride >= -limit && stride <= limit;
    int64_t last = bounded ? first + (size - 1) * stride : -1;
    if (last < 0 || last >= limit)
      return emitOpError("expected elements inside dimension ")
             << d << " of " << input;
    elements *= size;
  }
  if (output.getNumElements() != elements ||
      elementBytes(input) != elementBytes(output))
    return emitOpError("expected a result of ")
           << elements << " elements, found " << output;
  return success();
}

StepSpec StridedSliceOp::getStepSpec(const TargetInfo &) {
  StepSpec spec;
  spec.operands.push_back(wholeOperand(*this, 0));
  return spec;
}

void StridedSliceOp::buildStep(StepBuilder &step) {
  RankedTensorType input = tensorType(getInput());
  int64_t bytes = elementBytes(input);
  SmallVector<int64_t> strides = rowMajorStrides(input.getShape(), bytes);
  StridedOperand from{step.operands[0], 0, {}};
  for (auto [stride, first, by] :
       llvm::zip_equal(strides, getOffsets(), getStrides())) {
    from.offset += stride * first;
    from.strides.push_back(stride * by);
  }
  StridedOperand to{step.output, 0, rowMajorStrides(getSizes(), bytes)};
  buildStridedCopy(step, getSizes(), to, from, bytes);
}

OpFoldResult StridedSliceOp::fold(FoldAdaptor) {
  // As many elements as before, forwards: all of them in order.
  bool forwards =
      llvm::all_of(llvm::zip_equal(getSizes(), getStrides()), [](auto pair) {
        return std::get<0>(pair) == 1 || std::get<1>(pair) > 0;
      });
  return forwards ? foldToOperand(*this) : OpFoldResult();
}

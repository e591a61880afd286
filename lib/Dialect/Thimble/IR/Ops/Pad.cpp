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

ChannelRanges PadOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  int32_t zero = quantization(getOutput()).zeroPoint;
  auto isPadded = [&](int64_t d) { return getLow()[d] + getHigh()[d] > 0; };
  int64_t last = getLow().size() - 1;
  ChannelRanges result(lastDimension(tensorType(getOutput())), {zero, zero});
  if (last < 0)
    return operands[0];
  for (auto [c, range] : llvm::enumerate(operands[0])) {
    // Where nothing but channels is added, an old channel is as it was.
    if (llvm::none_of(llvm::seq<int64_t>(0, last), isPadded))
      result[getLow()[last] + c] = range;
    else
      result[getLow()[last] + c].include(range);
  }
  return result;
}

void PadOp::keepNeededChannels(ChannelFlow &flow) {
  if (constantValue(getInput()))
    return keepAllChannels(flow);
  llvm::BitVector &input = flow.operands[0];
  unsigned low = getLow().empty() ? 0 : getLow().back();
  for (unsigned c = 0; c < input.size(); ++c)
    if (input.test(c) || flow.result.test(low + c)) {
      input.set(c);
      flow.result.set(low + c);
    }
}

Operation *PadOp::rebuildWithChannels(OpBuilder &builder, ValueRange operands,
                                      const ChannelFlow &flow) {
  auto clone = cast<PadOp>(rebuildElementwise(*this, builder, operands, flow));
  if (getLow().empty())
    return clone;
  SmallVector<int64_t> low(getLow()), high(getHigh());
  unsigned end = low.back() + flow.operands[0].size();
  auto keptIn = [&](unsigned from, unsigned to) {
    return llvm::count_if(llvm::seq(from, to),
                          [&](unsigned c) { return flow.result.test(c); });
  };
  low.back() = keptIn(0, low.back());
  high.back() = keptIn(end, flow.result.size());
  clone.setLow(low);
  clone.setHigh(high);
  return clone;
}

//===- Concatenation.cpp - thimble.concatenation --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Concatenation of equally quantized tensors.
//
//===----------------------------------------------------------------------===//

#include "IdentityFold.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

LogicalResult ConcatenationOp::verify() {
  RankedTensorType output = tensorType(getOutput());
  uint64_t axis = getAxis();
  if (getInputs().empty() || axis >= uint64_t(output.getRank()))
    return emitOpError("expected operands and an axis below ")
           << output.getRank();
  int64_t total = 0;
  for (Value input : getInputs()) {
    RankedTensorType type = tensorType(input);
    if (type.getElementType() != output.getElementType())
      return emitOpError("expected operands of the result's type, found ")
             << type << " and " << output;
    bool fits = type.getRank() == output.getRank();
    for (int64_t d = 0; fits && d < type.getRank(); ++d)
      fits = d == int64_t(axis) || type.getDimSize(d) == output.getDimSize(d);
    if (!fits)
      return emitOpError("expected operands that differ along dimension ")
             << axis << " only, found " << type << " and " << output;
    total += type.getDimSize(axis);
  }
  if (total != output.getDimSize(axis))
    return emitOpError("expected ") << total << " elements along dimension "
                                    << axis << ", found " << output;
  return success();
}

/// Within rows; a constant is not read row by row.
RowWindow ConcatenationOp::getRowWindow(unsigned) {
  RankedTensorType output = tensorType(getOutput());
  RowWindow window;
  window.whole =
      int64_t(getAxis()) < rowRank(output) ||
      llvm::any_of(
          getInputs(),
          [](Value input) {
            return constantValue(input) && rowCount(tensorType(input)) > 1;
          });
  return window;
}

StepSpec ConcatenationOp::getStepSpec(const TargetInfo &) {
  RankedTensorType output = tensorType(getOutput());
  RowWindow window = getRowWindow(0);
  StepSpec spec;
  if (!window.whole) {
    spec.steps = rowCount(output);
    spec.outputRowBytes = rowElements(output) * elementBytes(output);
  }
  for (auto [index, input] : llvm::enumerate(getInputs())) {
    if (!constantValue(input)) {
      spec.operands.push_back(rowOperand(*this, index, window));
      continue;
    }
    unsigned alignment = elementBytes(tensorType(input));
    spec.tables.push_back(
        {("input" + Twine(index)).str(), constantBytes(input), alignment});
  }
  return spec;
}

void ConcatenationOp::buildStep(StepBuilder &step) {
  RankedTensorType output = tensorType(getOutput());
  int64_t bytes = elementBytes(output);
  int64_t first = getRowWindow(0).whole ? 0 : rowRank(output);
  SmallVector<int64_t> strides =
      rowMajorStrides(output.getShape().drop_front(first), bytes);
  int64_t position = 0;
  unsigned nextOperand = 0, nextTable = 0;
  for (Value input : getInputs()) {
    ArrayRef<int64_t> sizes = tensorType(input).getShape().drop_front(first);
    StridedOperand from{constantValue(input) ? step.tables[nextTable++]
                                             : step.operands[nextOperand++],
                        0, rowMajorStrides(sizes, bytes)};
    StridedOperand to{step.output, position * strides[getAxis() - first],
                      strides};
    buildStridedCopy(step, sizes, to, from, bytes);
    position += sizes[getAxis() - first];
  }
}

OpFoldResult ConcatenationOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? foldToOperand(*this) : OpFoldResult();
}

static bool joinsChannels(ConcatenationOp op) {
  return int64_t(op.getAxis()) == tensorType(op.getOutput()).getRank() - 1;
}

ChannelRanges
ConcatenationOp::inferChannelRanges(ArrayRef<ChannelRanges> operands) {
  ChannelRanges result = operands.front();
  for (const ChannelRanges &operand : operands.drop_front()) {
    if (joinsChannels(*this)) {
      result.insert(result.end(), operand.begin(), operand.end());
      continue;
    }
    for (auto [range, other] : llvm::zip_equal(result, operand))
      range.include(other);
  }
  return result;
}

void ConcatenationOp::keepNeededChannels(ChannelFlow &flow) {
  if (!joinsChannels(*this))
    return keepSameChannels(flow);
  unsigned first = 0;
  for (llvm::BitVector &operand : flow.operands) {
    for (unsigned c = 0; c < operand.size(); ++c)
      if (operand.test(c) || flow.result.test(first + c)) {
        operand.set(c);
        flow.result.set(first + c);
      }
    first += operand.size();
  }
}

bool ConcatenationOp::canLoseOperand(unsigned) { return joinsChannels(*this); }

Operation *ConcatenationOp::rebuildWithChannels(OpBuilder &builder,
                                                ValueRange operands,
                                                const ChannelFlow &flow) {
  ChannelFlow rest = flow;
  rest.operands.clear();
  SmallVector<Value> values;
  for (auto [value, kept] : llvm::zip_equal(operands, flow.operands))
    if (kept.any()) {
      values.push_back(value);
      rest.operands.push_back(kept);
    }
  return rebuildElementwise(*this, builder, values, rest);
}

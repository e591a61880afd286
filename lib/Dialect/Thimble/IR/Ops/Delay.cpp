//===- Delay.cpp - thimble.delay ------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step copies one row of the result; where it is found, in the state or
// among the rows that the call brings, is up to the layer's function.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StepBuilder.h"

using namespace mlir;
using namespace thimble;

int64_t DelayOp::getKeptRows() {
  return rowCount(tensorType(getOutput())) - rowCount(tensorType(getInput()));
}

int64_t DelayOp::getStateBytes() {
  RankedTensorType type = tensorType(getInput());
  return getKeptRows() * rowElements(type) * elementBytes(type);
}

LogicalResult DelayOp::verify() {
  RankedTensorType input = tensorType(getInput()),
                   output = tensorType(getOutput());
  if (!rowDimension(input) || !rowDimension(output) ||
      rowCount(output) <= rowCount(input) ||
      withRows(input, rowCount(output)) != output)
    return emitOpError("expected a result like the operand with more rows, "
                       "found ")
           << input << " and " << output;
  std::optional<ElementsAttr> row = getInitial();
  if (!row)
    return success();
  auto expected = RankedTensorType::get({rowElements(input)},
                                        storageType(input.getElementType()));
  if (row->getType() != expected || !isa<DenseElementsAttr>(*row))
    return emitOpError("expected an initial row of ")
           << expected << ", found " << row->getType()
           << (isa<DenseElementsAttr>(*row) ? "" : " that is not dense");
  return success();
}

StepSpec DelayOp::getStepSpec(const TargetInfo &) {
  RankedTensorType output = tensorType(getOutput());
  RowOperand operand = rowOperand(*this, 0, RowWindow());
  operand.height = rowCount(output);
  StepSpec spec;
  spec.operands.push_back(operand);
  spec.steps = rowCount(output);
  spec.outputRowBytes = operand.rowBytes;
  return spec;
}

void DelayOp::buildStep(StepBuilder &step) {
  RankedTensorType type = tensorType(getInput());
  step.copy(step.output, step.operands[0],
            step.constant(rowElements(type) * elementBytes(type)));
}

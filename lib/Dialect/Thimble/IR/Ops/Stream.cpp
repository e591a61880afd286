//===- Stream.cpp - thimble.stream ----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The verifier counts events; whether every read finds its row is for the
// check of the whole plan.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

/// Of the position in a stream: where in its table, and how often there.
static constexpr int64_t positionBytes = 4;
/// Of the number of a kernel's next row.
static constexpr int64_t counterBytes = 2;
static constexpr int64_t maxSteps = UINT16_MAX;

SmallVector<KernelOp> StreamOp::getKernels() {
  return SmallVector<KernelOp>(getBody().getOps<KernelOp>());
}

RowOrder StreamOp::getRowOrder() {
  return *RowOrder::parse(getOrder(), [&] { return emitOpError(); });
}

int64_t StreamOp::getStateBytes(int64_t kernels) {
  // The fed input counts its rows as well.
  return llvm::alignTo(positionBytes + (kernels + 1) * counterBytes, 4);
}

int64_t StreamOp::getStateBytes() {
  return getStateBytes(int64_t(getKernels().size()));
}

/// A kernel or the fed input as the events speak of it.
static std::string nameOf(int32_t source) {
  return source == RowEvent::fedInput ? "the fed input"
                                      : "kernel " + std::to_string(source);
}

static LogicalResult verifyEvents(StreamOp op, ArrayRef<RowEvent> events) {
  SmallVector<KernelOp> kernels = op.getKernels();
  // By source; the fed input is the last one.
  SmallVector<int64_t> steps(kernels.size() + 1, 0), wanted;
  SmallVector<PlacementAttr> placements;
  for (KernelOp kernel : kernels) {
    wanted.push_back(kernel.getStepCount());
    placements.push_back(placementOf(kernel.getResult(0)));
  }
  wanted.push_back(op.getFed() ? rowCount(tensorType(op.getFed())) : 0);
  placements.push_back(op.getFed() ? placementOf(op.getFed())
                                   : PlacementAttr());
  for (RowEvent event : events) {
    bool isFed = event.source == RowEvent::fedInput;
    if (isFed && !op.getFed())
      return op.emitOpError("expected no rows of an input, for none is fed");
    if (!isFed && event.source >= int32_t(kernels.size()))
      return op.emitOpError("expected the number of a kernel below ")
             << kernels.size() << ", found " << event.source;
    size_t index = isFed ? kernels.size() : event.source;
    if (event.isStep())
      ++steps[index];
    if (event.kind != RowEvent::Kind::Step && placements[index] &&
        !placements[index].hasNewest())
      return op.emitOpError("expected no '!' or '+' of ")
             << nameOf(event.source)
             << ", whose placement has no newest row, found "
             << placements[index];
    if (event.kind == RowEvent::Kind::Hold && steps[index] == 0)
      return op.emitOpError("expected a row of ")
             << nameOf(event.source) << " before it is held";
  }
  for (auto [index, count] : llvm::enumerate(steps))
    if (wanted[index] > maxSteps)
      return op.emitOpError("expected tensors of at most ")
             << maxSteps << " rows, found " << wanted[index];
    else if (count != wanted[index])
      return op.emitOpError("expected ")
             << wanted[index] << " steps of "
             << nameOf(index == kernels.size() ? RowEvent::fedInput
                                               : int32_t(index))
             << ", found " << count;
  return success();
}

LogicalResult StreamOp::verify() {
  Block &body = getBody().front();
  if (body.empty() || !isa<YieldOp>(body.back()))
    return emitOpError("expected a body that ends in thimble.yield");
  for (Operation &inner : body.without_terminator())
    if (!isa<KernelOp>(inner))
      return inner.emitOpError("expected only thimble.kernel in a stream");
  auto yield = cast<YieldOp>(body.back());
  if (yield.getValues().getTypes() != getResults().getTypes())
    return yield.emitOpError("expected the types of the stream's results");
  for (Value value : yield.getValues()) {
    PlacementAttr placement = placementOf(value);
    if (value.getParentBlock() != &body || (placement && !placement.isWhole()))
      return yield.emitOpError("expected values that kernels of the stream "
                               "compute and that are placed whole");
  }
  if (getFed() && !isa<BlockArgument>(getFed()))
    return emitOpError("expected to be fed an argument of the function");
  FailureOr<RowOrder> parsed =
      RowOrder::parse(getOrder(), [&] { return emitOpError(); });
  return failed(parsed) ? failure() : verifyEvents(*this, parsed->expand());
}

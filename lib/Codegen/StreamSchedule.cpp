//===- StreamSchedule.cpp - The calls that a stream makes -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Almost always the same row of a window is the newest one, in every step of a
// layer; what never changes needs no argument.
//
//===----------------------------------------------------------------------===//

#include "StreamSchedule.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"

using namespace mlir;
using namespace thimble;

namespace {
/// What is known of the rows of a kernel's result or of the fed input.
struct Line {
  int64_t steps = 0;   ///< so far
  int64_t newest = -1; ///< the row in `newest` that has no other place
  bool hasNewest = false;
};

/// A step before it is known what all steps of its layer have in common.
struct Step {
  int32_t kernel;
  int64_t number;
  bool inPlace;
  SmallVector<int64_t, 2> newest; ///< row, per operand, or -1
};

class OrderReplay {
public:
  OrderReplay(StreamOp stream, const TargetInfo &target);
  StreamSchedule run();

private:
  Line *lineOf(Value value);
  /// The row that a step writes, or none.
  std::optional<int64_t> rowOf(int32_t kernel, int64_t step);
  void step(RowEvent event);
  void describe(int32_t kernel);
  std::optional<int64_t> commonIndex(int32_t kernel, unsigned operand) const;
  int64_t windowIndex(const Step &step, unsigned operand) const;
  bool fits(const Step &step, unsigned operand, int64_t index) const;
  void addCall(RowCall call);

  StreamOp stream;
  SmallVector<KernelOp> kernels;
  std::vector<StepSpec> specs;
  std::vector<Line> lines; ///< by kernel, the fed input last
  DenseMap<Value, size_t> lineNumbers;
  std::vector<Step> steps;
  StreamSchedule schedule;
};
} // namespace

OrderReplay::OrderReplay(StreamOp stream, const TargetInfo &target)
    : stream(stream), kernels(stream.getKernels()), lines(kernels.size() + 1) {
  auto add = [&](Value value, size_t number) {
    lineNumbers[value] = number;
    lines[number].hasNewest = placementOf(value).hasNewest();
  };
  for (auto [number, op] : llvm::enumerate(kernels)) {
    StepSpec spec = findKernel(*op.getKernel())->describe(op, target);
    if (op.getRowStep() && op.getRowStep()->getAbsorbs())
      spec.operands[0].window = RowWindow();
    specs.push_back(std::move(spec));
    add(op.getResult(0), number);
  }
  if (stream.getFed())
    add(stream.getFed(), kernels.size());
}

Line *OrderReplay::lineOf(Value value) {
  auto found = lineNumbers.find(value);
  return found == lineNumbers.end() ? nullptr : &lines[found->second];
}

std::optional<int64_t> OrderReplay::rowOf(int32_t kernel, int64_t step) {
  KernelOp op = kernels[kernel];
  if (!op.getRowStep() || !op.getRowStep()->getAbsorbs())
    return step;
  return step + 1 == op.getStepCount() ? std::optional<int64_t>(0)
                                       : std::nullopt;
}

void OrderReplay::step(RowEvent event) {
  bool isFed = event.source == RowEvent::fedInput;
  Line &line = lines[isFed ? kernels.size() : event.source];
  bool inPlace = event.kind == RowEvent::Kind::InPlace || !line.hasNewest;
  if (!isFed) {
    KernelOp op = kernels[event.source];
    Step step{event.source, line.steps, inPlace, {}};
    for (const RowOperand &operand : specs[event.source].operands) {
      Value root = op.getRoot()->getOperand(operand.index);
      Line *from =
          lineOf(op.getInputs()[cast<BlockArgument>(root).getArgNumber()]);
      step.newest.push_back(from ? from->newest : -1);
    }
    steps.push_back(std::move(step));
  }
  std::optional<int64_t> row = line.steps;
  if (!isFed)
    row = rowOf(event.source, line.steps);
  if (!inPlace && row)
    line.newest = *row;
  ++line.steps;
}

/// Which row of the window is the newest one, the number of rows if none is.
int64_t OrderReplay::windowIndex(const Step &step, unsigned operand) const {
  const RowWindow &window = specs[step.kernel].operands[operand].window;
  int64_t row = step.newest[operand];
  int64_t from = row - (step.number * window.stride - window.padBefore);
  bool isRead = row >= 0 && from >= 0 && from % window.dilation == 0 &&
                from / window.dilation < window.rows;
  return isRead ? from / window.dilation : window.rows;
}

/// True if a step may be told that row `index` of its window is the newest one:
/// it is, or it is padding and none is.
bool OrderReplay::fits(const Step &step, unsigned operand,
                       int64_t index) const {
  const RowOperand &rows = specs[step.kernel].operands[operand];
  int64_t own = windowIndex(step, operand);
  if (own == index)
    return true;
  int64_t row = step.number * rows.window.stride - rows.window.padBefore +
                index * rows.window.dilation;
  return own == rows.window.rows && (row < 0 || row >= rows.height);
}

std::optional<int64_t> OrderReplay::commonIndex(int32_t kernel,
                                                unsigned operand) const {
  std::optional<int64_t> common;
  for (const Step &step : steps)
    if (step.kernel == kernel &&
        (!common || *common == specs[kernel].operands[operand].window.rows))
      common = windowIndex(step, operand);
  for (const Step &step : steps)
    if (step.kernel == kernel && !fits(step, operand, *common))
      return std::nullopt;
  return common;
}

void OrderReplay::describe(int32_t kernel) {
  RowLayerUse use;
  bool places = false, others = false;
  for (const Step &step : steps)
    if (step.kernel == kernel && rowOf(kernel, step.number))
      (step.inPlace ? places : others) = true;
  if (!places || !others)
    use.inPlace = places;
  for (unsigned i = 0; i < specs[kernel].operands.size(); ++i)
    use.newest.push_back(commonIndex(kernel, i));
  schedule.layers.push_back(std::move(use));
}

void OrderReplay::addCall(RowCall call) {
  auto found = llvm::find(schedule.calls, call);
  schedule.sequence.push_back(int32_t(found - schedule.calls.begin()));
  if (found == schedule.calls.end())
    schedule.calls.push_back(std::move(call));
}

StreamSchedule OrderReplay::run() {
  std::vector<RowEvent> events = stream.getRowOrder().expand();
  SmallVector<int64_t> lags;
  for (RowEvent event : events) {
    bool isFed = event.source == RowEvent::fedInput;
    Line &line = lines[isFed ? kernels.size() : event.source];
    if (event.isStep()) {
      step(event);
      continue;
    }
    lags.push_back(line.steps - 1 - std::max<int64_t>(line.newest, 0));
    line.newest = -1;
  }
  for (size_t kernel = 0; kernel < kernels.size(); ++kernel)
    describe(int32_t(kernel));
  auto nextStep = steps.begin();
  auto nextLag = lags.begin();
  for (RowEvent event : events) {
    RowCall call{event.source, event.kind, {}, 0};
    if (event.kind == RowEvent::Kind::Hold) {
      call.lag = *nextLag++;
    } else if (event.source != RowEvent::fedInput) {
      const Step &step = *nextStep++;
      const RowLayerUse &use = schedule.layers[event.source];
      call.kind = RowEvent::Kind::Step; // an argument says where it is written
      if (!use.inPlace)
        call.arguments.push_back(step.inPlace);
      for (auto [operand, common] : llvm::enumerate(use.newest))
        if (!common)
          call.arguments.push_back(windowIndex(step, operand));
    }
    addCall(std::move(call));
  }
  return std::move(schedule);
}

StreamSchedule StreamSchedule::get(StreamOp stream, const TargetInfo &target) {
  return OrderReplay(stream, target).run();
}

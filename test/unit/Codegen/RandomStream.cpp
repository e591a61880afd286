//===- RandomStream.cpp - Streams in any legal order ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First the order of steps, then where each row is between its step and its
// last reader, then rings that are as short as that allows.
//
//===----------------------------------------------------------------------===//

#include "RandomStream.h"
#include "thimble/Codegen/Kernel.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

using Kind = RowEvent::Kind;

namespace {
/// A tensor whose rows come into being one by one.
struct Line {
  Value value;
  int64_t rowBytes = 0, rows = 0;
  bool isWhole = false; ///< as someone needs it
  bool hasNewest = false;
  int64_t made = 0;
  std::vector<int64_t> step, lastUse; ///< by row, as positions in the order
  std::vector<Kind> kind;             ///< by row
  std::vector<int64_t> hold;          ///< position it is held behind, or -1
};

struct Layer {
  KernelOp op;
  StepSpec spec;
  SmallVector<Line *> operands; ///< null for tensors outside
  Line *result;
  bool hasRowSteps;
  int64_t steps, done = 0;
};

class StreamMaker {
public:
  StreamMaker(func::FuncOp model, Random &random, bool isFed,
              const TargetInfo &target);
  void run();

private:
  Line &addLine(Value value);
  void addLayer(KernelOp op, const TargetInfo &target);
  /// Rows of an operand that a step reads.
  SmallVector<int64_t> rowsRead(const Layer &layer, unsigned operand,
                                int64_t step) const;
  bool isReady(const Layer &layer) const;
  void take(int32_t source);
  void drawOrder();
  void drawPlaces(Line &line);
  int64_t ringRows(const Line &line) const;
  std::vector<RowEvent> events() const;
  int64_t allocate(int64_t bytes);
  PlacementAttr place(Line &line);
  void placeAll();
  void build();

  func::FuncOp model;
  Random &random;
  std::vector<std::unique_ptr<Line>> lines;
  DenseMap<Value, Line *> lineOf;
  std::vector<Layer> layers;
  Line *fed = nullptr;
  std::vector<int32_t> order; ///< sources of steps
  int64_t arenaBytes = 0;
};
} // namespace

StreamMaker::StreamMaker(func::FuncOp model, Random &random, bool isFed,
                         const TargetInfo &target)
    : model(model), random(random) {
  if (isFed)
    fed = &addLine(model.getArgument(0));
  for (auto op : model.getOps<KernelOp>())
    addLayer(op, target);
  for (Value result : model.front().getTerminator()->getOperands())
    lineOf[result]->isWhole = true;
}

Line &StreamMaker::addLine(Value value) {
  Line &line = *lines.emplace_back(std::make_unique<Line>());
  RankedTensorType type = tensorType(value);
  line.value = value;
  line.rows = rowCount(type);
  line.rowBytes = rowElements(type) * elementBytes(type);
  line.step.assign(line.rows, -1);
  line.lastUse.assign(line.rows, -1);
  line.kind.assign(line.rows, Kind::Step);
  line.hold.assign(line.rows, -1);
  lineOf[value] = &line;
  return line;
}

void StreamMaker::addLayer(KernelOp op, const TargetInfo &target) {
  Layer &layer = layers.emplace_back();
  layer.op = op;
  layer.spec = findKernel(*op.getKernel())->describe(op, target);
  layer.hasRowSteps = op.getRowStep().has_value();
  layer.steps = op.getStepCount();
  for (RowOperand &operand : layer.spec.operands) {
    auto argument =
        cast<BlockArgument>(op.getRoot()->getOperand(operand.index));
    Line *line = lineOf.lookup(op.getInputs()[argument.getArgNumber()]);
    layer.operands.push_back(line);
    if (op.getRowStep() && op.getRowStep()->getAbsorbs())
      operand.window = RowWindow();
    if (line && !op.getRowStep())
      line->isWhole = true;
  }
  layer.result = &addLine(op.getResult(0));
  if (!op.getRowStep())
    layer.result->isWhole = true;
}

SmallVector<int64_t> StreamMaker::rowsRead(const Layer &layer, unsigned operand,
                                           int64_t step) const {
  const RowWindow &window = layer.spec.operands[operand].window;
  int64_t count = layer.operands[operand]->rows;
  SmallVector<int64_t> rows;
  if (!layer.hasRowSteps)
    return llvm::to_vector(llvm::seq<int64_t>(0, count));
  for (int64_t k = 0; k < window.rows; ++k) {
    int64_t row = step * window.stride - window.padBefore + k * window.dilation;
    if (row >= 0 && row < count)
      rows.push_back(row);
  }
  return rows;
}

bool StreamMaker::isReady(const Layer &layer) const {
  if (layer.done == layer.steps)
    return false;
  for (unsigned i = 0; i < layer.operands.size(); ++i)
    if (Line *line = layer.operands[i])
      for (int64_t row : rowsRead(layer, i, layer.done))
        if (row >= line->made)
          return false;
  return true;
}

void StreamMaker::take(int32_t source) {
  auto now = int64_t(order.size());
  order.push_back(source);
  Line *line = fed;
  int64_t made = 1;
  if (source != RowEvent::fedInput) {
    Layer &layer = layers[source];
    for (unsigned i = 0; i < layer.operands.size(); ++i)
      if (Line *from = layer.operands[i])
        for (int64_t row : rowsRead(layer, i, layer.done))
          from->lastUse[row] = now;
    ++layer.done;
    line = layer.result;
    if (!layer.op.getRowStep())
      made = line->rows;
    else if (layer.op.getRowStep()->getAbsorbs())
      made = layer.done == layer.steps;
  }
  for (; made > 0; --made)
    line->step[line->made++] = now;
}

void StreamMaker::drawOrder() {
  // How often the last layer that can goes on: always is what planners do.
  int64_t eagerness = random.oneOf({0, 50, 90, 100});
  while (true) {
    SmallVector<int32_t> ready;
    if (fed && fed->made < fed->rows)
      ready.push_back(RowEvent::fedInput);
    for (auto [number, layer] : llvm::enumerate(layers))
      if (isReady(layer))
        ready.push_back(int32_t(number));
    if (ready.empty())
      return;
    bool isEager = random.pick(0, 99) < eagerness;
    take(isEager ? ready.back() : ready[random.pick(0, ready.size() - 1)]);
  }
}

void StreamMaker::drawPlaces(Line &line) {
  line.hasNewest = !line.isWhole && random.pick(0, 3) > 0;
  if (!line.hasNewest)
    return;
  for (Kind &kind : line.kind)
    kind = random.pick(0, 3) ? Kind::Step : Kind::InPlace;
  for (int64_t row = 0; row < line.rows; ++row) {
    if (line.kind[row] != Kind::Step)
      continue;
    auto end = int64_t(order.size());
    for (int64_t next = row + 1; next < line.rows; ++next)
      if (line.kind[next] == Kind::Step) {
        end = line.step[next];
        break;
      }
    if (line.lastUse[row] > end || random.pick(0, 3) == 0)
      line.hold[row] = random.pick(line.step[row], end - 1);
  }
}

int64_t StreamMaker::ringRows(const Line &line) const {
  int64_t most = 1;
  auto last = [&](int64_t row) {
    return std::max({line.step[row], line.lastUse[row], line.hold[row]});
  };
  for (int64_t a = 0; a < line.rows; ++a)
    for (int64_t b = a + 1; b < line.rows && line.step[b] <= last(a); ++b)
      most = std::max(most, b - a + 1);
  return most;
}

std::vector<RowEvent> StreamMaker::events() const {
  std::vector<RowEvent> result;
  auto sourceOf = [&](const Line *line) {
    for (auto [number, layer] : llvm::enumerate(layers))
      if (layer.result == line)
        return int32_t(number);
    return RowEvent::fedInput;
  };
  for (auto [position, source] : llvm::enumerate(order)) {
    const Line *line =
        source == RowEvent::fedInput ? fed : layers[source].result;
    Kind kind = Kind::Step;
    for (int64_t row = 0; row < line->rows && line->hasNewest; ++row)
      if (line->step[row] == int64_t(position))
        kind = line->kind[row];
    result.push_back({source, kind});
    for (const auto &held : lines)
      for (int64_t row = 0; row < held->rows; ++row)
        if (held->hold[row] == int64_t(position))
          result.push_back({sourceOf(held.get()), Kind::Hold});
  }
  return result;
}

int64_t StreamMaker::allocate(int64_t bytes) {
  int64_t offset = arenaBytes;
  arenaBytes += llvm::alignTo(bytes, 8);
  return offset;
}

PlacementAttr StreamMaker::place(Line &line) {
  int64_t ring = line.isWhole ? 0 : ringRows(line) + random.pick(0, 1);
  int64_t offset = allocate((ring ? ring : line.rows) * line.rowBytes);
  int64_t newest = line.hasNewest ? allocate(line.rowBytes) : -1;
  return PlacementAttr::get(model.getContext(), arenaRegionName, offset, ring,
                            newest);
}

void StreamMaker::placeAll() {
  Builder b(model.getContext());
  auto at = [&](int64_t bytes) {
    return PlacementAttr::get(model.getContext(), arenaRegionName,
                              allocate(bytes));
  };
  for (BlockArgument argument : model.getArguments())
    model.setArgAttr(argument.getArgNumber(), placementAttrName,
                     fed && fed->value == argument
                         ? place(*fed)
                         : at(tensorBytes(tensorType(argument))));
  for (Layer &layer : layers) {
    layer.op.setPlacementsAttr(b.getArrayAttr({place(*layer.result)}));
    RowStepAttr step = layer.op.getRowStepAttr();
    int64_t scratch =
        step ? step.getEdge() : layer.op.getScratchBytes().value_or(0);
    if (scratch > 0)
      layer.op.setScratchAttr(at(scratch));
  }
}

void StreamMaker::build() {
  OpBuilder builder(model.front().getTerminator());
  Operation *terminator = model.front().getTerminator();
  SmallVector<Value> results(terminator->getOperands());
  auto stream =
      StreamOp::create(builder, model.getLoc(), TypeRange(ValueRange(results)),
                       fed ? fed->value : Value(),
                       RowOrder::fold(events()).str(), PlacementAttr());
  Block *body = builder.createBlock(&stream.getBody());
  for (Layer &layer : layers) {
    layer.op->moveBefore(body, body->end());
    if (RowStepAttr step = layer.op.getRowStepAttr())
      if (step.getKept() > 0)
        layer.op.setKeptAttr(PlacementAttr::get(
            model.getContext(), arenaRegionName, allocate(step.getKept())));
  }
  builder.setInsertionPointToEnd(body);
  YieldOp::create(builder, model.getLoc(), results);
  terminator->setOperands(stream.getResults());
  if (fed)
    stream.setStateAttr(PlacementAttr::get(model.getContext(), arenaRegionName,
                                           allocate(stream.getStateBytes())));
}

void StreamMaker::run() {
  drawOrder();
  for (auto &line : lines)
    drawPlaces(*line);
  placeAll();
  build();
  Builder b(model.getContext());
  model->setAttr(arenaBytesAttrName, b.getI64IntegerAttr(arenaBytes));
  model->setAttr(arenaAlignmentAttrName, b.getI64IntegerAttr(8));
}

void thimble::test::planRandomStream(func::FuncOp model, Random &random,
                                     bool isFed, const TargetInfo &target) {
  StreamMaker(model, random, isFed, target).run();
}

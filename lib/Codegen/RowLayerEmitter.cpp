//===- RowLayerEmitter.cpp - Functions of a layer in a stream -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that a row step needs is worked out from the row's number, so that
// a stream keeps nothing but these numbers.
//
//===----------------------------------------------------------------------===//

#include "RowLayerEmitter.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

using Predicate = arith::CmpIPredicate;

/// A shift by which `(row * multiplier) >> shift` divides all rows below
/// `count` by `rows`, exactly and within 31 bits, and the multiplier.
static std::pair<int64_t, int64_t> findReciprocal(int64_t rows, int64_t count) {
  for (int64_t shift = 8; shift < 31; ++shift) {
    int64_t multiplier = llvm::divideCeil(int64_t(1) << shift, rows);
    bool isExact = true;
    for (int64_t row = 0; row < count && isExact; ++row)
      isExact = row * multiplier <= INT32_MAX &&
                (row * multiplier) >> shift == row / rows;
    if (isExact)
      return {shift, multiplier};
  }
  return {0, 0};
}

Value thimble::buildRingSlot(StepBuilder &b, Value row, int64_t rows,
                             int64_t count) {
  if (rows == 0 || rows >= count)
    return row;
  if (rows == 1)
    return b.constant(0);
  if (llvm::isPowerOf2_64(rows))
    return b.bitAnd(row, b.constant(rows - 1));
  auto [shift, multiplier] = findReciprocal(rows, count);
  Value turns = shift > 0 ? b.lshr(b.mul(row, multiplier), shift)
                          : b.builder.createOrFold<arith::DivUIOp>(
                                b.loc, row, b.constant(rows));
  return b.sub(row, b.mul(turns, rows));
}

RowLayerEmitter::RowLayerEmitter(OpBuilder &builder, KernelOp op,
                                 const Kernel &kernel, const TargetInfo &target,
                                 StringRef model, RowLayerUse use)
    : LayerEmitter(builder, op, kernel, target, model), use(std::move(use)),
      stepScratch(layOutStepScratch(spec, target)),
      keptLayout(layOutKept(decoding, 0, target)) {
  scratch = LayerScratch();
  scratch.rowPointers = stepScratch.rowPointers;
  scratch.kernel = stepScratch.kernel;
  scratch.paddingRow = stepScratch.paddingRow;
  scratch.bytes = op.getRowStep()->getEdge();
  if (op.getKept())
    useRegion(*op.getKept());
}

LogicalResult RowLayerEmitter::verify() {
  if (op.getRowStep()->getKept() > 0 && !op.getKept())
    return op.emitOpError("expected a placement of the bytes that its row "
                          "steps share");
  if (scratch.bytes > 0 && !op.getScratch())
    return op.emitOpError("expected a placement of its scratch");
  return LayerEmitter::verify();
}

SmallVector<Type> RowLayerEmitter::argumentTypes(StepBuilder &b) {
  size_t open = !use.inPlace;
  open += llvm::count(use.newest, std::nullopt);
  return SmallVector<Type>(1 + open, b.i32());
}

StringAttr RowLayerEmitter::getHoldRegion() {
  return builder.getStringAttr(placementOf(op.getResult(0)).getRegion());
}

func::FuncOp RowLayerEmitter::getHold() {
  if (hold)
    return hold;
  StepBuilder b(builder, op.getLoc(), target);
  hold = createFunction(".hold", {b.ptr(), b.i32()});
  hold->setAttr(idAttrName, builder.getStringAttr(op.getId() + ".hold"));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(hold.addEntryBlock());
  PlacementAttr placement = placementOf(op.getResult(0));
  Value slot = buildRingSlot(b, hold.getArgument(1), placement.getRows(),
                             rowCount(tensorType(op.getResult(0))));
  Value base = b.at(hold.getArgument(0), placement.getOffset());
  b.copy(b.at(base, b.mul(slot, spec.outputRowBytes)),
         b.at(hold.getArgument(0), placement.getNewest()),
         b.constant(spec.outputRowBytes));
  func::ReturnOp::create(builder, op.getLoc());
  return hold;
}

/// Adds a row to the sums, or makes the output row of them.
func::FuncOp RowLayerEmitter::emitSumFunction(const Twine &name, bool isEnd) {
  StepBuilder b(builder, op.getLoc(), target);
  SmallVector<Type> types(spec.tables.size() + 2, b.ptr());
  if (!isEnd)
    types.push_back(b.i32());
  func::FuncOp function = createFunction(name, types);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(function.addEntryBlock());
  ValueRange all = function.getArguments();
  (isEnd ? b.output : b.operands.emplace_back()) = all[0];
  b.sums = all[1];
  llvm::append_range(b.tables, all.slice(2, spec.tables.size()));
  if (!isEnd)
    b.row = all.back();
  auto absorbing = cast<AbsorbingOp>(op.getRoot());
  isEnd ? absorbing.buildAbsorbed(b) : absorbing.buildAbsorb(b);
  func::ReturnOp::create(builder, op.getLoc());
  return function;
}

func::FuncOp RowLayerEmitter::emitStep() {
  if (!absorbs())
    return LayerEmitter::emitStep();
  end = emitSumFunction(".end", /*isEnd=*/true);
  return emitSumFunction(".step", /*isEnd=*/false);
}

/// Tells the cost model that `condition` holds in so many of all steps.
static void expectSteps(Value condition, int64_t holds, int64_t steps) {
  Operation *compare = condition.getDefiningOp();
  if (!isa_and_nonnull<arith::CmpIOp>(compare) || holds >= steps)
    return;
  Builder b(condition.getContext());
  compare->setAttr("thimble.expected_trips",
                   b.getF64FloatAttr(double(holds) / double(steps - holds)));
}

void RowLayerEmitter::onlyIn(StepBuilder &b, Value row, int64_t number,
                             llvm::function_ref<void()> body) {
  if (op.getStepCount() == 1)
    return body();
  Value isStep = b.compare(Predicate::eq, row, b.constant(number));
  expectSteps(isStep, 1, op.getStepCount());
  auto only = scf::IfOp::create(builder, op.getLoc(), isStep,
                                /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(only.thenBlock());
  body();
}

Value RowLayerEmitter::place(StepBuilder &b, PlacementAttr placement, Value row,
                             int64_t rowBytes, int64_t count) {
  Value slot = buildRingSlot(b, row, placement.getRows(), count);
  return b.at(address(b, placement, arguments), b.mul(slot, rowBytes));
}

Value RowLayerEmitter::newest(StepBuilder &b, PlacementAttr placement) {
  auto region = builder.getStringAttr(placement.getRegion());
  const auto *found = llvm::find(regions, region);
  return b.at(arguments[found - regions.begin()], placement.getNewest());
}

Value RowLayerEmitter::outputRow(StepBuilder &b, Value row) {
  PlacementAttr placement = placementOf(op.getResult(0));
  int64_t count = rowCount(tensorType(op.getResult(0)));
  if (use.inPlace && !*use.inPlace)
    return newest(b, placement);
  Value own = place(b, placement, row, spec.outputRowBytes, count);
  if (use.inPlace)
    return own;
  Value isPlace = b.compare(Predicate::ne, inPlace, b.constant(0));
  return b.select(isPlace, own, newest(b, placement));
}

void RowLayerEmitter::decodeOnce(StepBuilder &b, Value row) {
  if (!decoder)
    return;
  onlyIn(b, row, 0, [&] {
    decoder->begin(b, b.at(keptBase, keptLayout.lookup));
    decoder->decode(b, decoder->getPayload(b), keptBase,
                    b.constant(decoder->getTileChannels()));
  });
}

/// The part that padded columns need in every step, the rest only where a
/// window looks over the edge.
void RowLayerEmitter::fillPadding(StepBuilder &b, Value row) {
  if (spec.paddingRowBytes == 0)
    return;
  paddingRow = b.at(scratchBase, scratch.paddingRow);
  if (spec.paddingTapBytes > 0)
    b.fill(paddingRow, spec.paddingByte, b.constant(spec.paddingTapBytes));
  if (spec.paddingRowBytes == spec.paddingTapBytes)
    return;
  Value outside;
  int64_t edges = 0;
  for (const RowOperand &operand : spec.operands) {
    const RowWindow &window = operand.window;
    int64_t reach = (window.rows - 1) * window.dilation;
    for (int64_t step = 0; step < spec.steps; ++step) {
      int64_t first = step * window.stride - window.padBefore;
      edges += first < 0 || first + reach >= operand.height;
    }
    Value top = b.add(b.mul(row, window.stride), -window.padBefore);
    // A top above the image is a large unsigned number.
    Value own =
        b.compare(Predicate::uge, top,
                  b.constant(std::max<int64_t>(operand.height - reach, 0)));
    outside =
        outside ? builder.createOrFold<arith::OrIOp>(op.getLoc(), outside, own)
                : own;
  }
  expectSteps(outside, edges, spec.steps);
  auto only = scf::IfOp::create(builder, op.getLoc(), outside,
                                /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(only.thenBlock());
  b.fill(paddingRow, spec.paddingByte, b.constant(spec.paddingRowBytes));
}

Value RowLayerEmitter::lineRows(StepBuilder &b, unsigned index, Value row) {
  const RowOperand &operand = spec.operands[index];
  const RowWindow &window = operand.window;
  PlacementAttr placement = inputPlacement(operand.index);
  Value top = b.add(b.mul(row, window.stride), -window.padBefore);
  std::optional<int64_t> known = use.newest[index];
  Value array =
      window.rows > 1 ? b.at(scratchBase, scratch.rowPointers[index]) : Value();
  Value single;
  auto find = [&](Value k) {
    Value y = b.add(top, b.mul(k, window.dilation));
    Value pointer = place(b, placement, y, operand.rowBytes, operand.height);
    if (!known || *known < window.rows) {
      Value newestRow = known ? b.constant(*known) : newestIndex[index];
      Value isNewest = b.compare(Predicate::eq, k, newestRow);
      pointer = b.select(isNewest, newest(b, placement), pointer);
    }
    if (spec.paddingRowBytes > 0) {
      Value inside = b.compare(Predicate::ult, y, b.constant(operand.height));
      pointer = b.select(inside, pointer, paddingRow);
    }
    if (array)
      b.store(pointer, b.at(array, b.mul(k, target.pointerBytes)));
    else
      single = pointer;
  };
  b.loop(window.rows, find);
  return array ? array : single;
}

void RowLayerEmitter::emitAbsorb(StepBuilder &b, func::FuncOp step, Value row) {
  int64_t bytes = cast<AbsorbingOp>(op.getRoot()).getSumBytes(target);
  onlyIn(b, row, 0, [&] { b.fill(keptBase, 0, b.constant(bytes)); });
  SmallVector<Value> shared = {keptBase};
  llvm::append_range(shared, tableAddresses(b, Value()));
  SmallVector<Value> all = {lineRows(b, 0, row)};
  llvm::append_range(all, shared);
  all.push_back(row);
  func::CallOp::create(builder, op.getLoc(), step, all);
  onlyIn(b, row, op.getStepCount() - 1, [&] {
    SmallVector<Value> last = {outputRow(b, b.constant(0))};
    llvm::append_range(last, shared);
    func::CallOp::create(builder, op.getLoc(), end, last);
  });
}

void RowLayerEmitter::emitBody(StepBuilder &b, func::FuncOp layer,
                               func::FuncOp step) {
  arguments = layer.getArguments();
  ValueRange own = arguments.drop_front(regions.size());
  Value row = own.front();
  own = own.drop_front();
  auto next = [&] {
    Value first = own.front();
    own = own.drop_front();
    return first;
  };
  if (!use.inPlace)
    inPlace = next();
  for (std::optional<int64_t> known : use.newest)
    newestIndex.push_back(known ? Value() : next());
  if (op.getKept())
    keptBase = address(b, *op.getKept(), arguments);
  if (absorbs()) {
    // One row at a time, of which none is padding.
    spec.operands[0].window = RowWindow();
    spec.paddingRowBytes = 0;
    return emitAbsorb(b, step, row);
  }
  if (scratch.bytes > 0)
    scratchBase = address(b, *op.getScratch(), arguments);
  decodeOnce(b, row);
  fillPadding(b, row);
  Range range;
  range.tables = tableAddresses(b, keptBase);
  if (spec.channels)
    range.channels = b.constant(*spec.channels);
  SmallVector<Value> rows;
  for (unsigned i = 0; i < spec.operands.size(); ++i)
    rows.push_back(lineRows(b, i, row));
  call(b, step, range, rows, outputRow(b, row),
       spec.pixels ? b.constant(*spec.pixels) : Value());
}

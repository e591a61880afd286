//===- StreamTable.cpp - A stream's order as a table ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table is runs: how often, how many events, the events (one byte each).
// The loop over it is written as blocks, because branches must say how often
// they are taken: layers are counted by that.
//
//===----------------------------------------------------------------------===//

#include "InternalSymbols.h"
#include "StreamEmitter.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Support/PeriodicRuns.h"

using namespace mlir;
using namespace thimble;

/// Where the counters begin in the state: behind the offset of the run (2
/// bytes), its repetitions left but one, the number of its next event.
static constexpr int64_t counterOffset = 4, counterBytes = 2;
static constexpr int64_t repetitionsOffset = 2, eventOffset = 3;
/// A run of no events, which the state 0 stands in; the first run follows.
static constexpr int64_t headerBytes = 2;

std::vector<uint8_t> StreamEmitter::encode() {
  PeriodicRunCost cost;
  cost.maxLength = cost.maxCount = 255;
  std::vector<uint8_t> bytes = {1, 0};
  for (PeriodicRun run : findPeriodicRuns(schedule.sequence, cost)) {
    bytes.push_back(run.count);
    bytes.push_back(run.length);
    for (unsigned i = 0; i < run.length; ++i)
      bytes.push_back(schedule.sequence[run.begin + i]);
  }
  if (op.getFed()) // an event that no call has: the end
    bytes.insert(bytes.end(), {1, 1, uint8_t(schedule.calls.size())});
  return bytes;
}

Block *StreamEmitter::addBlock(TypeRange types) {
  SmallVector<Location> locations(types.size(), op.getLoc());
  OpBuilder::InsertionGuard guard(builder);
  return builder.createBlock(&function.getBody(), {}, types, locations);
}

static void storeI16(StepBuilder &b, Value value, Value address) {
  b.store(b.truncate(value, b.i16()), address);
}

static Value distance(StepBuilder &b, Value to, Value from) {
  auto number = [&](Value pointer) -> Value {
    return LLVM::PtrToIntOp::create(b.builder, b.loc, b.i32(), pointer);
  };
  return b.sub(number(to), number(from));
}

SmallVector<Value> StreamEmitter::loadPosition(StepBuilder &b, Value order) {
  Value first = b.at(order, headerBytes);
  if (!op.getFed()) {
    int64_t bytes = op.getStateBytes();
    Value array = LLVM::AllocaOp::create(builder, op.getLoc(), b.ptr(), b.i32(),
                                         b.constant(bytes / 4));
    // Opaque, or LLVM would keep the counters in registers that it has not.
    state = b.opaque(array);
    b.fill(state, 0, b.constant(bytes));
    return {first, first, first, b.constant(1), b.constant(0)};
  }
  Value begin = b.at(first, b.loadU16(state));
  Value length = b.loadU8(b.at(begin, -1));
  return {b.at(begin, b.loadU8(b.at(state, eventOffset))), b.at(begin, length),
          begin, b.add(b.loadU8(b.at(state, repetitionsOffset)), 1),
          function.getArguments().back()};
}

void StreamEmitter::storePosition(StepBuilder &b, Value order,
                                  ValueRange position) {
  Value begin = position[2];
  storeI16(b, distance(b, begin, b.at(order, headerBytes)), state);
  b.storeI8(b.add(position[3], -1), b.at(state, repetitionsOffset));
  b.storeI8(distance(b, position[0], begin), b.at(state, eventOffset));
}

/// A branch that is taken so often one way and the other.
static void branch(StepBuilder &b, Value condition, Block *yes,
                   ValueRange yesArguments, Block *no, ValueRange noArguments,
                   ArrayRef<int32_t> weights) {
  auto op = cf::CondBranchOp::create(b.builder, b.loc, condition, yes,
                                     yesArguments, no, noArguments);
  op.setBranchWeights(weights);
}

static Value arePointersEqual(StepBuilder &b, Value x, Value y) {
  return LLVM::ICmpOp::create(b.builder, b.loc, LLVM::ICmpPredicate::eq, x, y);
}

/// Behind the last event of a run: the run again, or the next one.
void StreamEmitter::emitAdvance(StepBuilder &b, ValueRange position,
                                Block *dispatch) {
  int32_t runs = 0, passes = 0;
  for (size_t at = headerBytes; at < table.size(); at += 2 + table[at + 1]) {
    ++runs;
    passes += table[at];
  }
  Block *advance = addBlock(), *next = addBlock();
  Value event = position[0], stop = position[1], begin = position[2];
  int32_t events = schedule.sequence.size();
  branch(b, arePointersEqual(b, event, stop), advance, {}, dispatch,
         {event, stop, begin, position[3]},
         {passes, std::max(events - passes, 1)});
  builder.setInsertionPointToStart(advance);
  Value left = b.add(position[3], -1);
  Value again = b.compare(arith::CmpIPredicate::ne, left, b.constant(0));
  branch(b, again, dispatch, {begin, stop, begin, left}, next, {},
         {passes - runs, runs});
  builder.setInsertionPointToStart(next);
  Value first = b.at(stop, headerBytes), length = b.loadU8(b.at(stop, 1));
  cf::BranchOp::create(
      builder, op.getLoc(), dispatch,
      ValueRange{first, b.at(first, length), first, b.loadU8(stop)});
}

void StreamEmitter::emitDispatch(StepBuilder &b, Value event, Block *end,
                                 ArrayRef<Block *> cases) {
  // Without an end, the last case needs no comparison.
  bool hasEnd = op.getFed() != Value();
  SmallVector<int32_t> values, weights(1, 1);
  SmallVector<Block *> targets(cases);
  SmallVector<int32_t> counts(cases.size(), 0);
  for (int32_t call : schedule.sequence)
    ++counts[call];
  for (auto [number, call] : llvm::enumerate(schedule.calls))
    if (call.source == RowEvent::fedInput && call.kind != RowEvent::Kind::Hold)
      counts[number] *= 2; // it is met, waited for and taken
  if (!hasEnd) {
    weights[0] = counts.pop_back_val();
    end = targets.pop_back_val();
  }
  llvm::append_range(values, llvm::seq<int32_t>(0, counts.size()));
  llvm::append_range(weights, counts);
  LLVM::SwitchOp::create(builder, op.getLoc(), b.loadU8(event), end,
                         ValueRange(), values, targets,
                         SmallVector<ValueRange>(targets.size()), weights);
}

Value StreamEmitter::counter(StepBuilder &b, const RowCall &call) {
  return b.at(state, counterOffset + int64_t(lineOf(call)) * counterBytes);
}

void StreamEmitter::copyFedRow(StepBuilder &b, const RowCall &call,
                               Value number, Value fedRow) {
  RankedTensorType type = tensorType(op.getFed());
  PlacementAttr placement = placementOf(op.getFed());
  int64_t bytes = rowElements(type) * elementBytes(type);
  Value base = region(builder.getStringAttr(placement.getRegion()));
  Value slot = buildRingSlot(b, number, placement.getRows(), rowCount(type));
  Value place = b.at(b.at(base, placement.getOffset()), b.mul(slot, bytes));
  if (call.kind == RowEvent::Kind::Hold)
    return b.copy(place, b.at(base, placement.getNewest()), b.constant(bytes));
  bool isNewest = call.kind == RowEvent::Kind::Step && placement.hasNewest();
  b.copy(isNewest ? b.at(base, placement.getNewest()) : place, fedRow,
         b.constant(bytes));
}

void StreamEmitter::emitCase(StepBuilder &b, const RowCall &call, Block *latch,
                             Block *exit, Value fedRow) {
  bool isHold = call.kind == RowEvent::Kind::Hold;
  bool isFed = call.source == RowEvent::fedInput;
  Value none;
  if (isFed && !isHold) {
    none = LLVM::ZeroOp::create(builder, op.getLoc(), b.ptr());
    Block *take = addBlock();
    branch(b, arePointersEqual(b, fedRow, none), exit, {}, take, {}, {1, 1});
    builder.setInsertionPointToStart(take);
  }
  Value row;
  if (isFed || layers[call.source].wholeSteps == 0) {
    Value address = counter(b, call);
    row = b.loadU16(address);
    if (!isHold)
      storeI16(b, b.add(row, 1), address);
  }
  if (!isFed)
    emitCall(b, call, row);
  else
    copyFedRow(b, call, isHold ? b.add(row, -1 - call.lag) : row, fedRow);
  SmallVector<Value> passed;
  if (op.getFed())
    passed.push_back(none ? none : fedRow);
  cf::BranchOp::create(builder, op.getLoc(), latch, passed);
}

void StreamEmitter::emitTableLoop(StepBuilder &b, StringRef symbol) {
  bool isFed = op.getFed() != Value();
  if (isFed)
    state = b.at(region(builder.getStringAttr(op.getState()->getRegion())),
                 op.getState()->getOffset());
  Value order =
      LLVM::AddressOfOp::create(builder, op.getLoc(), b.ptr(), symbol);
  SmallVector<Value> start = loadPosition(b, order);
  Block *header = addBlock(ValueRange(start).getTypes());
  Block *dispatch = addBlock(ValueRange(start).drop_back().getTypes());
  Block *latch = addBlock(isFed ? TypeRange(b.ptr()) : TypeRange());
  Block *exit = addBlock();
  cf::BranchOp::create(builder, op.getLoc(), header, start);
  builder.setInsertionPointToStart(header);
  Value last = header->getArguments().back();
  if (!isFed) {
    Block *body = addBlock();
    Value isMore = b.compare(arith::CmpIPredicate::slt, last,
                             b.constant(schedule.sequence.size()));
    cf::CondBranchOp::create(builder, op.getLoc(), isMore, body, ValueRange(),
                             exit, ValueRange());
    builder.setInsertionPointToStart(body);
  }
  emitAdvance(b, header->getArguments(), dispatch);
  builder.setInsertionPointToStart(dispatch);
  SmallVector<Block *> cases;
  for (size_t i = 0; i < schedule.calls.size(); ++i)
    cases.push_back(addBlock());
  emitDispatch(b, dispatch->getArgument(0), exit, cases);
  for (auto [call, block] : llvm::zip_equal(schedule.calls, cases)) {
    builder.setInsertionPointToStart(block);
    emitCase(b, call, latch, exit, last);
  }
  builder.setInsertionPointToStart(latch);
  SmallVector<Value> next(dispatch->getArguments());
  next[0] = b.at(next[0], 1);
  next.push_back(isFed ? Value(latch->getArgument(0)) : b.add(last, 1));
  cf::BranchOp::create(builder, op.getLoc(), header, next);
  builder.setInsertionPointToStart(exit);
  if (isFed)
    storePosition(b, order, dispatch->getArguments());
  func::ReturnOp::create(builder, op.getLoc());
}

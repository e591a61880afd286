//===- BitSource.cpp - Emits the reading of a bit stream ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two ways of reading, by what the core can load.
//
//===----------------------------------------------------------------------===//

#include "BitSource.h"
#include "WordLanes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace thimble;

//===----------------------------------------------------------------------===//
// Building blocks
//===----------------------------------------------------------------------===//

Value thimble::buildShiftRight(StepBuilder &b, Value value, Value bits) {
  return b.builder.createOrFold<arith::ShRUIOp>(b.loc, value, bits);
}
Value thimble::buildOr(StepBuilder &b, Value x, Value y) {
  return b.builder.createOrFold<arith::OrIOp>(b.loc, x, y);
}
Value thimble::buildXor(StepBuilder &b, Value x, Value y) {
  return b.builder.createOrFold<arith::XOrIOp>(b.loc, x, y);
}
Value thimble::buildWholeGroups(StepBuilder &b, Value count, unsigned divisor) {
  return b.mul(buildQuotient(b, count, divisor), divisor);
}
Value thimble::buildLoadU16(StepBuilder &b, Value pointer) {
  Value half = LLVM::LoadOp::create(b.builder, b.loc, b.builder.getI16Type(),
                                    pointer, /*alignment=*/2);
  return b.builder.createOrFold<arith::ExtUIOp>(b.loc, b.i32(), half);
}
void thimble::buildStore16(StepBuilder &b, Value value, Value pointer) {
  LLVM::StoreOp::create(b.builder, b.loc,
                        b.truncate(value, b.builder.getI16Type()), pointer,
                        /*alignment=*/2);
}
Value thimble::buildElement(StepBuilder &b, Value array, Value index,
                            unsigned scale) {
  return b.at(array, b.shl(index, scale));
}

void thimble::expectTrips(StepBuilder &b, Value condition,
                          ExpectedTrips trips) {
  Operation *compare = condition.getDefiningOp();
  if (!compare)
    return; // known when compiling
  StringRef name = trips.perBound != 0 ? "thimble.expected_trips_per_bound"
                                       : "thimble.expected_trips";
  compare->setAttr(name,
                   b.builder.getF64FloatAttr(trips.constant + trips.perBound));
}

SmallVector<Value>
thimble::buildWhile(StepBuilder &b, ValueRange init, ExpectedTrips trips,
                    llvm::function_ref<Value(ValueRange)> condition,
                    llvm::function_ref<SmallVector<Value>(ValueRange)> body) {
  auto loop = scf::WhileOp::create(
      b.builder, b.loc, init.getTypes(), init,
      [&](OpBuilder &, Location, ValueRange values) {
        OpBuilder::InsertionGuard guard(b.builder);
        Value holds = condition(values);
        expectTrips(b, holds, trips);
        scf::ConditionOp::create(b.builder, b.loc, holds, values);
      },
      [&](OpBuilder &, Location, ValueRange values) {
        OpBuilder::InsertionGuard guard(b.builder);
        scf::YieldOp::create(b.builder, b.loc, body(values));
      });
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value>
thimble::buildIf(StepBuilder &b, Value condition, ValueRange otherwise,
                 llvm::function_ref<SmallVector<Value>()> then) {
  auto branch = scf::IfOp::create(
      b.builder, b.loc, condition,
      [&](OpBuilder &, Location) {
        OpBuilder::InsertionGuard guard(b.builder);
        scf::YieldOp::create(b.builder, b.loc, then());
      },
      [&](OpBuilder &, Location) {
        OpBuilder::InsertionGuard guard(b.builder);
        scf::YieldOp::create(b.builder, b.loc, otherwise);
      });
  return SmallVector<Value>(branch.getResults());
}

//===----------------------------------------------------------------------===//
// BitSource
//===----------------------------------------------------------------------===//

BitSource::BitSource(StepBuilder &b, Value stream) : b(b), stream(stream) {
  if (!b.target.thumb1Only) {
    position = b.constant(0);
    return;
  }
  Value address = LLVM::PtrToIntOp::create(b.builder, b.loc, b.i32(), stream);
  Value odd = b.bitAnd(address, b.constant(1));
  pointer = b.at(stream, b.sub(b.constant(0), odd));
  Value before = b.shl(odd, 3);
  word = buildShiftRight(b, buildLoadU16(b, pointer), before);
  available = b.sub(b.constant(16), before);
  pointer = b.at(pointer, 2);
}

SmallVector<Value> BitSource::getState() const {
  if (!b.target.thumb1Only)
    return {position};
  return {pointer, word, available};
}

void BitSource::setState(ValueRange state) {
  if (!b.target.thumb1Only) {
    position = state[0];
    word = Value(); // of another block: loaded again by refill
    return;
  }
  pointer = state[0];
  word = state[1];
  available = state[2];
}

void BitSource::refill() {
  if (!b.target.thumb1Only) {
    Value address = b.at(stream, b.lshr(position, 3));
    Value loaded = LLVM::LoadOp::create(b.builder, b.loc, b.i32(), address,
                                        /*alignment=*/1);
    word = buildShiftRight(b, loaded, b.bitAnd(position, b.constant(7)));
    return;
  }
  Value isShort = b.compare(arith::CmpIPredicate::slt, available,
                            b.constant(guaranteedBits(b.target)));
  setState(buildIf(b, isShort, getState(), [&]() -> SmallVector<Value> {
    Value more = b.shl(buildLoadU16(b, pointer), available);
    return {b.at(pointer, 2), buildOr(b, word, more), b.add(available, 16)};
  }));
}

Value BitSource::peek(unsigned bits) const {
  return b.bitAnd(word, b.constant((int64_t(1) << bits) - 1));
}

void BitSource::skip(Value bits) {
  if (word)
    word = buildShiftRight(b, word, bits);
  if (b.target.thumb1Only)
    available = b.sub(available, bits);
  else
    position = b.add(position, bits);
}

Value BitSource::buildEnd() {
  // Bytes are read as soon as one bit of them is.
  if (!b.target.thumb1Only)
    return b.at(stream, b.lshr(b.add(position, 7), 3));
  return b.at(pointer, b.sub(b.constant(0), b.ashr(available, 3)));
}

//===- TansDecoder.cpp - Emits decoders of tANS codes ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two passes over the states fill the table; symbols are decoded as many at a
// time as surely have their bits.
//
//===----------------------------------------------------------------------===//

#include "TansDecoder.h"
#include "BitSource.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace thimble;

using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// Reads a number from groups of four bits, three of the number and whether
/// there are more. Returns the number and the position behind.
static SmallVector<Value> buildReadCount(StepBuilder &b, Value groups,
                                         Value position) {
  auto readGroup = [&](Value at) {
    Value both = b.loadU8(b.at(groups, b.lshr(at, 1)));
    Value shift = b.shl(b.bitAnd(at, b.constant(1)), 2);
    return b.bitAnd(buildShiftRight(b, both, shift), b.constant(15));
  };
  auto low = [&](Value group) { return b.bitAnd(group, b.constant(7)); };
  Value group = readGroup(position);
  SmallVector<Value> carried = buildWhile(
      b, {low(group), b.add(position, 1), group, b.constant(3)},
      ExpectedTrips{0.7, 0},
      [&](ValueRange values) {
        return b.compare(CmpIPredicate::uge, values[2], b.constant(8));
      },
      [&](ValueRange values) -> SmallVector<Value> {
        Value next = readGroup(values[1]);
        Value number = buildOr(b, values[0], b.shl(low(next), values[3]));
        return {number, b.add(values[1], 1), next, b.add(values[3], 3)};
      });
  return {carried[0], carried[1]};
}

/// Gives every symbol its states, and keeps its count at `next`.
static void buildSpread(StepBuilder &b, Value table, Value size, Value next,
                        Value description) {
  Value symbols = b.add(b.loadU8(b.at(description, 2)), 1);
  Value groups = b.at(description, 3);
  Value stride = b.add(b.add(b.lshr(size, 1), b.lshr(size, 3)), 3);
  Value mask = b.add(size, -1);
  b.loop(b.constant(0), symbols, 1, {b.constant(0), b.constant(0)},
         [&](Value index, ValueRange carried) -> StepBuilder::Values {
           SmallVector<Value> read = buildReadCount(b, groups, carried[0]);
           buildStore16(b, read[0], buildElement(b, next, index, 1));
           StepBuilder::Values state =
               b.loop(b.constant(0), read[0], 1, carried[1],
                      [&](Value, ValueRange values) -> StepBuilder::Values {
                        b.store(index, buildElement(b, table, values[0], 2));
                        return {b.bitAnd(b.add(values[0], stride), mask)};
                      });
           return {read[1], state[0]};
         });
}

void thimble::buildTansTable(StepBuilder &b, const TansTable &table,
                             Value description, Value map) {
  Value size = b.shl(b.constant(1), table.bits);
  Value next = buildElement(b, table.address, size, 2);
  buildSpread(b, table.address, size, next, description);
  Value first = b.loadU8(b.at(description, 1));
  b.loop(b.constant(0), size, 1, [&](Value state) {
    Value entry = buildElement(b, table.address, state, 2);
    Value index = b.loadI32(entry);
    Value own = buildElement(b, next, index, 1);
    Value x = buildLoadU16(b, own);
    buildStore16(b, b.add(x, 1), own);
    // The least count of bits with x << bits >= size: x is at least 1.
    Value zeros = LLVM::CountLeadingZerosOp::create(b.builder, b.loc, b.i32(),
                                                    x, /*is_zero_poison=*/true);
    Value bits = b.add(b.add(zeros, table.bits), -31);
    Value base = b.sub(b.shl(x, bits), size);
    Value symbol = map ? b.loadU8(b.at(map, index))
                       : b.bitAnd(b.add(first, index), b.constant(255));
    b.store(buildOr(b, buildOr(b, symbol, b.shl(bits, 8)), b.shl(base, 16)),
            entry);
  });
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

namespace {
/// The decoder's state while its loops are emitted.
class TansLoop {
public:
  TansLoop(StepBuilder &b, const TansTable &table, unsigned symbolsPerRefill,
           Value stream, Value out)
      : b(b), table(table.address), out(out),
        symbolsPerRefill(symbolsPerRefill), source(b, stream) {
    source.refill();
    state = next(table.bits);
    source.skip(table.bits);
  }

  /// The symbols from `begin` to `end`, `group` at a time.
  void build(Value begin, Value end, unsigned group) {
    unsigned perRefill = std::min(group, symbolsPerRefill);
    setCarried(b.loop(begin, end, group, getCarried(),
                      [&](Value i, ValueRange values) {
                        setCarried(values);
                        for (unsigned k = 0; k < group; ++k) {
                          if (k % perRefill == 0)
                            source.refill();
                          step(b.at(b.at(out, i), k));
                        }
                        return getCarried();
                      }));
  }

  /// The last symbol has no successor, hence reads no bits.
  Value buildLast(Value last) {
    b.storeI8(load(), b.at(out, last));
    source.skip(b.constant(1));
    return source.buildEnd();
  }

private:
  Value load() {
    return LLVM::LoadOp::create(b.builder, b.loc, b.i32(),
                                buildElement(b, table, state, 2),
                                /*alignment=*/4);
  }

  /// The next `bits` bits.
  Value next(Value bits) {
    Value above = b.shl(b.constant(-1), bits);
    return b.bitAnd(source.peek(), buildXor(b, above, b.constant(-1)));
  }

  void step(Value to) {
    Value entry = load();
    b.storeI8(entry, to);
    Value bits = b.bitAnd(b.lshr(entry, 8), b.constant(255));
    state = b.add(b.lshr(entry, 16), next(bits));
    source.skip(bits);
  }

  SmallVector<Value> getCarried() {
    SmallVector<Value> values = source.getState();
    values.push_back(state);
    return values;
  }
  void setCarried(ValueRange values) {
    source.setState(values.drop_back());
    state = values.back();
  }

  StepBuilder &b;
  Value table, out, state;
  unsigned symbolsPerRefill;
  BitSource source;
};
} // namespace

unsigned thimble::getTansSymbolsPerRefill(unsigned tableBits,
                                          const TargetInfo &target) {
  return std::min(4u, BitSource::guaranteedBits(target) / tableBits);
}

Value thimble::buildTansDecode(StepBuilder &b, const TansTable &table,
                               unsigned symbolsPerRefill, Value stream,
                               Value out, Value count) {
  Value isEmpty = b.compare(CmpIPredicate::eq, count, b.constant(0));
  Value hasSymbols = buildXor(b, isEmpty, b.constant(1, b.i1()));
  // A stream of no symbols has no state.
  return buildIf(b, hasSymbols, stream, [&]() -> SmallVector<Value> {
    TansLoop loop(b, table, symbolsPerRefill, stream, out);
    unsigned group =
        symbolsPerRefill < 4 ? 2 * symbolsPerRefill : symbolsPerRefill;
    Value last = b.add(count, -1);
    Value whole = buildWholeGroups(b, last, group);
    loop.build(b.constant(0), whole, group);
    loop.build(whole, last, 1);
    return {loop.buildLast(last)};
  })[0];
}

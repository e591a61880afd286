//===- HuffmanDecoder.cpp - Emits decoders of Huffman codes ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables are filled by doubling, as in Support/HuffmanTable.cpp; loops decode
// as many symbols between two loads of the stream as surely have their bits.
//
//===----------------------------------------------------------------------===//

#include "HuffmanDecoder.h"
#include "BitSource.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "thimble/Support/HuffmanTable.h"

using namespace mlir;
using namespace thimble;

using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// The word behind `word` of `length` bits, both with the first bit lowest.
static Value buildNextWord(StepBuilder &b, Value word, Value length) {
  Value top = b.lshr(b.shl(b.constant(1), length), 1);
  // Every second word ends in 0, half of the others in 01, and so on.
  SmallVector<Value> carried = buildWhile(
      b, {word, top}, ExpectedTrips{1, 0},
      [&](ValueRange values) {
        return b.compare(CmpIPredicate::ne, b.bitAnd(values[0], values[1]),
                         b.constant(0));
      },
      [&](ValueRange values) -> SmallVector<Value> {
        return {buildXor(b, values[0], values[1]), b.lshr(values[1], 1)};
      });
  return buildOr(b, carried[0], carried[1]);
}

/// Two copies of the table for words of one bit less.
static void buildDouble(StepBuilder &b, Value table, Value length) {
  Value bytes = b.shl(b.constant(1), length); // of half of the entries
  b.copy(b.at(table, bytes), table, bytes);
}

static void buildStoreEntry(StepBuilder &b, Value table, Value index,
                            Value symbol, Value length) {
  buildStore16(b, buildOr(b, symbol, b.shl(length, 8)),
               buildElement(b, table, index, 1));
}

namespace {
/// Fills a table word by word, in their order.
class TableFiller {
public:
  TableFiller(StepBuilder &b, const HuffmanTableForm &form, Value table,
              Value description)
      : b(b), form(form), table(table), description(description),
        longest(b.bitAnd(b.loadU8(description), b.constant(15))),
        shortest(b.bitAnd(b.lshr(b.loadU8(description), 4), b.constant(7))) {}

  void fillFromList();
  void fillFromLengths(Value map);
  /// Makes a table of the longest words one of all index bits.
  void buildRest() {
    b.loop(b.add(longest, 1), b.constant(form.indexBits + 1), 1,
           [&](Value length) { buildDouble(b, table, length); });
  }

private:
  /// What is known between two words: the next one, and how many subtables
  /// there are.
  StepBuilder::Values begin() { return {b.constant(0), b.constant(0)}; }
  StepBuilder::Values place(Value length, Value symbol, ValueRange cursor);
  Value placeLong(Value length, Value symbol, ValueRange cursor);
  void buildGrow(Value length);

  StepBuilder &b;
  const HuffmanTableForm &form;
  Value table, description, longest, shortest;
};
} // namespace

/// Before the words of `length` bits.
void TableFiller::buildGrow(Value length) {
  if (form.subtableBits == 0)
    return buildDouble(b, table, length);
  Value isShort =
      b.compare(CmpIPredicate::sle, length, b.constant(form.indexBits));
  buildIf(b, isShort, {}, [&]() -> SmallVector<Value> {
    buildDouble(b, table, length);
    return {};
  });
}

/// A word that is longer than the index; returns the number of subtables.
Value TableFiller::placeLong(Value length, Value symbol, ValueRange cursor) {
  Value word = cursor[0], rest = b.lshr(word, form.indexBits);
  // The first word of a subtable continues with zeros.
  Value isFirst = b.compare(CmpIPredicate::eq, rest, b.constant(0));
  Value subtables = buildIf(b, isFirst, cursor[1], [&]() -> SmallVector<Value> {
    Value link = b.add(cursor[1], huffmanLongWord | form.indexBits << 8);
    buildStore16(b, link, buildElement(b, table, word, 1));
    return {b.add(cursor[1], 1)};
  })[0];
  Value entries = b.at(table, b.add(b.shl(subtables, form.subtableBits + 1),
                                    (int64_t(2) << form.indexBits) -
                                        (int64_t(2) << form.subtableBits)));
  Value step = b.add(length, -int64_t(form.indexBits));
  Value copies =
      b.shl(b.constant(1),
            b.sub(b.constant(form.indexBits + form.subtableBits), length));
  b.loop(b.constant(0), copies, 1, [&](Value i) {
    buildStoreEntry(b, entries, b.add(rest, b.shl(i, step)), symbol, length);
  });
  return subtables;
}

StepBuilder::Values TableFiller::place(Value length, Value symbol,
                                       ValueRange cursor) {
  Value next = buildNextWord(b, cursor[0], length);
  if (form.subtableBits == 0) {
    buildStoreEntry(b, table, cursor[0], symbol, length);
    return {next, cursor[1]};
  }
  Value isLong =
      b.compare(CmpIPredicate::sgt, length, b.constant(form.indexBits));
  auto branch = scf::IfOp::create(
      b.builder, b.loc, isLong,
      [&](OpBuilder &, Location) {
        OpBuilder::InsertionGuard guard(b.builder);
        scf::YieldOp::create(b.builder, b.loc,
                             placeLong(length, symbol, cursor));
      },
      [&](OpBuilder &, Location) {
        OpBuilder::InsertionGuard guard(b.builder);
        buildStoreEntry(b, table, cursor[0], symbol, length);
        scf::YieldOp::create(b.builder, b.loc, cursor[1]);
      });
  return {next, branch.getResult(0)};
}

/// From a list: the symbols are in the order of their words.
void TableFiller::fillFromList() {
  Value counts = b.at(description, 1);
  Value symbols = b.at(counts, b.add(b.sub(longest, shortest), 1));
  StepBuilder::Values carried = begin();
  carried.push_back(symbols);
  b.loop(shortest, b.add(longest, 1), 1, carried,
         [&](Value length, ValueRange outer) {
           buildGrow(length);
           Value count = b.loadU8(b.at(counts, b.sub(length, shortest)));
           auto take = [&](Value, ValueRange values) {
             StepBuilder::Values next =
                 place(length, b.loadU8(values[2]), values.take_front(2));
             next.push_back(b.at(values[2], 1));
             return next;
           };
           return b.loop(b.constant(0), count, 1, outer, take);
         });
}

/// From lengths: one pass over them for each length, two symbols a step, since
/// sorting them would take memory.
void TableFiller::fillFromLengths(Value map) {
  Value first = b.loadU8(b.at(description, 1));
  Value size = b.add(b.loadU8(b.at(description, 2)), 1);
  Value lengths = b.at(description, 3);
  Value bytes = b.lshr(b.add(size, 1), 1);
  auto visit = [&](Value i, Value own, Value length, ValueRange cursor) {
    return buildIf(b, b.compare(CmpIPredicate::eq, own, length), cursor,
                   [&]() -> SmallVector<Value> {
                     Value symbol =
                         map ? b.loadU8(b.at(map, i))
                             : b.bitAnd(b.add(first, i), b.constant(255));
                     return place(length, symbol, cursor);
                   });
  };
  b.loop(shortest, b.add(longest, 1), 1, begin(),
         [&](Value length, ValueRange outer) {
           buildGrow(length);
           auto visitTwo = [&](Value i, ValueRange cursor) {
             Value both = b.loadU8(b.at(lengths, i)), even = b.shl(i, 1);
             StepBuilder::Values next =
                 visit(even, b.bitAnd(both, b.constant(15)), length, cursor);
             return visit(b.add(even, 1), b.lshr(both, 4), length, next);
           };
           return b.loop(b.constant(0), bytes, 1, outer, visitTwo);
         });
}

/// Makes a table of one symbol a look-up one of two, in place: entry i is made
/// of entries up to i, so from the end.
static void buildPairEntries(StepBuilder &b, Value table, unsigned indexBits) {
  int64_t last = (int64_t(1) << indexBits) - 1;
  b.loop(b.constant(0), b.constant(last + 1), 1, [&](Value step) {
    Value i = b.sub(b.constant(last), step);
    Value first = buildLoadU16(b, buildElement(b, table, i, 1));
    Value length = b.lshr(first, 8);
    Value rest = buildShiftRight(b, i, length);
    Value second = buildLoadU16(b, buildElement(b, table, rest, 1));
    Value both = b.add(length, b.lshr(second, 8));
    Value pair = buildOr(b, b.shl(b.bitAnd(second, b.constant(255)), 8),
                         b.add(b.shl(both, 16), int64_t(2) << 24));
    Value alone = b.add(b.shl(length, 16), int64_t(1) << 24);
    // Otherwise the second word is not all in the index.
    Value fits = b.compare(CmpIPredicate::sle, both, b.constant(indexBits));
    Value common =
        buildOr(b, b.bitAnd(first, b.constant(255)), b.shl(length, 20));
    b.store(buildOr(b, common, b.select(fits, pair, alone)),
            buildElement(b, table, i, 2));
  });
}

void thimble::buildHuffmanTable(StepBuilder &b, const HuffmanTableForm &form,
                                Value table, Value description, bool isList,
                                Value map) {
  TableFiller filler(b, form, table, description);
  if (isList)
    filler.fillFromList();
  else
    filler.fillFromLengths(map);
  filler.buildRest();
  if (form.pairs)
    buildPairEntries(b, table, form.indexBits);
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

unsigned HuffmanTableForm::lookupsPerRefill(const TargetInfo &target) const {
  unsigned bits = BitSource::guaranteedBits(target);
  return std::min(4u, bits / (indexBits + subtableBits));
}

/// The entry of the next word in a table of one symbol a look-up.
static Value buildLookUp(StepBuilder &b, const HuffmanTableForm &form,
                         Value table, const BitSource &source) {
  Value entry =
      buildLoadU16(b, buildElement(b, table, source.peek(form.indexBits), 1));
  if (form.subtableBits == 0)
    return entry;
  Value isLong =
      b.compare(CmpIPredicate::ne, b.bitAnd(entry, b.constant(huffmanLongWord)),
                b.constant(0));
  expectTrips(b, isLong, {0.05, 0});
  return buildIf(b, isLong, entry, [&]() -> SmallVector<Value> {
    Value rest = b.bitAnd(b.lshr(source.peek(), form.indexBits),
                          b.constant((1 << form.subtableBits) - 1));
    Value subtable = b.shl(b.bitAnd(entry, b.constant(255)), form.subtableBits);
    Value index = b.add(b.add(subtable, rest), int64_t(1) << form.indexBits);
    return {buildLoadU16(b, buildElement(b, table, index, 1))};
  })[0];
}

static Value buildDecodeSingles(StepBuilder &b, const HuffmanTableForm &form,
                                Value table, Value stream, Value out,
                                Value count) {
  BitSource source(b, stream);
  auto decode = [&](Value i, unsigned lookups) {
    source.refill();
    for (unsigned k = 0; k < lookups; ++k) {
      Value entry = buildLookUp(b, form, table, source);
      b.storeI8(entry, b.at(b.at(out, i), k));
      source.skip(b.lshr(entry, 8));
    }
  };
  unsigned lookups = form.lookupsPerRefill(b.target);
  unsigned group = lookups < 4 ? 2 * lookups : lookups;
  Value whole = buildWholeGroups(b, count, group);
  source.setState(b.loop(b.constant(0), whole, group, source.getState(),
                         [&](Value i, ValueRange state) -> StepBuilder::Values {
                           source.setState(state);
                           for (unsigned k = 0; k < group; k += lookups)
                             decode(b.add(i, k), lookups);
                           return source.getState();
                         }));
  source.setState(b.loop(whole, count, 1, source.getState(),
                         [&](Value i, ValueRange state) -> StepBuilder::Values {
                           source.setState(state);
                           decode(i, 1);
                           return source.getState();
                         }));
  return source.buildEnd();
}

namespace {
/// A loop that decodes up to two symbols a look-up.
class PairLoop {
public:
  PairLoop(StepBuilder &b, const HuffmanTableForm &form, Value table,
           Value stream, Value out, Value count)
      : b(b), form(form), table(table), out(out), count(count),
        source(b, stream), done(b.constant(0)) {}

  /// Look-ups while the symbols of `lookups` surely fit.
  void buildFast() {
    unsigned perRefill = form.lookupsPerRefill(b.target);
    unsigned refills = perRefill < 3 ? 2 : 1;
    unsigned most = 2 * perRefill * refills;
    auto body = [&] {
      for (unsigned r = 0; r < refills; ++r) {
        source.refill();
        for (unsigned k = 0; k < perRefill; ++k)
          buildLookup();
      }
    };
    buildLoop(b.add(count, 1 - int64_t(most)), {0, 1 / (0.9 * most)}, body);
  }

  /// One look-up at a time; the last one may yield a symbol too many.
  void buildRest() {
    buildLoop(count, {2, 0}, [&] {
      source.refill();
      Value entry = buildEntry();
      Value address = b.at(out, done);
      b.storeI8(entry, address);
      Value hasRoom = b.compare(CmpIPredicate::slt, b.add(done, 1), count);
      buildIf(b, hasRoom, {}, [&]() -> SmallVector<Value> {
        b.storeI8(b.lshr(entry, 8), b.at(address, 1));
        return {};
      });
      Value bits = b.select(hasRoom, b.lshr(entry, 16), b.lshr(entry, 20));
      source.skip(b.bitAnd(bits, b.constant(15)));
      done = b.add(done, b.lshr(entry, 24));
    });
  }

  Value buildEnd() { return source.buildEnd(); }

private:
  Value buildEntry() {
    return LLVM::LoadOp::create(
        b.builder, b.loc, b.i32(),
        buildElement(b, table, source.peek(form.indexBits), 2),
        /*alignment=*/4);
  }

  void buildLookup() {
    Value entry = buildEntry();
    Value address = b.at(out, done);
    if (b.target.thumb1Only) {
      b.storeI8(entry, address);
      b.storeI8(b.lshr(entry, 8), b.at(address, 1));
    } else {
      LLVM::StoreOp::create(b.builder, b.loc,
                            b.truncate(entry, b.builder.getI16Type()), address,
                            /*alignment=*/1);
    }
    source.skip(b.bitAnd(b.lshr(entry, 16), b.constant(15)));
    done = b.add(done, b.lshr(entry, 24));
  }

  void buildLoop(Value end, ExpectedTrips trips,
                 llvm::function_ref<void()> body) {
    auto setState = [&](ValueRange values) {
      done = values[0];
      source.setState(values.drop_front());
    };
    auto getState = [&] {
      SmallVector<Value> values = source.getState();
      values.insert(values.begin(), done);
      return values;
    };
    setState(buildWhile(
        b, getState(), trips,
        [&](ValueRange values) {
          return b.compare(CmpIPredicate::slt, values[0], end);
        },
        [&](ValueRange values) {
          setState(values);
          body();
          return getState();
        }));
  }

  StepBuilder &b;
  const HuffmanTableForm &form;
  Value table, out, count;
  BitSource source;
  Value done; ///< symbols so far
};
} // namespace

Value thimble::buildHuffmanDecode(StepBuilder &b, const HuffmanTableForm &form,
                                  Value table, Value stream, Value out,
                                  Value count) {
  if (!form.pairs)
    return buildDecodeSingles(b, form, table, stream, out, count);
  PairLoop loop(b, form, table, stream, out, count);
  loop.buildFast();
  loop.buildRest();
  return loop.buildEnd();
}

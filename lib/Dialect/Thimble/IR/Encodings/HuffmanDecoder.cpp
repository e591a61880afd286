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
#include "thimble/Support/HuffmanCode.h"

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

static void buildStoreEntry(StepBuilder &b, Value table, Value word,
                            Value symbol, Value length) {
  buildStore16(b, buildOr(b, symbol, b.shl(length, 8)),
               buildElement(b, table, word, 1));
}

/// From a list: the symbols are in the order of their words.
static void buildFillFromList(StepBuilder &b, Value table, Value description,
                              Value longest) {
  Value counts = b.at(description, 1);
  Value symbols = b.at(counts, b.add(longest, 1));
  auto fill = [&](Value length, Value count, ValueRange carried) {
    return b.loop(
        b.constant(0), count, 1, carried,
        [&](Value, ValueRange values) -> StepBuilder::Values {
          buildStoreEntry(b, table, values[1], b.loadU8(values[0]), length);
          return {b.at(values[0], 1), buildNextWord(b, values[1], length)};
        });
  };
  // An alphabet of one symbol has a word of no bits.
  StepBuilder::Values carried = {symbols, b.constant(0)};
  carried = fill(b.constant(0), b.loadU8(counts), carried);
  b.loop(b.constant(1), b.add(longest, 1), 1, carried,
         [&](Value length, ValueRange values) {
           buildDouble(b, table, length);
           return fill(length, b.loadU8(b.at(counts, length)), values);
         });
}

/// From lengths: one pass over them for each length, since sorting would take
/// memory.
static void buildFillFromLengths(StepBuilder &b, Value table, Value description,
                                 Value longest, Value map) {
  Value first = b.loadU8(b.at(description, 1));
  Value size = b.add(b.loadU8(b.at(description, 2)), 1);
  Value lengths = b.at(description, 3);
  auto pass = [&](Value length, Value word) {
    auto visit = [&](Value i, ValueRange values) -> StepBuilder::Values {
      Value both = b.loadU8(b.at(lengths, b.lshr(i, 1)));
      Value shift = b.shl(b.bitAnd(i, b.constant(1)), 2);
      Value own = b.bitAnd(buildShiftRight(b, both, shift), b.constant(15));
      return buildIf(b, b.compare(CmpIPredicate::eq, own, length), values,
                     [&]() -> SmallVector<Value> {
                       Value symbol =
                           map ? b.loadU8(b.at(map, i))
                               : b.bitAnd(b.add(first, i), b.constant(255));
                       buildStoreEntry(b, table, values[0], symbol, length);
                       return {buildNextWord(b, values[0], length)};
                     });
    };
    return b.loop(b.constant(0), size, 1, word, visit);
  };
  b.loop(b.constant(1), b.add(longest, 1), 1, b.constant(0),
         [&](Value length, ValueRange values) {
           buildDouble(b, table, length);
           return pass(length, values[0]);
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
  Value longest =
      b.bitAnd(b.loadU8(description), b.constant(255 & ~HuffmanCode::listForm));
  if (isList)
    buildFillFromList(b, table, description, longest);
  else
    buildFillFromLengths(b, table, description, longest, map);
  b.loop(b.add(longest, 1), b.constant(form.indexBits + 1), 1,
         [&](Value length) { buildDouble(b, table, length); });
  if (form.pairs)
    buildPairEntries(b, table, form.indexBits);
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

/// Look-ups between two loads of the stream.
static unsigned lookupsPerRefill(StepBuilder &b, unsigned indexBits) {
  unsigned bits = BitSource::guaranteedBits(b.target);
  return std::min(4u, bits / std::max(indexBits, 1u));
}

static Value buildDecodeSingles(StepBuilder &b, unsigned indexBits, Value table,
                                Value stream, Value out, Value count) {
  BitSource source(b, stream);
  auto decode = [&](Value i, unsigned lookups) {
    source.refill();
    for (unsigned k = 0; k < lookups; ++k) {
      Value index = source.peek(indexBits);
      Value entry = buildLoadU16(b, buildElement(b, table, index, 1));
      b.storeI8(entry, b.at(b.at(out, i), k));
      source.skip(b.lshr(entry, 8));
    }
  };
  unsigned lookups = lookupsPerRefill(b, indexBits);
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
  PairLoop(StepBuilder &b, unsigned indexBits, Value table, Value stream,
           Value out, Value count)
      : b(b), indexBits(indexBits), table(table), out(out), count(count),
        source(b, stream), done(b.constant(0)) {}

  /// Look-ups while the symbols of `lookups` surely fit.
  void buildFast() {
    unsigned perRefill = lookupsPerRefill(b, indexBits);
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
        buildElement(b, table, source.peek(indexBits), 2), /*alignment=*/4);
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
  unsigned indexBits;
  Value table, out, count;
  BitSource source;
  Value done; ///< symbols so far
};
} // namespace

Value thimble::buildHuffmanDecode(StepBuilder &b, const HuffmanTableForm &form,
                                  Value table, Value stream, Value out,
                                  Value count) {
  if (!form.pairs)
    return buildDecodeSingles(b, form.indexBits, table, stream, out, count);
  PairLoop loop(b, form.indexBits, table, stream, out, count);
  loop.buildFast();
  loop.buildRest();
  return loop.buildEnd();
}

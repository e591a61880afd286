//===- FixedWidth.cpp - How symbols of few bits are stored ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The planar layout is unpacked with shifts and masks of whole words: four
// symbols an operation on any core.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/FixedWidth.h"
#include "BitSource.h"
#include "WordLanes.h"
#include "thimble/LoopNest/StepBuilder.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

/// Symbols that are unpacked together.
static constexpr int64_t groupSize = 32;

namespace {
/// `width` bits of every symbol, above `shift` lower ones.
struct Plane {
  unsigned width, shift;
};
} // namespace

/// The planes of a width, the highest bits first.
static SmallVector<Plane> planesOf(unsigned bits) {
  SmallVector<Plane> planes;
  for (unsigned width : {8u, 4u, 2u, 1u})
    if (bits & width) {
      bits -= width;
      planes.push_back({width, bits});
    }
  return planes;
}

static uint8_t extendSymbol(unsigned value, unsigned bits, bool isSigned) {
  return isSigned ? uint8_t(llvm::SignExtend32(value, bits)) : uint8_t(value);
}

/// What is added to a symbol before it is stored planar.
static unsigned biasOf(unsigned bits, bool isSigned) {
  return isSigned ? 1u << (bits - 1) : 0;
}

namespace {
/// Where symbol `index` of a plane is stored: the byte and the bit in it.
struct FieldPosition {
  int64_t byte;
  unsigned bit;
};
} // namespace

static FieldPosition positionInGroup(int64_t index, unsigned width) {
  int64_t shifts = 8 / width;
  int64_t row = index / 4, lane = index % 4;
  return {row / shifts * 4 + lane, unsigned(row % shifts) * width};
}

/// Calls `visit(symbol index, plane, byte, bit)` for every stored field.
template <typename Visitor>
static void visitPlanar(int64_t count, unsigned bits, Visitor visit) {
  int64_t whole = count / groupSize * groupSize, byte = 0;
  SmallVector<Plane> planes = planesOf(bits);
  for (int64_t group = 0; group < whole; group += groupSize)
    for (Plane plane : planes) {
      for (int64_t i = 0; i < groupSize; ++i) {
        FieldPosition at = positionInGroup(i, plane.width);
        visit(group + i, plane, byte + at.byte, at.bit);
      }
      byte += groupSize / 8 * plane.width;
    }
  for (Plane plane : planes) {
    for (int64_t i = whole; i < count; ++i) {
      int64_t bit = (i - whole) * plane.width;
      visit(i, plane, byte + bit / 8, unsigned(bit % 8));
    }
    byte += llvm::divideCeil((count - whole) * plane.width, 8);
  }
}

int64_t thimble::planarBytes(int64_t count, unsigned bits) {
  int64_t bytes = count / groupSize * groupSize / 8 * bits;
  for (Plane plane : planesOf(bits))
    bytes += llvm::divideCeil(count % groupSize * plane.width, 8);
  return bytes;
}

std::vector<uint8_t> thimble::packPlanar(ArrayRef<uint8_t> symbols,
                                         unsigned bits, bool isSigned) {
  std::vector<uint8_t> stored(planarBytes(symbols.size(), bits), 0);
  unsigned bias = biasOf(bits, isSigned);
  visitPlanar(symbols.size(), bits,
              [&](int64_t i, Plane plane, int64_t byte, unsigned bit) {
                unsigned field = (symbols[i] + bias) >> plane.shift;
                stored[byte] |= (field & ((1u << plane.width) - 1)) << bit;
              });
  return stored;
}

std::vector<uint8_t> thimble::unpackPlanar(ArrayRef<uint8_t> stored,
                                           int64_t count, unsigned bits,
                                           bool isSigned) {
  std::vector<uint8_t> symbols(count, 0);
  visitPlanar(
      count, bits, [&](int64_t i, Plane plane, int64_t byte, unsigned bit) {
        unsigned field = (stored[byte] >> bit) & ((1u << plane.width) - 1);
        symbols[i] |= field << plane.shift;
      });
  for (uint8_t &symbol : symbols)
    symbol -= biasOf(bits, isSigned);
  return symbols;
}

int64_t thimble::sequentialBytes(int64_t count, unsigned bits) {
  return llvm::divideCeil(count * bits, 8);
}

std::vector<uint8_t> thimble::packSequential(ArrayRef<uint8_t> symbols,
                                             unsigned bits) {
  std::vector<uint8_t> stored(sequentialBytes(symbols.size(), bits), 0);
  for (size_t i = 0; i < symbols.size() * bits; ++i)
    stored[i / 8] |= (symbols[i / bits] >> (i % bits) & 1) << (i % 8);
  return stored;
}

std::vector<uint8_t> thimble::unpackSequential(ArrayRef<uint8_t> stored,
                                               int64_t count, unsigned bits,
                                               bool isSigned) {
  std::vector<uint8_t> symbols(count, 0);
  for (int64_t i = 0; i < count * bits; ++i)
    symbols[i / bits] |= (stored[i / 8] >> (i % 8) & 1) << (i % bits);
  for (uint8_t &symbol : symbols)
    symbol = extendSymbol(symbol, bits, isSigned);
  return symbols;
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

namespace {
/// The words of a group, each loaded once: stores in between could have changed
/// them for all that LLVM knows.
class GroupWords {
public:
  GroupWords(StepBuilder &b, Value from) : b(b), from(from) {}
  Value operator[](int64_t offset) {
    Value &word = words[offset];
    if (!word)
      word = buildLoadWord(b, b.at(from, offset), /*alignment=*/4);
    return word;
  }

private:
  StepBuilder &b;
  Value from;
  DenseMap<int64_t, Value> words;
};
} // namespace

/// One group, row by row of four symbols.
static void buildUnpackGroup(StepBuilder &b, Value from, Value to,
                             unsigned bits, bool isSigned,
                             unsigned toAlignment) {
  GroupWords words(b, from);
  SmallVector<Plane> planes = planesOf(bits);
  for (int64_t row = 0; row < groupSize / 4; ++row) {
    Value word;
    int64_t offset = 0;
    for (Plane plane : planes) {
      int64_t shifts = 8 / plane.width;
      Value stored = words[offset + row / shifts * 4];
      offset += groupSize / 8 * plane.width;
      int64_t shift = row % shifts * plane.width - plane.shift;
      Value moved = shift > 0   ? b.lshr(stored, shift)
                    : shift < 0 ? b.shl(stored, -shift)
                                : stored;
      Value field = b.bitAnd(
          moved, b.constant(lanesOf(((1u << plane.width) - 1) << plane.shift)));
      word = word ? buildOr(b, word, field) : field;
    }
    if (isSigned)
      word = buildAddLanes(b, word, -biasOf(bits, isSigned), (1u << bits) - 1);
    buildStoreWord(b, word, b.at(to, row * 4), toAlignment);
  }
}

/// The symbols after the last group, one by one.
static Value buildUnpackRest(StepBuilder &b, Value from, Value to, Value count,
                             unsigned bits, bool isSigned) {
  SmallVector<Plane> planes = planesOf(bits);
  SmallVector<Value> starts;
  Value end = from;
  for (Plane plane : planes) {
    starts.push_back(end);
    end = b.at(end, buildSequentialBytes(b, count, plane.width));
  }
  b.loop(b.constant(0), count, 1, [&](Value i) {
    Value symbol;
    for (auto [plane, start] : llvm::zip_equal(planes, starts)) {
      Value field = b.shl(
          buildSequentialField(b, start, b.mul(i, plane.width), plane.width),
          plane.shift);
      symbol = symbol ? buildOr(b, symbol, field) : field;
    }
    symbol = b.add(symbol, -int64_t(biasOf(bits, isSigned)));
    b.storeI8(symbol, b.at(to, i));
  });
  return end;
}

Value thimble::buildUnpackPlanar(StepBuilder &b, Value from, Value to,
                                 Value count, unsigned bits, bool isSigned,
                                 unsigned toAlignment) {
  Value groups = buildQuotient(b, count, groupSize);
  StepBuilder::Values ends = b.loop(
      b.constant(0), groups, 1, {from, to},
      [&](Value, ValueRange at) -> StepBuilder::Values {
        buildUnpackGroup(b, at[0], at[1], bits, isSigned, toAlignment);
        return {b.at(at[0], groupSize / 8 * bits), b.at(at[1], groupSize)};
      });
  Value whole = b.mul(groups, groupSize);
  return buildUnpackRest(b, ends[0], ends[1], b.sub(count, whole), bits,
                         isSigned);
}

Value thimble::buildSequentialField(StepBuilder &b, Value from, Value bit,
                                    unsigned bits) {
  Value field = b.loadU8(b.at(from, b.lshr(bit, 3)));
  if (bits == 8)
    return field;
  // The byte of the last bit may be the next one, where widths allow it.
  if (8 % bits != 0) {
    Value last = b.lshr(b.add(bit, int64_t(bits) - 1), 3);
    field = b.add(field, b.shl(b.loadU8(b.at(from, last)), 8));
  }
  Value moved = buildShiftRight(b, field, b.bitAnd(bit, b.constant(7)));
  return b.bitAnd(moved, b.constant((1 << bits) - 1));
}

Value thimble::buildSequentialBytes(StepBuilder &b, Value count, int64_t bits) {
  return b.lshr(b.add(b.mul(count, bits), 7), 3);
}

double thimble::planarCyclesPerSymbol(unsigned bits, bool isSigned,
                                      const TargetInfo &target) {
  // Measured: docs/rationale/decoders.md.
  double planes = double(planesOf(bits).size());
  if (target.thumb1Only)
    return 2.3 * planes - 0.7 + (isSigned ? 0.2 : 0.0);
  // Per four symbols: a mask a plane, an or between planes, the bias, the
  // store; loads and the loop are shared by 32.
  double operations = 2.0 * planes + (isSigned ? 1.0 : 0.0);
  return operations / 4.0 + double(bits) / 16.0 + 0.19;
}
